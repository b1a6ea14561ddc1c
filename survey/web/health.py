"""/healthz: is this installation well? For the operator; tells no figures and nothing about a respondent."""

from flask import Blueprint, Response

from survey.store import health
from survey.store.engine import DatabaseFull, DatabaseUnavailable, reading
from survey.web import house

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """200 and `well`, or 503 and the names of what is not well, one a line."""
    try:
        with reading(house.engine()) as connection:
            unwell = [line.name for line in health.lines(connection) if not line.ok]
    except (DatabaseUnavailable, DatabaseFull):
        unwell = ["database"]
    text = "\n".join(["not well", *unwell] if unwell else ["well"])
    return Response(text + "\n", status=503 if unwell else 200, mimetype="text/plain")
