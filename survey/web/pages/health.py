"""Four answers for monitoring: does it live, can it serve, does the worker work, and is all of it well?

For the operator; they tell no figures and nothing about a respondent. `/livez` is for who starts a process anew,
`/readyz` for a proxy that chooses where to send a reader, `/workerz` and `/healthz` for who is to come and look.
"""

from flask import Blueprint, Response, current_app

from survey.store.core import health, rounds
from survey.store.database.engine import DatabaseUnavailable, read_transaction
from survey.store.maintenance import disk
from survey.web.request import services

blueprint = Blueprint("health", __name__)
worker_blueprint = Blueprint("worker_health", __name__)
# Faults that only staff notice: a resident can answer all the same, and the staff part reports them.
OF_STAFF = frozenset({"worker", health.SILENT})


@blueprint.get("/livez")
def livez() -> Response:
    """Answer that this process lives. It asks nobody else: a new start mends no database."""
    return _health_response(set(), "alive")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Answer whether a reader may be sent here: the database answers, and what an answer needs can be read."""
    return _health_response(_hindrances(), "ready")


@worker_blueprint.get("/workerz")
def workerz() -> Response:
    """Answer whether the worker takes its turns, and what its steps and nightly checks found."""
    return _health_response(_unwell_by_worker() | _silence(), "at work")


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answer whether all is well that this part needs: the resident part is not red for what only staff wait for."""
    found = _hindrances() | _unwell_by_worker() | _short()
    if "worker_health" in current_app.blueprints:
        return _health_response(found | _silence(), "well")
    return _health_response(found and found - OF_STAFF - _sending(), "well")


def _health_response(unwell: set[str], well: str) -> Response:
    """Return 200 and one word, or 503 and the names of what is not as it should be, one a line."""
    text = "\n".join([f"not {well}", *sorted(unwell)] if unwell else [well])
    return Response(text + "\n", status=503 if unwell else 200, mimetype="text/plain")


def _sending() -> set[str]:
    # Loaded when something is wrong: who only takes answers goes without.
    from survey.channels import CHANNELS

    return {each.key for each in CHANNELS.values() if each.sends}


def _hindrances() -> set[str]:
    try:
        with read_transaction(services.engine()) as connection:
            taking = [each.key for each in rounds.rounds(connection) if each.accepts(services.today())]
    except DatabaseUnavailable:
        return {health.DATABASE}
    try:
        for key in taking:
            services.volumes().pepper_of(key)
    except DatabaseUnavailable:
        return {"keys"}
    return set()


def _unwell_by_worker() -> set[str]:
    try:
        with read_transaction(services.engine()) as connection:
            return {line.name for line in health.lines(connection) if not line.ok}
    except DatabaseUnavailable:
        return {health.DATABASE}


def _silence() -> set[str]:
    return {health.SILENT} if health.is_silent(services.settings().pepper_folder) else set()


def _short() -> set[str]:
    # Measured here and now: on a full disk, nobody could write down that it is full.
    short = disk.is_short(disk.sqlite_folder(services.engine()), services.settings().min_free_mb)
    return {disk.HEALTH} if short else set()
