"""The resident part as a test wants it served: less patient with the database, or with a part that fails.

PATIENCE is the seconds that a writer waits. With FAULT as user agent, today's date can't be told,
and the exception says in its text all that was sent, as exceptions do. DAYS_AHEAD sets its calendar forward.
With RUN_ID every reply says which start of the server it comes from. BODY_PATIENCE is the seconds that a body may take.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import has_request_context, request

from survey.app import create_app
from survey.serving.bodies import Bodies
from survey.store.database.engine import make_engine
from tests.attacks.running import FAULT


def today() -> date:
    """The day; or an exception that holds everything the reader sent."""
    if has_request_context() and FAULT in request.headers.get("User-Agent", ""):
        raise RuntimeError(f"{request.full_path} {request.headers} {dict(request.form)}")
    return date.today() + timedelta(int(os.environ.get("DAYS_AHEAD", "0")))


def naming(inner: WSGIApplication, run: str) -> WSGIApplication:
    """The application, with the start of the server on each reply: outside the house, which lets no such header by."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            return start_response(status, [*headers, ("X-Run-Id", run)], exc_info)

        return inner(environ, start)

    return application


app = create_app("resident", None, today)
_house = app.extensions["services"]
app.extensions["services"] = replace(
    _house, engine=make_engine(_house.settings.database_url, float(os.environ.get("PATIENCE", "10")))
)
if patience := os.environ.get("BODY_PATIENCE"):
    app.__rsgi__.bodies = Bodies(float(patience))  # type: ignore[attr-defined]
if run_id := os.environ.get("RUN_ID"):
    app.wsgi_app = naming(app.wsgi_app, run_id)  # type: ignore[method-assign]
