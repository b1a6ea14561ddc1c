"""The coordinator's other changes of a round: a later last day, a draft removed, a round cancelled.

A round is cancelled by two coordinators together; the worker, who has the keys, destroys its answers unopened.
"""

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection
from wtforms import DateField
from wtforms.validators import ValidationError

from survey.admin.forms import a_day
from survey.admin.rounds import early_end
from survey.admin.rounds.response_counts import count_responses
from survey.domain.rounds.lifecycle import CANCELLED, Round, may_change
from survey.domain.text.i18n import N_
from survey.store.core import rounds
from survey.store.database.engine import read_transaction, write_transaction
from survey.web.pages.public_pages import day
from survey.web.request import services
from survey.web.signin.views import requires, requires_recent_sign_in
from survey.web.staff import audit_log, edit_conflicts
from survey.web.staff.forms import StaffForm

blueprint = Blueprint("round_changes", __name__)
NOT_LATER = N_("Välj en dag efter den sista dagen nu.")


class ExtendForm(StaffForm):
    """The new last day of an open round."""

    closes = DateField()

    def __init__(self, now: date, posted: object = None) -> None:
        super().__init__(posted)
        self.now = now

    def validate_closes(self, field: DateField) -> None:
        """Require a date within our time, later than the one that stands."""
        a_day(field)
        if field.data <= self.now:
            raise ValidationError(NOT_LATER)


@blueprint.get("/rounds/<key>/extend")
@requires("admin")
def show_extend_form(key: str) -> ResponseReturnValue:
    """Ask for the new last day, and show what it means."""
    with read_transaction(services.engine()) as connection:
        round_ = _round(connection, key)
    return _extend_page(round_, ExtendForm(round_.closes)) if _may_extend(round_) else _back(key)


@blueprint.post("/rounds/<key>/extend")
@requires("admin")
def extend_round(key: str) -> ResponseReturnValue:
    """Store the later day; an open round is never shortened."""
    with write_transaction(services.engine()) as connection:
        rounds.rounds_for_update(connection)
        round_ = _round(connection, key)
        if not _may_extend(round_):
            return _stopped(round_, _(early_end.NOT_OPEN))
        form = ExtendForm(round_.closes, request.form)
        moved = not edit_conflicts.is_unchanged(round_.closes)
        if moved and form.closes.data != round_.closes:
            return _extend_page(round_, form, moved=True), 409
        if not moved:
            if not form.validate():
                return _extend_page(round_, form), 422
            rounds.extend(connection, key, form.closes.data)
            about = {"was": round_.closes.isoformat(), "now": form.closes.data.isoformat()}
            audit_log.event_note("round_extended", round=key, **about)(connection)
    flash(_("Sista dagen är nu %(day)s.", day=day(form.closes.data)))
    return _back(key)


@blueprint.post("/rounds/<key>/remove")
@requires("admin")
def remove_round(key: str) -> ResponseReturnValue:
    """Remove a draft, unless it has changed since it was read."""
    with write_transaction(services.engine()) as connection:
        rounds.rounds_for_update(connection)
        round_ = _round(connection, key)
        if not may_change(round_.state) or not edit_conflicts.is_unchanged(round_):
            return _stopped(round_, _("Någon annan har ändrat utkastet under tiden. Inget är borttaget."))
        rounds.remove_draft(connection, key)
        audit_log.event_note("round_removed", round=key)(connection)
    flash(_("Utkastet är borttaget."))
    return redirect(url_for("admin.rounds.list_rounds"))


@blueprint.get("/rounds/<key>/cancel")
@requires("admin")
def show_cancel_form(key: str) -> ResponseReturnValue:
    """Show what is destroyed, and that another coordinator confirms it."""
    with read_transaction(services.engine()) as connection:
        round_ = _round(connection, key)
        came = count_responses(connection, round_)
    return _cancel_page(round_, came=came) if round_.state == "open" else _back(key)


@blueprint.post("/rounds/<key>/cancel")
@requires("admin")
@requires_recent_sign_in()
def cancel_round(key: str) -> ResponseReturnValue:
    """Ask for the cancelling; nothing happens until another coordinator has confirmed it."""
    with read_transaction(services.engine()) as connection:
        round_ = _round(connection, key)
    if round_.state in CANCELLED:
        return _back(key)
    if round_.state != "open":
        return _stopped(round_, _(early_end.NOT_OPEN))
    return early_end.propose_early_end("cancel_round", round_)


def _round(connection: Connection, key: str) -> Round:
    return rounds.get_round(connection, key) or abort(404)


def _may_extend(round_: Round) -> bool:
    return round_.state == "open" and not round_.is_over(services.today())


def _back(key: str) -> ResponseReturnValue:
    return redirect(url_for("admin.rounds.show_round", key=key))


def _extend_page(round_: Round, form: ExtendForm, moved: bool = False) -> str:
    shown = edit_conflicts.form_fingerprint(round_.closes, conflict=moved)
    return render_template("admin/round_extend.html", round=round_, form=form, moved=moved, shown=shown)


def _cancel_page(round_: Round, **context: object) -> str:
    return render_template("admin/round_cancel.html", round=round_, **context)


def _stopped(round_: Round, text: str) -> ResponseReturnValue:
    return render_template("web/unavailable.html", heading=round_.name, text=text), 409
