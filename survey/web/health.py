"""/healthz: is this installation well? For the operator; tells no figures and nothing about a respondent."""

from flask import Blueprint, Response

from survey.store import disk, health
from survey.store.engine import DatabaseUnavailable, reading
from survey.web import house

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """200 and `well`, or 503 and the names of what is not well, one a line."""
    unwell = sorted(_told() | _seen())
    text = "\n".join(["not well", *unwell] if unwell else ["well"])
    return Response(text + "\n", status=503 if unwell else 200, mimetype="text/plain")


def _told() -> set[str]:
    try:
        with reading(house.engine()) as connection:
            return {line.name for line in health.lines(connection) if not line.ok}
    except DatabaseUnavailable:
        return {"database"}


def _seen() -> set[str]:
    # Looked at here and now: on a full disk, nobody could write down that it is full.
    short = disk.is_short(disk.sqlite_folder(house.engine()), house.settings().least_free_mb)
    return {disk.HEALTH} if short else set()
