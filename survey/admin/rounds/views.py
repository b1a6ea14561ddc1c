"""/staff/admin/rounds: the coordinator plans a round, asks for its steps, and sees that answers come in.

Only the state is set here; the worker, who has the keys, opens, closes and publishes.
"""

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.admin.rounds import early_end
from survey.admin.rounds.response_counts import count_responses
from survey.admin.rounds.round_form import RoundForm
from survey.admin.rounds.round_transitions import STATE_NAMES, TRANSITIONS, next_transition, refusal
from survey.domain.disclosure.thresholds import MIN_ANSWERS
from survey.domain.rounds.lifecycle import Round, RoundError, may_change, round_of_same_name
from survey.publication import sample_size
from survey.store.answers import closing_progress
from survey.store.core import rounds
from survey.store.database.engine import DatabaseConflict, read_transaction, write_transaction
from survey.store.published import editions, previews
from survey.web.i18n.languages_in_round import note_offered
from survey.web.request import services
from survey.web.signin.views import requires, requires_recent_sign_in
from survey.web.staff import audit_log, edit_conflicts

blueprint = Blueprint("rounds", __name__)
STEP = "<any(open, close, publish):step>"


@blueprint.get("/rounds/")
@requires("admin")
def list_rounds() -> str:
    """List every round, the newest first."""
    with read_transaction(services.engine()) as connection:
        every = rounds.rounds(connection)
    return render_template("admin/rounds.html", rounds=every[::-1], states=STATE_NAMES)


@blueprint.get("/rounds/<key>")
@requires("admin")
def show_round(key: str) -> str:
    """Show one round: its days and settings, its counts, its next step."""
    with read_transaction(services.engine()) as connection:
        round_ = _round(connection, key)
        came = count_responses(connection, round_)
        numbers = [number for number, of, _day in editions.heads(connection) if of == key]
        counted = previews.get(connection, key)
        tenths = closing_progress.tenths(connection, key)
        draft = round_.state == "draft"
        plan = sample_size.plan_sample(connection, services.settings().protection) if draft else None
    return render_template(
        "admin/round.html",
        round=round_,
        came=came,
        opened_percent=10 * tenths,
        plan=plan,
        edition=max(numbers, default=None),
        counted=counted,
        versions=services.versions(),
        states=STATE_NAMES,
        steps=TRANSITIONS,
        step=next_transition(round_.state),
        today=services.today(),
        fingerprint=edit_conflicts.fingerprint(round_),
    )


@blueprint.get("/new-round")
@requires("admin")
def show_new_form() -> str:
    """Show the form of a draft: empty, or set up as an earlier round was."""
    with read_transaction(services.engine()) as connection:
        like = rounds.get_round(connection, request.args.get("like", ""))
    return _form_page(RoundForm(services.versions(), like=like))


@blueprint.post("/new-round")
@requires("admin")
def create_round() -> ResponseReturnValue:
    """Store a draft. The same one sent twice is stored once."""
    form = RoundForm(services.versions(), None, request.form)
    if not form.validate():
        return _form_page(form), 422
    wanted = form.round()
    try:
        with write_transaction(services.engine()) as connection:
            every = rounds.rounds_for_update(connection)
            known = next((each for each in every if each.key == wanted.key), None)
            if known is None and (other := round_of_same_name(wanted, every)):
                return _form_page(form, _same_name(other)), 409
            if known is None:
                rounds.add_round(connection, wanted)
                audit_log.event_note("round_added", round=wanted.key)(connection)
    except DatabaseConflict:
        with read_transaction(services.engine()) as connection:
            known = rounds.get_round(connection, wanted.key)
    if known is not None and replace(known, state="draft") != wanted:
        problem = _("Det finns redan en mätomgång med det korta namnet ”%(key)s”. Välj ett annat.", key=wanted.key)
        return _form_page(form, problem), 409
    flash(_("Utkastet är sparat."))
    return redirect(url_for("admin.rounds.show_round", key=wanted.key))


@blueprint.get("/rounds/<key>/edit")
@requires("admin")
def show_edit_form(key: str) -> ResponseReturnValue:
    """Show the draft in its form."""
    with read_transaction(services.engine()) as connection:
        round_ = _round(connection, key)
    return _form_page(RoundForm(services.versions(), round_)) if may_change(round_.state) else _frozen(round_)


@blueprint.post("/rounds/<key>/edit")
@requires("admin")
def change_round(key: str) -> ResponseReturnValue:
    """Store the draft as it is now written; not once the round is being opened."""
    with read_transaction(services.engine()) as connection:
        round_ = _round(connection, key)
    form = RoundForm(services.versions(), round_, request.form)
    if not may_change(round_.state):
        return _frozen(round_)
    if not form.validate():
        return _form_page(form), 422
    try:
        with write_transaction(services.engine()) as connection:
            every = rounds.rounds_for_update(connection)
            now = _round(connection, key)
            if now.state != "draft":
                raise RoundError(key, "not_draft")
            if form.round() != now and not edit_conflicts.is_unchanged(_settings(now)):
                return _form_page(form, now=now), 409
            if other := round_of_same_name(form.round(), every):
                return _form_page(form, _same_name(other)), 409
            rounds.change_draft(connection, form.round())
            audit_log.event_note("round_changed", round=key)(connection)
    except RoundError:
        return _frozen(round_)
    flash(_("Utkastet är sparat."))
    return redirect(url_for("admin.rounds.show_round", key=key))


@blueprint.get(f"/rounds/<key>/{STEP}")
@requires("admin")
def show_transition(key: str, step: str) -> ResponseReturnValue:
    """Show what the step will do, and one button; or why it can't be taken."""
    with read_transaction(services.engine()) as connection:
        round_ = _round(connection, key)
        if TRANSITIONS[step].is_taken(round_.state):
            return redirect(url_for("admin.rounds.show_round", key=key))
        return _step_page(connection, round_, step)


@blueprint.post(f"/rounds/<key>/{STEP}")
@requires("admin")
@requires_recent_sign_in()
def start_transition(key: str, step: str) -> ResponseReturnValue:
    """Ask the worker for the step."""
    with write_transaction(services.engine()) as connection:
        # Two rounds asked to open at once take turns, and the second sees the first.
        rounds.rounds_for_update(connection)
        round_ = _round(connection, key)
        if not TRANSITIONS[step].is_taken(round_.state):
            moved = not edit_conflicts.is_unchanged(_settings(round_))
            if moved or refusal(connection, round_, step, services.versions(), services.today()):
                return _step_page(connection, round_, step, moved), 409
            if not TRANSITIONS[step].by_two:
                if step == "open":
                    note_offered(connection, key)
                rounds.set_state(connection, key, TRANSITIONS[step].asked)
                audit_log.event_note(TRANSITIONS[step].audit_event, round=key)(connection)
    if TRANSITIONS[step].by_two and not TRANSITIONS[step].is_taken(round_.state):
        return early_end.propose_early_end("close_early", round_)
    return redirect(url_for("admin.rounds.show_round", key=key))


def _round(connection: Connection, key: str) -> Round:
    found = rounds.get_round(connection, key)
    if found is None:
        abort(404)
    return found


def _same_name(other: Round) -> str:
    return str(_("Det finns redan en mätomgång som heter ”%(name)s”. Välj ett annat namn.", name=other.name))


def _settings(round_: Round) -> Round:
    """Return the values that a form of the round was filled from, however far the round has come since."""
    return replace(round_, state="draft")


def _step_page(connection: Connection, round_: Round, step: str, moved: bool = False) -> str:
    return render_template(
        "admin/round_transition.html",
        round=round_,
        step=step,
        name=TRANSITIONS[step].name,
        by_two=TRANSITIONS[step].by_two,
        refused=refusal(connection, round_, step, services.versions(), services.today()),
        counted=previews.get(connection, round_.key) if step == "publish" else None,
        came=count_responses(connection, round_),
        moved=moved,
        shown=edit_conflicts.form_fingerprint(_settings(round_), conflict=moved),
    )


def _form_page(form: RoundForm, problem: str = "", now: Round | None = None) -> str:
    """Return the form's page; `now` is the draft as it stands, where somebody else has saved it meanwhile."""
    draft = now or form.draft
    shown = edit_conflicts.form_fingerprint(_settings(draft), conflict=now is not None) if draft else ""
    named = {"now": now, "shown": shown, "least": MIN_ANSWERS}
    return render_template("admin/round_form.html", form=form, problem=problem, **named)


def _frozen(round_: Round) -> ResponseReturnValue:
    text = _(
        "Dagar, frågor och gränser för %(round)s ligger fast, så att alla frågas på samma sätt.", round=round_.name
    )
    nothing = _("Inget har ändrats.")
    heading = _("Mätomgången kan inte ändras")
    return render_template("web/unavailable.html", heading=heading, text=f"{text} {nothing}"), 409
