"""Faults of the machine, as sentences: a database, a key volume or a file that this account can't reach."""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

import click

from survey.domain.disclosure.thresholds import MIN_ANSWERS
from survey.domain.places.place_tree import PlacesError
from survey.domain.rounds.lifecycle import MAX_GRACE_DAYS, MAX_NAME_LENGTH, RoundError, RoundFault
from survey.domain.text.csv_rows import RowFault
from survey.domain.text.fault import Fault
from survey.sealing.keys.key_volumes import KeysMissing
from survey.store.database.engine import DatabaseFault, DatabaseUnavailable, why_no_connection
from survey.web.i18n.language import languages, speaking
from survey.web.request import services
from survey.web.staff.fault_sentences import sentences

NO_REGION = "There are no places yet. Read them in: flask --app wsgi places import FILE"
_HINTS = {
    # PostgreSQL's codes and SQLite's words, for a schema that is another than ours.
    ("42P01", "42703", "42883", "no such table", "no such column"): "Bring it to today's shape: "
    "flask --app wsgi db upgrade",
    ("42501",): "This account signs in as a role that may not do it. Commands are for the database's owner; those "
    "that open, close or publish are for the worker.",
}

ROUND_FAULTS: Mapping[RoundFault, str] = {
    "bad_key": "Its key may have only a–z, 0–9 and single hyphens, at most 40 characters.",
    "bad_name": f"It needs a name of at most {MAX_NAME_LENGTH} characters.",
    "closes_before_it_opens": "It closes before it opens.",
    "bad_grace_days": f"Its days of grace must be 0 to {MAX_GRACE_DAYS}.",
    "low_threshold_patient": f"Its threshold for patients must not be below {MIN_ANSWERS['patient']}.",
    "low_threshold_provider": f"Its threshold for providers must not be below {MIN_ANSWERS['provider']}.",
    "no_version_patient": "The version of its questions for patients is missing.",
    "no_version_provider": "The version of its questions for providers is missing.",
    "no_such_state": "It is in a state that there is not.",
    "no_such_round": "There is no such round.",
    "not_draft": "It is a draft no longer, so nothing of it was changed.",
    "not_opening": "It is not being opened.",
    "not_open": "It is not open.",
    "not_cancelling": "Nobody has asked to have it cancelled.",
    "not_to_publish": "It is in no state to be published from.",
    "never_open": "It was never open.",
    "no_such_step": "It can't go to that state from its own.",
    "not_later": "It is not open, or the day is not later.",
    "closed_before": "It has been closed once. Make a new one, with another key.",
    "another_open": "Another round is open: {other}. Close that one first.",
}


def with_clear_errors(callback: Callable[..., Any]) -> Callable[..., Any]:
    """Return the command's function, so that a fault of the machine ends it with a sentence and exit status 1."""

    @wraps(callback)
    def run(*arguments: Any, **options: Any) -> Any:
        try:
            return callback(*arguments, **options)
        except (DatabaseFault, OSError, PlacesError, RoundError) as fault:
            raise click.ClickException(_sentence(fault)) from None

    return run


def in_english(faults: Iterable[Fault | RowFault]) -> list[str]:
    """Return the faults of a file as sentences."""
    with speaking(languages()["en"]):
        return sentences(faults)


def _sentence(fault: Exception) -> str:
    if isinstance(fault, KeysMissing):
        return f"{fault}. Are both key volumes mounted, and is this the worker's account?"
    if isinstance(fault, DatabaseUnavailable):
        if reason := why_no_connection(services.engine()):
            return f"The database can't be reached: {reason}. It is named by `database` in config.toml."
        return f"The database could not do it now: {fault}."
    if isinstance(fault, DatabaseFault):
        hint = next((hint for words, hint in _HINTS.items() if any(word in str(fault) for word in words)), "")
        return f"The database refused: {fault}. {hint}".rstrip()
    if isinstance(fault, OSError):
        about = f"{fault.filename}: " if fault.filename else ""
        shut = " Run it as the worker's account, which may." if isinstance(fault, PermissionError) else ""
        return f"{about}{fault.strerror or fault}.{shut}"
    return _of_rules(fault)


def _of_rules(fault: Exception) -> str:
    if isinstance(fault, RoundError):
        return f"Round {fault.key}: " + " ".join(ROUND_FAULTS[each].format(other=fault.other) for each in fault.faults)
    if isinstance(fault, PlacesError):
        return f"The places make no tree. At fault: {', '.join(fault.keys)}." if fault.keys else NO_REGION
    return str(fault)
