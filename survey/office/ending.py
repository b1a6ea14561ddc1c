"""A round that ends before its time takes two coordinators: closed early, its answers counted, or cancelled.

One alone could close it when only answers that they know are in beside the one that they want to read. One asks,
`survey.web.two_people` keeps it, another confirms; then the worker takes the step.
"""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.domain.marking import N_
from survey.domain.rounds import CANCELLED, Round
from survey.store import rounds
from survey.web import two_people
from survey.web.two_people import Done, Note, Refused

About = dict[str, str]
NOT_OPEN = N_("Omgången är inte öppen, så det går inte.")


def ask(what: str, round_: Round) -> ResponseReturnValue:
    """Ask for it; nothing happens until another coordinator has confirmed it."""
    try:
        two_people.ask(what, {"round": round_.key})
    except Refused as refused:
        return render_template("web/stopped.html", heading=round_.name, text=_(str(refused))), 409
    flash(_("Din begäran är sparad. En annan samordnare bekräftar den."))
    return redirect(url_for("office.rounds.page", key=round_.key))


def _by_name(connection: Connection, about: About) -> About:
    """The round as a reader knows it."""
    found = rounds.get_round(connection, about["round"])
    return {"round": found.name if found else about["round"]}


@two_people.kind(
    "close_early",
    subject="round",
    asked="round_closing_asked",
    words=N_("Stäng %(round)s i förtid"),
    shown=_by_name,
)
def _close(connection: Connection, about: About, note: Note) -> Done:
    return _end(connection, about["round"], "closing", "round_closed", note)


@two_people.kind(
    "cancel_round",
    subject="round",
    asked="round_cancel_asked",
    words=N_("Avbryt mätomgången %(round)s och förstör svaren"),
    shown=_by_name,
)
def _cancel(connection: Connection, about: About, note: Note) -> Done:
    return _end(connection, about["round"], CANCELLED[0], "round_cancelled", note)


def _end(connection: Connection, key: str, state: str, deed: str, note: Note) -> Done:
    """Ask the worker for the step."""
    rounds.rounds_alone(connection)
    found = rounds.get_round(connection, key)
    if found is None or found.state != "open":
        raise Refused(NOT_OPEN)
    rounds.set_state(connection, key, state)
    note(deed, round=key)
    return Done(at=url_for("office.rounds.page", key=key))
