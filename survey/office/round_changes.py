"""What else the coordinator may do with a round: a later last day, a draft taken away, a mistake cancelled.

A round is cancelled by two coordinators together; the worker, who has the keys, destroys its answers unopened.
"""

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection
from wtforms import DateField
from wtforms.validators import ValidationError

from survey.domain.marking import N_
from survey.domain.rounds import CANCELLED, Round, may_change
from survey.office import ending
from survey.office.forms import a_day
from survey.office.received import received
from survey.store import rounds
from survey.store.engine import reading, writing
from survey.web import audit, edit_conflicts, house
from survey.web.forms import OurForm
from survey.web.pages import day
from survey.web.signin import fresh, requires

blueprint = Blueprint("changes", __name__)
NOT_LATER = N_("Välj en dag efter den sista dagen nu.")


class ExtendForm(OurForm):
    """The new last day of an open round."""

    closes = DateField()

    def __init__(self, now: date, posted: object = None) -> None:
        super().__init__(posted)
        self.now = now

    def validate_closes(self, field: DateField) -> None:
        """A day of our time, later than the one that stands."""
        a_day(field)
        if field.data <= self.now:
            raise ValidationError(NOT_LATER)


@blueprint.get("/rounds/<key>/extend")
@requires("coordinator")
def ask_day(key: str) -> ResponseReturnValue:
    """The new last day, and what it means."""
    with reading(house.engine()) as connection:
        round_ = _round(connection, key)
    return _extend_page(round_, ExtendForm(round_.closes)) if _may_extend(round_) else _back(key)


@blueprint.post("/rounds/<key>/extend")
@requires("coordinator")
def extend(key: str) -> ResponseReturnValue:
    """Keep the later day; an open round is never shortened."""
    with writing(house.engine()) as connection:
        rounds.rounds_alone(connection)
        round_ = _round(connection, key)
        if not _may_extend(round_):
            return _stopped(round_, _(ending.NOT_OPEN))
        form = ExtendForm(round_.closes, request.form)
        moved = not edit_conflicts.is_unchanged(round_.closes)
        if moved and form.closes.data != round_.closes:
            return _extend_page(round_, form, moved=True), 409
        if not moved:
            if not form.validate():
                return _extend_page(round_, form), 422
            rounds.extend(connection, key, form.closes.data)
            about = {"was": round_.closes.isoformat(), "now": form.closes.data.isoformat()}
            audit.deed("round_extended", round=key, **about)(connection)
    flash(_("Sista dagen är nu %(day)s.", day=day(form.closes.data)))
    return _back(key)


@blueprint.post("/rounds/<key>/remove")
@requires("coordinator")
def remove(key: str) -> ResponseReturnValue:
    """Take a draft away, as it was read."""
    with writing(house.engine()) as connection:
        rounds.rounds_alone(connection)
        round_ = _round(connection, key)
        if not may_change(round_.state) or not edit_conflicts.is_unchanged(round_):
            return _stopped(round_, _("Någon annan har ändrat utkastet under tiden. Inget är borttaget."))
        rounds.remove_draft(connection, key)
        audit.deed("round_removed", round=key)(connection)
    flash(_("Utkastet är borttaget."))
    return redirect(url_for("office.rounds.start"))


@blueprint.get("/rounds/<key>/cancel")
@requires("coordinator")
def ask_cancel(key: str) -> ResponseReturnValue:
    """What is destroyed, and that another coordinator confirms it."""
    with reading(house.engine()) as connection:
        round_ = _round(connection, key)
        came = received(connection, round_)
    return _cancel_page(round_, came=came) if round_.state == "open" else _back(key)


@blueprint.post("/rounds/<key>/cancel")
@requires("coordinator")
@fresh()
def cancel(key: str) -> ResponseReturnValue:
    """Ask for it; nothing happens until another coordinator has confirmed it."""
    with reading(house.engine()) as connection:
        round_ = _round(connection, key)
    if round_.state in CANCELLED:
        return _back(key)
    if round_.state != "open":
        return _stopped(round_, _(ending.NOT_OPEN))
    return ending.ask("cancel_round", round_)


def _round(connection: Connection, key: str) -> Round:
    return rounds.get_round(connection, key) or abort(404)


def _may_extend(round_: Round) -> bool:
    return round_.state == "open" and not round_.is_over(house.today())


def _back(key: str) -> ResponseReturnValue:
    return redirect(url_for("office.rounds.page", key=key))


def _extend_page(round_: Round, form: ExtendForm, moved: bool = False) -> str:
    shown = edit_conflicts.filled_from(round_.closes, told=moved)
    return render_template("office/round_extend.html", round=round_, form=form, moved=moved, shown=shown)


def _cancel_page(round_: Round, **said: object) -> str:
    return render_template("office/round_cancel.html", round=round_, **said)


def _stopped(round_: Round, text: str) -> ResponseReturnValue:
    return render_template("web/stopped.html", heading=round_.name, text=text), 409
