"""Films in sign language, from the operator's own folder: found by name, served in parts, let in by the policy, and
nothing of them fetched before they are played.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from survey.app import create_app
from survey.web.pages import sign_films
from survey.web.pages.security_headers import resident_header_faults, resident_headers
from tests.answering import TODAY, Answering, make_answering
from tests.browser.person import a_person, served
from tests.films import FILM, FILMED, put_films

CUES = """each => new Promise((ready) => {
  const [captions] = each.querySelectorAll('track');
  const tell = () => ready(captions.track.cues.length);
  captions.track.mode = 'showing';
  if (captions.readyState === 2) tell();
  captions.onload = tell;
})"""


def begun_with_films(instance: Path) -> Flask:
    """A house that is begun again when its films have been laid there."""
    make_answering(instance, open_link=True)
    put_films(instance)
    return create_app("resident", instance, today=lambda: TODAY)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return begun_with_films(tmp_path_factory.mktemp("films") / "instance")


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    with served(app) as found:
        yield found


def test_a_film_and_its_captions_are_what_they_are_and_kept_by_nobody(app: Flask) -> None:
    client = app.test_client(use_cookies=False)
    for path, type_ in ((f"{FILMED}.mp4", "video/mp4"), (f"{FILMED}.vtt", "text/vtt; charset=utf-8")):
        reply = client.get(path)
        assert (reply.status_code, reply.headers["Content-Type"]) == (200, type_)
        assert reply.headers["Cache-Control"] == "no-store" and reply.headers["Accept-Ranges"] == "bytes"
        assert not {"ETag", "Last-Modified", "Set-Cookie"} & set(reply.headers.keys())
    assert client.get(f"{FILMED}.mp4").data == FILM


def test_a_part_is_sent_to_who_asks_for_a_part(app: Flask) -> None:
    client = app.test_client(use_cookies=False)
    part = client.get(f"{FILMED}.mp4", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, FILM[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(FILM)}" and part.headers["Content-Length"] == "10"
    rest = client.get(f"{FILMED}.mp4", headers={"Range": "bytes=4000-"})
    assert (rest.status_code, rest.data) == (206, FILM[4000:])


@pytest.mark.parametrize("asked", [f"{len(FILM)}-", f"{len(FILM)}-{len(FILM) + 9}", "99999999-"])
def test_who_asks_beyond_the_end_is_told_where_it_is(app: Flask, asked: str) -> None:
    reply = app.test_client(use_cookies=False).get(f"{FILMED}.mp4", headers={"Range": f"bytes={asked}"})
    assert (reply.status_code, reply.data) == (416, b"")
    assert reply.headers["Content-Range"] == f"bytes */{len(FILM)}" and reply.headers["Accept-Ranges"] == "bytes"
    assert "media-src" in reply.headers["Content-Security-Policy"] and "Content-Type" in reply.headers


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=0-1,5-9",
        "bytes=0-1,99999999-",
        "bytes=0-,-1",
        "bytes=9-5",
        "bytes=-0",
        f"bytes=-{len(FILM)}",
        "bytes=-99999999",
        "bytes=x",
        "bytes=",
        "seconds=1-2",
        "x",
    ],
)
def test_who_asks_for_several_parts_or_for_none_gets_it_whole(app: Flask, asked: str) -> None:
    reply = app.test_client(use_cookies=False).get(f"{FILMED}.mp4", headers={"Range": asked})
    assert (reply.status_code, reply.data) == (200, FILM)
    assert "Content-Range" not in reply.headers and reply.headers["Accept-Ranges"] == "bytes"
    assert reply.headers["Content-Length"] == str(len(FILM))


@pytest.mark.parametrize(
    "path",
    [
        "underlag-2021/notes.mp4",
        "underlag-2021/trygghet.mp4",
        "metodstod-2019/kontaktvagar.mp4",
        "kontaktvagar.mp4",
        "underlag-2021/..%2f..%2fconfig.toml",
        "../config.toml",
    ],
)
def test_nothing_else_of_the_instance_is_served(app: Flask, path: str) -> None:
    assert app.test_client(use_cookies=False).get(f"/sign-language/{path}").status_code == 404


def test_a_film_that_was_taken_away_since_is_not_found(tmp_path: Path) -> None:
    app = begun_with_films(tmp_path / "instance")
    (tmp_path / "instance" / f"{FILMED}.mp4".lstrip("/")).unlink()
    assert app.test_client(use_cookies=False).get(f"{FILMED}.mp4").status_code == 404


def test_a_film_that_would_fill_the_memory_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_films, "LARGEST_MB", 0)
    app = begun_with_films(tmp_path / "instance")
    assert app.test_client().get(f"{FILMED}.mp4").status_code == 404


def test_only_where_there_are_films_does_the_policy_let_them_in(app: Flask, open_house: Answering) -> None:
    with_films, without = (
        each.test_client().get("/s/froso/sv").headers["Content-Security-Policy"] for each in (app, open_house.app)
    )
    assert "media-src 'self';" in with_films and "media-src" not in without
    assert resident_header_faults(resident_headers(films=True)) == []


def test_the_sheet_shows_the_films_there_are_to_residents_alone(app: Flask) -> None:
    client = app.test_client(use_cookies=False)
    page = client.get("/s/froso/ar").get_data(as_text=True)
    assert page.count("<video ") == 2 and page.count("<track ") == 1
    assert '<summary lang="sv">Svenskt teckenspråk</summary>' in page
    assert "<video " not in client.get("/p/froso/ar").get_data(as_text=True)
    assert "Inget teckenspråk" not in client.get("/accessibility/sv").get_data(as_text=True)


@pytest.mark.browser
def test_a_film_is_fetched_when_it_is_played_and_from_us_alone(browser: Browser, address: str) -> None:
    person = a_person(browser, address)
    person.opens("/s/froso/sv")
    person.begins()
    person.goes_on(2)
    person.page.wait_for_load_state("networkidle")
    assert len(person.asked) == 1
    person.page.click(".is-current details:has(video) summary")
    film = person.page.locator(".is-current video")
    with person.page.expect_response("**/kontaktvagar.mp4") as fetched:
        film.evaluate("each => { each.play().catch(() => {}) }")
    assert fetched.value.status == 206
    assert film.evaluate(CUES) == 1
    assert not [each for each in person.complaints if "Content Security Policy" in each]
    box = film.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 360
