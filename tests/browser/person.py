"""A person with a browser, for tests that read as their walk."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

from flask import Flask
from playwright.sync_api import Browser, Page, Request, Response
from werkzeug.serving import WSGIRequestHandler, make_server


class _Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The app on a port of the kernel's choice; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Person:
    """Someone who looks at one tab. What their browser asks for, and complains of, is remembered."""

    page: Page
    address: str
    asked: list[Request] = field(default_factory=list)
    answered: list[Response] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Playwright hangs a mark on each handler, and a list's own method takes none.
        self.page.on("request", lambda request: self.asked.append(request))  # noqa: PLW0108
        self.page.on("response", lambda response: self.answered.append(response))  # noqa: PLW0108
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)

    def opens(self, path: str) -> None:
        """Follow a link."""
        self.page.goto(self.address + path)

    def sees(self) -> str:
        """What can be read on the page now, with single spaces."""
        return " ".join(self.page.inner_text("main").split())

    def presses(self, name: str) -> None:
        """Press the button or link with this name."""
        self.page.locator(f"button:visible:has-text({name!r}), a:visible:has-text({name!r})").first.click()

    def begins(self) -> None:
        """From the first page to the first question."""
        self.page.locator(".next", has_text="Börja").click()

    def takes_the_first_step(self) -> None:
        """Press the first page's button, whatever it is called."""
        self.page.click(".next")

    def goes_on(self, times: int = 1) -> None:
        """Press next."""
        for _ in range(times):
            self.page.click(".next")

    def chooses(self, label: str) -> None:
        """Take an option of the question that is shown."""
        self.page.locator("label.choice:visible", has=self.page.get_by_text(label, exact=True)).click()

    def chosen(self) -> dict[str, str]:
        """Every radio button that is set, shown or not."""
        found: dict[str, str] = self.page.evaluate(
            "Object.fromEntries([...document.querySelectorAll('input:checked')].map((each) => [each.name, each.value]))"
        )
        return found

    def code_field(self) -> str:
        """What stands in the code field, shown or not."""
        value: str = self.page.evaluate("document.querySelector('#code').value")
        return value

    def focused(self) -> str:
        """The words of what has the focus."""
        words: str = self.page.evaluate("document.activeElement.innerText || document.activeElement.value || ''")
        return " ".join(words.split())


def a_person(
    browser: Browser,
    address: str,
    language: str = "sv",
    script: bool = True,
    width: int = 360,
    height: int = 740,
    dark: bool = False,
) -> Person:
    """Someone new, with a browser that remembers nothing."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale=language,
        java_script_enabled=script,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    return Person(context.new_page(), address)


@dataclass
class Presses:
    """How often something was pressed in a page, as the browser counts it."""

    made: int = 0

    def count(self) -> None:
        """One more."""
        self.made += 1


def presses_in(page: Page) -> Presses:
    """Count every press that a hand could have made, from now on."""
    presses = Presses()
    page.expose_function("pressed", presses.count)
    page.add_init_script("document.addEventListener('click', (e) => { if (e.isTrusted && e.detail) pressed(); }, true)")
    return presses
