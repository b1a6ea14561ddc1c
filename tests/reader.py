"""A reader who looks at every page they fetch, so that no test can pass over a page that is broken.

Looks at: status against what the test expects, the exact headers, no cookie, a strict parse, title,
language and direction, ids, labels, where forms go, and that nothing is fetched from anywhere else.
"""

import gzip
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

OWN_PAGES = {"Sec-Fetch-Site": "same-origin"}
DESCRIBING = {"content-type", "content-length", "content-encoding", "location", "allow"}
ALWAYS = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(),display-capture=(),geolocation=(),microphone=(),payment=(),usb=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}
POLICY = re.compile(
    r"default-src 'none';style-src 'sha256-[A-Za-z0-9+/]{43}=';script-src 'self'( 'sha256-[A-Za-z0-9+/]{43}='){1,2};"
    r"connect-src 'self';img-src data:;(?:media-src 'self';)?"
    r"form-action 'self';frame-ancestors 'none';base-uri 'none'"
)
WRITTEN_IN = {"input", "select", "textarea"}


class Page:
    """A fetched page, parsed."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.body = response.data
        if response.headers.get("Content-Encoding") == "gzip":
            self.body = gzip.decompress(response.data)
        self.text = self.body.decode()
        self.tree: Element = html5lib.HTMLParser(namespaceHTMLElements=False).parse(self.text)

    def all(self, tag: str) -> list[Element]:
        """Every element with the tag."""
        return list(self.tree.iter(tag))

    def words(self, tag: str = "main") -> str:
        """The text in the first such element, with single spaces; without the unseen signs that isolate numbers."""
        text = "".join(next(self.tree.iter(tag)).itertext())
        return " ".join(text.replace("\u2066", "").replace("\u2069", "").split())

    def fields(self) -> dict[str, str]:
        """What the form would post as it stands."""
        posted: dict[str, str] = {}
        for field in self.all("input"):
            if field.get("type") != "radio" or "checked" in field.attrib:
                posted[field.get("name", "")] = field.get("value", "")
        for field in self.all("select"):
            chosen = [option for option in field.iter("option") if "selected" in option.attrib]
            posted[field.get("name", "")] = chosen[0].get("value", "") if chosen else ""
        return posted

    def chosen(self) -> dict[str, str]:
        """The radio buttons that are set, by name."""
        return {
            field.get("name", ""): field.get("value", "")
            for field in self.all("input")
            if field.get("type") == "radio" and "checked" in field.attrib
        }


class Reader:
    """Fetches pages as a browser would, and looks at each."""

    def __init__(self, app: Flask, language: str = "sv", zipped: bool = True) -> None:
        self._client = app.test_client(use_cookies=False)
        self._headers = {"Accept-Language": language}
        if zipped:
            self._headers["Accept-Encoding"] = "gzip"

    def get(self, address: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Page:
        """Fetch a page that is expected to have this status."""
        return self._look(self._client.get(address, headers={**self._headers, **(headers or {})}), status)

    def post(
        self,
        address: str,
        data: Any,
        status: int = 303,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Page:
        """Post a form, from our own pages unless the headers say otherwise."""
        sent = {**self._headers, **(OWN_PAGES if headers is None else headers)}
        return self._look(self._client.post(address, data=data, headers=sent, **more), status)

    def send(self, method: str, address: str, status: int) -> Page:
        """Ask in another way."""
        return self._look(self._client.open(address, method=method, headers=self._headers), status)

    def _look(self, response: TestResponse, status: int) -> Page:
        page = Page(response)
        assert page.status == status, f"{page.status}: {page.text[:2000]}"
        assert list(faults_of_headers(response)) == []
        if response.mimetype == "text/html" and page.text and status not in (301, 302, 303, 308):
            assert list(faults_of_page(page)) == []
        return page


def faults_of_headers(response: TestResponse) -> Iterator[str]:
    """What is missing, different or too much among a reply's headers."""
    sent = {name.lower(): value for name, value in response.headers}
    if len(sent) != len(response.headers):
        yield "a header stands twice"
    for name, value in ALWAYS.items():
        if sent.get(name) != value:
            yield f"{name} is {sent.get(name)}"
    # A kiosk has a script of its own besides.
    scripts = 2 if response.request.path.startswith("/kiosk/") else 1
    policy = sent.get("content-security-policy", "")
    if not POLICY.fullmatch(policy) or policy.count("sha256-") != 1 + scripts:
        yield f"content-security-policy is {sent.get('content-security-policy')}"
    for name in sent.keys() - ALWAYS.keys() - DESCRIBING - {"content-security-policy"}:
        yield f"{name} should not be there"


def faults_of_page(page: Page) -> Iterator[str]:
    """What is wrong with a page, whatever it is about."""
    yield from _faults_of_parse(page.text)
    root = page.tree
    if root.get("lang", "") == "" or root.get("dir") not in ("ltr", "rtl"):
        yield "the page does not say its language or direction"
    if len("".join(next(root.iter("title")).itertext()).strip()) < 5:
        yield "the page has no title"
    if len(page.all("h1")) != 1:
        yield "the page has not one main heading"
    doubled = [name for name, n in Counter(each.get("id") for each in root.iter() if each.get("id")).items() if n > 1]
    yield from (f"the id {name} stands twice" for name in doubled)
    yield from _faults_of_fields(page)
    yield from _faults_of_addresses(page)


def _faults_of_parse(text: str) -> Iterator[str]:
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(text)
    yield from (f"the page is broken at {where}: {what}" for where, what, _ in parser.errors)


def _faults_of_fields(page: Page) -> Iterator[str]:
    labelled = {label.get("for") for label in page.all("label")}
    inside = {id(field) for label in page.all("label") for field in label.iter() if field.tag in WRITTEN_IN}
    for field in (each for each in page.tree.iter() if each.tag in WRITTEN_IN):
        if field.get("type") != "hidden" and id(field) not in inside and field.get("id") not in labelled:
            yield f"the field {field.get('name')} has no label"
    for form in page.all("form"):
        # What is typed never stands in an address, but for staff who search a list of places.
        searches = form.get("role") == "search" and form.get("action", "").startswith("/staff/")
        if not re.match(r"/(?!/)", form.get("action", "")) or form.get("method") != ("get" if searches else "post"):
            yield f"a form goes to {form.get('action')} by {form.get('method')}"


def _faults_of_addresses(page: Page) -> Iterator[str]:
    for each in page.tree.iter():
        if "style" in each.attrib or any(name.startswith("on") for name in each.attrib):
            yield f"<{each.tag}> carries style or script that the policy forbids"
        src = each.get("src") or (each.get("href") if each.tag == "link" else None)
        if src and not re.match(r"/(?!/)|data:(image/(png|svg\+xml);base64)?,", src):
            yield f"<{each.tag}> fetches {src}"
