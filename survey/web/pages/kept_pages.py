"""Pages that are the same for everyone who reads them in a language: drawn once, compressed once, and kept.

For the front page, the plain pages and the results. A page's key holds all it was drawn from, so that it is drawn anew
as soon as any of it changes. A reply that carries what somebody has written or answered is never one of these, and is
never compressed: its length would tell of its content. Kept here, never by a browser or a proxy: `no-store` stays.
"""

from collections.abc import Callable, Hashable
from typing import cast

from flask import Flask, Response, current_app, request

from survey.web.i18n.language import languages_key
from survey.web.i18n.region_texts import texts
from survey.web.pages.compressed_page import NOTHING, CompressedPage, Values
from survey.web.pages.page_cache import PageCache, takes_brotli, takes_gzip
from survey.web.request import services

HTML = "text/html; charset=utf-8"


def init_page_cache(app: Flask) -> None:
    """Give the app its cache of drawn pages."""
    app.extensions["kept_pages"] = PageCache()


def cached_page(key: Hashable, draw: Callable[[], str]) -> Response:
    """Return the page with this key in the reader's language, under the region's words of now."""
    where = request.url_rule.rule if request.url_rule else ""
    whole = key, where, languages_key(), texts(), services.settings().demo, services.settings().region_name
    return compressed_response(cast(PageCache, current_app.extensions["kept_pages"]).get(whole, draw))


def compressed_response(
    page: CompressedPage, form_id: bytes = b"", values: Values = NOTHING, status: int = 200
) -> Response:
    """Return a drawn page in the smallest encoding that this reader takes, with form id and values put in."""
    accepted = request.headers.get("Accept-Encoding", "")
    if takes_brotli(accepted):
        reply = Response(page.as_brotli(form_id, values), status, content_type=HTML)
        reply.headers["Content-Encoding"] = "br"
    elif takes_gzip(accepted):
        reply = Response(page.as_gzip(form_id, values), status, content_type=HTML)
        reply.headers["Content-Encoding"] = "gzip"
    else:
        reply = Response(page.as_plain(form_id, values), status, content_type=HTML)
    return reply
