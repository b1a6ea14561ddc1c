"""A tablet in a waiting room with its own storage, which can be killed, started again, stolen and read raw."""

import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from playwright.sync_api import BrowserContext, Page, Playwright
from playwright.sync_api import Error as BrowserError

from tests.browser.conftest import ARGUMENTS, CHROMIUM

# Answers given and sent as the sheet's own script sends them, faster than hands press; how many got our thank-you.
_ANSWER_MANY = """async (all) => {
  const form = document.querySelector('#sheet');
  let thanked = 0;
  for (const answers of all) {
    form.reset();
    for (const [name, value] of Object.entries(answers)) form.elements[name].value = value;
    const sent = new FormData(form), page = await self.keepAnswers(form, sent);
    thanked += !!page && self.answerSheet.pageMark(page) === `kept ${sent.get('form_id')}`;
  }
  form.reset();
  return thanked;
}"""
_STORED = """async () => {
  const asked = indexedDB.open('kiosk', 1);
  await new Promise((resolve) => { asked.onsuccess = resolve; });
  const all = asked.result.transaction('answers').objectStore('answers').getAll();
  await new Promise((resolve) => { all.onsuccess = resolve; });
  asked.result.close();
  return all.result.map(({ mark, state }) => [mark, state]);
}"""


@dataclass
class Tablet:
    """One tablet: its profile on the disk, and the browser that runs from it now."""

    playwright: Playwright
    profile: Path
    address: str
    start: str
    context: BrowserContext | None = None
    complaints: tuple[str, ...] = ()

    @property
    def page(self) -> Page:
        """The page that it shows."""
        assert self.context is not None
        return self.context.pages[0]

    def boots(self, path: str = "", date: str = "") -> None:
        """Switch it on, and let it load its start screen or another page."""
        self.context = self.playwright.chromium.launch_persistent_context(
            self.profile, executable_path=CHROMIUM, args=ARGUMENTS, viewport={"width": 800, "height": 1200}, locale="sv"
        )
        self.context.set_default_timeout(60_000)
        if date:
            self.page.clock.set_system_time(date)
        self.page.goto(f"{self.address}{self.start}{path}")

    def is_killed(self) -> None:
        """End all of it by SIGKILL, as when the power goes."""
        for process in self._processes():
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        if self.context is not None:
            with suppress(BrowserError):
                self.context.close()
        self.context = None
        for lock in self.profile.glob("Singleton*"):
            lock.unlink(missing_ok=True)

    def _processes(self) -> list[psutil.Process]:
        named = f"--user-data-dir={self.profile}"
        found = [each for each in psutil.process_iter(["cmdline"]) if named in (each.info["cmdline"] or [])]
        return [*found, *(child for each in found for child in _children(each))]

    def is_switched_off(self) -> None:
        """Close the browser as a person does."""
        assert self.context is not None
        self.context.close()
        self.context = None

    def opens_a_sheet(self) -> None:
        """Press the first language."""
        self.page.click("[data-language]")
        self.page.wait_for_selector("#sheet")

    def answers(self, all_: Sequence[Mapping[str, str]]) -> int:
        """Give and send so many answers at an open sheet; how many were thanked."""
        found: int = self.page.evaluate(_ANSWER_MANY, [dict(each) for each in all_])
        return found

    def reports(self) -> None:
        """Say of itself what its clock lets it say three times an hour."""
        self.page.evaluate("self.kioskQueue.report()")

    def stored(self) -> dict[str, str]:
        """The marks of the answers that lie there, and what they wait for."""
        return dict(self.page.evaluate(_STORED))


def _children(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return list(process.children(recursive=True))
    return []
