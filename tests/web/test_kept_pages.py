"""Pages that are the same for all: drawn once, kept until what they were drawn from changes, compressed as asked."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from flask import template_rendered

from survey.store.database.engine import write_transaction
from survey.store.published import region_texts, resident_messages
from survey.web.pages.page_cache import takes_brotli
from tests.answer.test_results import a_body, publish
from tests.answering import ANSWERS, PLACES, ROUND, Answering, make_answering

KEPT = (
    "/",
    "/privacy/sv",
    "/accessibility/ar",
    "/helping/sv",
    "/conversation/fi",
    f"/results/{ROUND}/en",
    f"/results/{ROUND}/units/sv",
)
KEPT += (f"/results/{ROUND}/unit/froso/sv", "/units/ostersund/sv")


@pytest.fixture
def made(tmp_path: Path) -> Answering:
    """A house with a published round."""
    made = make_answering(tmp_path / "instance", open_link=True)
    publish(made, a_body(1))
    return made


@pytest.fixture
def drawn(made: Answering) -> Iterator[list[str]]:
    """The templates that have been drawn."""
    names: list[str] = []

    def note(_app: object, template: object, **_more: object) -> None:
        names.append(str(getattr(template, "name", "")))

    with template_rendered.connected_to(note, made.app):
        yield names


@pytest.mark.parametrize("address", KEPT)
def test_a_page_is_drawn_once_and_compressed_as_asked(made: Answering, drawn: list[str], address: str) -> None:
    client = made.app.test_client(use_cookies=False)
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    once = len(drawn)
    zipped = client.get(address, headers={"Accept-Encoding": "gzip, deflate"})
    small = client.get(address, headers={"Accept-Encoding": "gzip, deflate, br, zstd"})
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip" and gzip.decompress(zipped.data) == plain.data
    assert small.headers["Content-Encoding"] == "br" and brotli.decompress(small.data) == plain.data
    assert len(small.data) < len(zipped.data) < len(plain.data) / 2
    assert len(drawn) == once > 0
    for reply in (plain, zipped, small):
        assert reply.headers["Cache-Control"] == "no-store" and "ETag" not in reply.headers


def test_a_page_is_drawn_anew_when_what_it_says_has_changed(made: Answering, drawn: list[str]) -> None:
    client = made.app.test_client(use_cookies=False)
    address = f"/results/{ROUND}/sv"
    client.get(address)
    with write_transaction(made.house.engine) as connection:
        resident_messages.save(connection, PLACES[0].key, ROUND, "Vi ringer upp.")
    assert "Vi ringer upp." in client.get(address).text
    publish(made, a_body(2, share=58))
    assert "58\u00a0%" in client.get(address).text
    client.get("/privacy/sv")
    with write_transaction(made.house.engine) as connection:
        region_texts.save(connection, "dpo", "dso@region.example")
    made.app.extensions["region_texts"]._until = 0.0
    assert "dso@region.example" in client.get("/privacy/sv").text
    # The way to the other languages hangs on the address, not on the page alone.
    assert 'href="/privacy/en"' in client.get("/privacy/sv").text
    assert 'href="?language=en"' in client.get("/privacy").text


def test_nothing_that_somebody_sent_is_compressed(made: Answering) -> None:
    client = made.app.test_client(use_cookies=False)
    headers = {"Accept-Encoding": "br, gzip", "Sec-Fetch-Site": "same-origin"}
    for address, data in (("/", {"find": "frsö"}), ("/", {"find": "Malmö"}), ("/s/froso/sv", {**ANSWERS, "code": "x"})):
        reply = client.post(address, data=data, headers=headers)
        assert reply.status_code in (200, 422) and "Content-Encoding" not in reply.headers, address


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("br", True),
        ("gzip, deflate, br", True),
        ("gzip;q=0.5, br;q=1", True),
        ("*", True),
        ("br;q=0.1, gzip", False),
        ("br;q=0", False),
        ("gzip", False),
        ("", False),
    ],
)
def test_who_takes_brotli(accepted: str, taken: bool) -> None:
    assert takes_brotli(accepted) is taken
