"""The guards of every reply, whatever its status: the exact set of headers, the error pages, a log without requests.

For all pages. The headers are set around the whole application, so no page, redirect or error can lack them or add to
them; pages under /staff get a set of their own. Every error ends in a page of its own in the reader's language that
keeps the answers where the post was ours and could be read. The log names the kind of the fault and the line of our
code, never the request and never the fault's own text, which may hold what a person wrote.
"""

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Request, Response, abort, g, request
from werkzeug.exceptions import HTTPException

from survey import journal
from survey.domain.text.web_address import same_site
from survey.serving.whole import LATE
from survey.store.database.engine import DatabaseFault
from survey.web.pages.error_pages import ErrorPage, problem_page
from survey.web.pages.page_cache import CONVERSATION, inline_assets, is_kiosk
from survey.web.pages.sign_films import has_films
from survey.web.request import services
from survey.web.request.sessions import StaffSessions, is_staff

Headers = list[tuple[str, str]]

_OWN = (
    "content-type",
    "content-length",
    "content-encoding",
    "content-range",
    "accept-ranges",
    "location",
    "allow",
    "service-worker-allowed",
)
_OF_ANY_SERVER = ("date", "server", "connection", "keep-alive", "transfer-encoding", "strict-transport-security")
_OWN_OF_FILES = (*_OWN, "cache-control", "vary", "etag", "last-modified")
_FEATURES = "camera", "display-capture", "geolocation", "microphone", "payment", "usb"
_COMMON = [
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", ",".join(f"{feature}=()" for feature in _FEATURES)),
    ("X-Robots-Tag", "noindex"),
]
_FILMS = "media-src 'self';"
_LAST_RESORT = (
    b"<!doctype html><html lang=sv><meta charset=utf-8><title>Fel</title>"
    b"<p>N\xc3\xa5got gick fel hos oss. F\xc3\xb6rs\xc3\xb6k igen om en stund."
)


def resident_headers(kiosk: bool = False, films: bool = False, conversation: bool = False) -> Headers:
    """Return the headers of a page outside /staff, besides those of its content.

    A kiosk has one script more, a conversation sheet its own looks, and where the operator has films in sign language
    these are let in.
    """
    worn = inline_assets()
    style = worn.kiosk_css_hash if kiosk else worn.conversation_css_hash if conversation else worn.css_hash
    scripts = f"{worn.script_hash} {worn.kiosk_hash}" if kiosk else worn.script_hash
    # No space is needed in it, and headers are not compressed.
    policy = (
        f"default-src 'none';style-src {style};script-src 'self' {scripts};"
        f"connect-src 'self';img-src data:;{_FILMS if films else ''}"
        "form-action 'self';frame-ancestors 'none';base-uri 'none'"
    )
    return [("Content-Security-Policy", policy), ("Cache-Control", "no-store"), *_COMMON]


def resident_header_faults(sent: Iterable[tuple[str, str]]) -> list[str]:
    """Return the faults among the headers of a resident's page as it reached a browser: missing, changed or added."""
    # The part that serves residents may have films that this one has not.
    found = {name.lower(): value.replace(_FILMS, "", 1) for name, value in sent}
    ours = {name.lower(): value for name, value in resident_headers()}
    faults = [f"{name} is missing or changed" for name, value in ours.items() if found.get(name) != value]
    return faults + [f"{name} was added" for name in sorted(found.keys() - ours.keys() - {*_OWN, *_OF_ANY_SERVER})]


def staff_headers(conversation: bool = False) -> Headers:
    """Return the headers of a page under /staff: its own style file and the drawn pictures are let in too.

    A translator's picture of the conversation sheet has that sheet's looks.
    """
    worn = inline_assets()
    style = worn.conversation_css_hash if conversation else worn.css_hash
    policy = (
        f"default-src 'none'; style-src 'self' {style}; script-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    return [("Content-Security-Policy", policy), ("Cache-Control", "no-store"), *_COMMON]


def init_security_headers(app: Flask) -> None:
    """Put the headers around the app, a page of ours on every error, and no session outside /staff."""
    app.before_request(_refuse_late)
    app.register_error_handler(DatabaseFault, _on_database)
    app.register_error_handler(HTTPException, _on_status)
    app.register_error_handler(Exception, _on_fault)
    app.session_interface = StaffSessions()
    app.log_exception = _log_exception  # type: ignore[method-assign]
    app.wsgi_app = _guarded(app, app.wsgi_app)  # type: ignore[method-assign, assignment]


def _guarded(served: Flask, inner: WSGIApplication) -> WSGIApplication:
    films = has_films(served)
    resident, conversation, kiosk, files, staff, staff_conversation = (
        resident_headers(films=films),
        resident_headers(conversation=True, films=films),
        resident_headers(kiosk=True, films=films),
        _without(resident_headers(films=films), "Cache-Control"),
        staff_headers(),
        staff_headers(conversation=True),
    )

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # As the router reads it: `//staff` is the staff's too, with their headers.
        path = environ["PATH_INFO"] = "/" + environ.get("PATH_INFO", "").lstrip("/")

        def start(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            # Where only residents are served, /staff is an address like any other that leads nowhere.
            if is_staff(path) and "signin" in served.blueprints:
                sent = {name.lower() for name, _ in headers}
                own = staff_conversation if CONVERSATION in environ else staff
                response_headers = headers + [pair for pair in own if pair[0].lower() not in sent]
            elif path.startswith("/static/") and status.startswith("200"):
                response_headers = [pair for pair in headers if pair[0].lower() in _OWN_OF_FILES] + files
            else:
                own = kiosk if is_kiosk(path) else conversation if CONVERSATION in environ else resident
                response_headers = [pair for pair in headers if pair[0].lower() in _OWN] + own
            return start_response(status, response_headers, exc_info)

        try:
            return inner(environ, start)
        except Exception as error:  # a fault in the error page itself
            _note(error)
            start("500 Internal Server Error", [("Content-Type", "text/html; charset=utf-8")])
            return [_LAST_RESORT]

    return app


def _refuse_late() -> None:
    if LATE in request.environ:
        abort(408)


def _without(headers: Headers, name: str) -> Headers:
    return [pair for pair in headers if pair[0] != name]


def is_same_origin(asked: Request) -> bool | None:
    """Return whether the browser says that a post comes from our own pages; None when it says nothing."""
    site = asked.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = asked.headers.get("Origin")
    if origin is None or origin == "null":
        # A page that may not name its origin, or no header at all: the form's own mark decides.
        return None
    return any(same_site(origin, ours) for ours in _sites(asked))


def _sites(asked: Request) -> list[str]:
    """Return the origins where our forms stand: as set, or in a demo as the request came."""
    settings = services.settings()
    set_ = [each for each in (settings.resident_address, settings.staff_address) if each]
    return set_ or [f"{scheme}://{asked.host}" for scheme in ("http", "https")]


def _on_status(error: HTTPException) -> Response | HTTPException:
    if isinstance(error, ErrorPage):
        return problem_page(error.problem)
    if error.code is None or error.code < 400:
        return error
    reply = problem_page(f"status_{error.code}" if not is_staff(request.path) else f"staff_{error.code}", error.code)
    if error.code == 405 and (allowed := error.get_headers()):
        reply.headers.extend([pair for pair in allowed if pair[0] == "Allow"])
    return reply


def _on_database(error: DatabaseFault) -> Response:
    _note(error)
    return problem_page("database_kept" if g.get("hidden_fields") else "database")


def _on_fault(error: Exception) -> Response:
    _note(error)
    return problem_page("fault_kept" if g.get("hidden_fields") else "status_500")


def _log_exception(
    exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None],
) -> None:
    if exc_info[1] is not None:
        _note(exc_info[1])


def _note(error: BaseException) -> None:
    """Log the kind of a fault and our line of code; not its text, which may hold what a person wrote."""
    journal.warn("stopped", kind=journal.fault(error))
