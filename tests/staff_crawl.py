"""Every page of the staff's side that somebody can come to by links alone, from the page where their day begins."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from urllib.parse import urldefrag, urljoin

from flask import Flask
from werkzeug.exceptions import HTTPException

from tests.followup.staffed import StaffBrowser


def pages_of(app: Flask, email: str, language: str = "sv", most: int = 2) -> Iterator[tuple[str, bytes]]:
    """Every page that the person of this address can come to, at most so many of each kind, by address."""
    browser = StaffBrowser(app, language)
    browser.sign_in(email)
    waiting, seen, of_kind = deque(["/staff/"]), {"/staff/"}, Counter[str]()
    while waiting:
        address = waiting.popleft()
        kind = _kind(app, address)
        if not kind or of_kind[kind] >= most:
            continue
        reply = browser.client.get(address, headers={"Accept-Language": language})
        if reply.status_code == 200 and reply.mimetype == "text/html":
            of_kind[kind] += 1
            yield address, reply.data
        links = [reply.location] if reply.location else re.findall(r'<a [^>]*href="([^"]+)"', reply.text)
        for found in links:
            to = urldefrag(urljoin(address, unescape(found)))[0]
            if to.startswith("/staff/") and to not in seen:
                seen.add(to)
                waiting.append(to)


def _kind(app: Flask, address: str) -> str:
    try:
        endpoint, named = app.url_map.bind("localhost").match(address.partition("?")[0], "GET")
    except HTTPException:
        return ""
    # A file to take home or a picture is no page.
    return "" if {"chart", "theme"} & named.keys() or "." in address.rpartition("/")[2] else str(endpoint)
