"""Faults of the machine, as sentences: a database, a key volume or a file that this account can't reach."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from survey.domain.places.place_tree import PlacesError
from survey.domain.rounds.lifecycle import RoundError
from survey.sealing.keys.key_volumes import KeysMissing
from survey.store.database.engine import DatabaseFault, DatabaseUnavailable, why_no_connection
from survey.web.request import services

_HINTS = {
    # PostgreSQL's codes and SQLite's words, for a schema that is another than ours.
    ("42P01", "42703", "42883", "no such table", "no such column"): "Bring it to today's shape: "
    "flask --app wsgi db upgrade",
    ("42501",): "This account signs in as a role that may not do it. Commands are for the database's owner: "
    "run them as the worker's account.",
}


def in_a_sentence(callback: Callable[..., Any]) -> Callable[..., Any]:
    """Return the command's function, so that a fault of the machine ends it with a sentence and exit status 1."""

    @wraps(callback)
    def run(*arguments: Any, **options: Any) -> Any:
        try:
            return callback(*arguments, **options)
        except (DatabaseFault, OSError, PlacesError, RoundError) as fault:
            raise click.ClickException(_sentence(fault)) from None

    return run


def _sentence(fault: Exception) -> str:
    if isinstance(fault, KeysMissing):
        return f"{fault}. Are both key volumes mounted, and is this the worker's account?"
    if isinstance(fault, DatabaseUnavailable):
        if said := why_no_connection(services.engine()):
            return f"The database can't be reached: {said}. It is named by `database` in config.toml."
        return f"The database could not do it now: {fault}."
    if isinstance(fault, DatabaseFault):
        hint = next((hint for words, hint in _HINTS.items() if any(word in str(fault) for word in words)), "")
        return f"The database refused: {fault}. {hint}".rstrip()
    if isinstance(fault, OSError):
        about = f"{fault.filename}: " if fault.filename else ""
        shut = " Run it as the worker's account, which may." if isinstance(fault, PermissionError) else ""
        return f"{about}{fault.strerror or fault}.{shut}"
    return str(fault)
