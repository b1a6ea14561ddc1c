"""A kiosk while a film in sign language is played: who watches is there, though they touch nothing, and a film that
stands still, begins anew by itself or is out of sight is watched by nobody.
"""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from survey.app import create_app
from tests.answer.test_kiosk import paired
from tests.answering import TODAY, make_answering
from tests.browser.person import Person, a_person, served
from tests.browser.test_kiosk import MINUTE
from tests.care_unit.conftest import with_people
from tests.films import FILMED, put_films

pytestmark = pytest.mark.browser
# A film as Chromium records it, in its base 64: a square that changes its colour, for a second.
RECORDED = """async () => {
  const canvas = document.createElement('canvas'), brush = canvas.getContext('2d'), parts = [];
  const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: 'video/webm' });
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.start();
  for (let n = 0; n < 10; n += 1) {
    brush.fillStyle = n % 2 ? 'red' : 'blue';
    brush.fillRect(0, 0, 99, 99);
    await new Promise((passed) => { setTimeout(passed, 100); });
  }
  await new Promise((stopped) => { recorder.onstop = stopped; recorder.stop(); });
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(String.fromCharCode(...bytes));
}"""
PLAYED = """film => new Promise((moves, fails) => {
  film.onended = () => film.play();
  film.ontimeupdate = () => { if (film.currentTime > 0) moves(); };
  film.play().catch(fails);
})"""
GOES_ON = "film => new Promise((moves) => { film.addEventListener('timeupdate', moves, { once: true }); })"


@pytest.fixture(scope="module")
def film(browser: Browser) -> bytes:
    """A film that this browser plays."""
    page = browser.new_page()
    recorded = base64.b64decode(page.evaluate(RECORDED))
    page.close()
    return recorded


@pytest.fixture
def watching(browser: Browser, tmp_path: Path, film: bytes) -> Iterator[Person]:
    """Somebody at a kiosk who has begun the film of the third question; the test holds the clock."""
    house = with_people(make_answering(tmp_path / "instance", open_link=True, part="all"))
    start = paired(house)
    put_films(tmp_path / "instance")
    shown = tmp_path / "instance" / f"{FILMED}.mp4".lstrip("/")
    shown.unlink()
    shown.with_suffix(".webm").write_bytes(film)
    with served(create_app("all", tmp_path / "instance", lambda: TODAY)) as address:
        person = a_person(browser, address)
        person.page.clock.install()
        person.opens(start)
        person.presses("Svenska")
        person.begins()
        person.goes_on(2)
        person.page.click(".is-current details:has(video) summary")
        person.page.locator(".is-current video").evaluate(PLAYED)
        yield person
        person.page.context.close()


def test_who_watches_a_film_is_not_asked_and_not_sent_away(watching: Person) -> None:
    shown = watching.page.locator(".is-current video")
    for _ in range(6):
        watching.page.clock.run_for(MINUTE // 2)
        shown.evaluate(GOES_ON)
        expect(watching.page.locator("#still")).to_be_hidden()
    assert watching.page.locator("#sheet").count() == 1


LEFT: dict[str, Callable[[Person], None]] = {
    "stands still": lambda person: person.page.locator(".is-current video").evaluate("film => film.pause()"),
    "begins anew by itself": lambda person: person.page.locator(".is-current video").evaluate(
        "film => { film.loop = true }"
    ),
    "is out of sight": lambda person: person.goes_on(),
}


@pytest.mark.parametrize("way", LEFT)
def test_who_has_left_a_film_is_asked_and_all_is_gone(watching: Person, way: str) -> None:
    LEFT[way](watching)
    watching.page.wait_for_timeout(300)
    watching.page.clock.run_for(MINUTE + 1_000)
    expect(watching.page.locator("#still")).to_be_visible()
    watching.page.clock.run_for(21_000)
    watching.page.wait_for_selector("[data-language]")
    assert watching.page.locator("video").count() == 0
