"""What the first page costs someone on a bad line, and whom it asks: only us, in two requests at most.

At most 10 000 bytes in Latin letters, and 12 000 in scripts whose letters take two bytes and more.
"""

import socket
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser.person import Person, a_person
from tests.language_folders import OFFERED, SHOWN

pytestmark = pytest.mark.browser
MOST_BYTES, MOST_REQUESTS = 10_000, 2
MOST_BY_TAG = dict.fromkeys(("ar", "ckb", "fa", "fa-AF", "ru", "th", "ti", "uk"), 12_000)


def weight(person: Person) -> int:
    """All bytes of the replies, headers and bodies as they came over the line."""
    sizes = [response.request.sizes() for response in person.answered]
    return sum(size["responseHeadersSize"] + size["responseBodySize"] for size in sizes)


@pytest.mark.parametrize("short", ["s", "p"])
@pytest.mark.parametrize("tag", OFFERED)
def test_the_first_page_is_light_and_asks_us_alone(browser: Browser, open_address: str, short: str, tag: str) -> None:
    person = a_person(browser, open_address, tag.split("-", maxsplit=1)[0])
    person.opens(f"/{short}/froso/{tag}")
    person.page.wait_for_load_state("networkidle")
    person.takes_the_first_step()
    assert len(person.asked) <= MOST_REQUESTS
    assert weight(person) <= MOST_BY_TAG.get(tag, MOST_BYTES)
    print(f"/{short}/froso/{tag}: {len(person.asked)} request, {weight(person)} bytes")
    assert all(request.url.startswith((open_address, "data:")) for request in person.asked)
    person.page.context.close()


def over_the_line(address: str, path: str) -> int:
    """All bytes of a reply, as a browser that takes brotli is sent them."""
    there = urlsplit(address)
    asked = f"GET {path} HTTP/1.1\r\nHost: {there.netloc}\r\nAccept-Encoding: gzip, br\r\nConnection: close\r\n\r\n"
    with socket.create_connection((there.hostname, there.port), timeout=10) as line:
        line.sendall(asked.encode())
        reply = b"".join(iter(lambda: line.recv(65536), b""))
    assert reply.startswith(b"HTTP/1.1 200 ")
    return len(reply)


@pytest.mark.parametrize("short", ["s", "p"])
def test_the_first_page_is_light_in_every_language_with_all_their_names_in_its_menu(
    demo_address: str, short: str
) -> None:
    weights = {tag: over_the_line(demo_address, f"/{short}/froso/{tag}") for tag in SHOWN}
    print(f"/{short}: {weights}")
    assert {tag: size for tag, size in weights.items() if size > MOST_BY_TAG.get(tag, MOST_BYTES)} == {}


def test_no_cookie_and_nothing_stored_after_a_whole_walk(browser: Browser, open_address: str) -> None:
    person = a_person(browser, open_address)
    person.opens("/s/froso")
    person.begins()
    person.chooses("Ja")
    person.goes_on(8)
    person.page.click(".send")
    person.page.wait_for_url("**/thanks")
    for path in ("/", "/privacy", "/nowhere", "/results/2026-host"):
        person.opens(path)
    assert person.page.context.cookies() == []
    assert person.page.context.storage_state()["origins"] == []
    assert person.page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert all(request.url.startswith((open_address, "data:")) for request in person.asked)
    assert all("set-cookie" not in response.headers for response in person.answered)
