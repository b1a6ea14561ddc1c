"""The resident part as a test wants it served: less patient with the database, or with a part that fails.

PATIENCE is the seconds that a writer waits. With FAULT as user agent, today's date can't be told,
and the exception says in its text all that was sent, as exceptions do.
"""

import os
from dataclasses import replace
from datetime import date

from flask import has_request_context, request

from survey.app import create_app
from survey.store.engine import make_engine
from tests.attacks.running import FAULT


def today() -> date:
    """The day; or an exception that holds everything the reader sent."""
    if has_request_context() and FAULT in request.headers.get("User-Agent", ""):
        raise RuntimeError(f"{request.full_path} {request.headers} {dict(request.form)}")
    return date.today()


app = create_app("resident", None, today)
_house = app.extensions["house"]
app.extensions["house"] = replace(
    _house, engine=make_engine(_house.settings.database_url, float(os.environ.get("PATIENCE", "10")))
)
