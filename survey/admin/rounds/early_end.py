"""A round that ends before its time takes two coordinators: closed early, its answers counted, or cancelled.

One alone could close it when only answers that they know are in beside the one that they want to read. One asks,
`survey.web.staff.two_people` keeps it, another confirms; then the worker takes the step.
"""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.domain.rounds.lifecycle import CANCELLED, Round
from survey.domain.text.i18n import N_
from survey.store.core import rounds
from survey.web.staff import two_people
from survey.web.staff.two_people import About, ActionOutcome, ActionRefused, Note

NOT_OPEN = N_("Omgången är inte öppen, så det går inte.")


def propose_early_end(what: str, round_: Round) -> ResponseReturnValue:
    """Ask for an early end; nothing happens until another coordinator has confirmed it."""
    try:
        two_people.propose(what, {"round": round_.key})
    except ActionRefused as refused:
        return render_template("web/unavailable.html", heading=round_.name, text=_(str(refused))), 409
    flash(_("Din begäran är sparad. En annan samordnare bekräftar den."))
    return redirect(url_for("admin.rounds.show_round", key=round_.key))


def _by_name(connection: Connection, about: About) -> About:
    """Return the round by its name, for a reader."""
    found = rounds.get_round(connection, about["round"])
    return {"round": found.name if found else about["round"]}


def _kind(what: str, words: str, asked: str, state: str, audit_event: str) -> None:
    """Register one way to end early: the state that asks the worker for it, and its event in the audit log."""

    @two_people.register_action(what, subject="round", asked=asked, words=words, shown=_by_name)
    def end(connection: Connection, about: About, note: Note) -> ActionOutcome:
        rounds.rounds_for_update(connection)
        found = rounds.get_round(connection, about["round"])
        if found is None or found.state != "open":
            raise ActionRefused(NOT_OPEN)
        rounds.set_state(connection, found.key, state)
        note(audit_event, round=found.key)
        return ActionOutcome(at="admin.rounds.show_round", named={"key": found.key})


_kind("close_early", N_("Stäng %(round)s i förtid"), "round_closing_asked", "closing", "round_closed")
_kind(
    "cancel_round",
    N_("Avbryt mätomgången %(round)s och förstör svaren"),
    "round_cancel_asked",
    CANCELLED[0],
    "round_cancelled",
)
