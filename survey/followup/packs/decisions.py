"""Decisions of a meeting: written in a draft, their status followed up on the frozen pack. For the packs' views."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.followup.packs.access import authorise, require_draft
from survey.followup.packs.drafts import save_texts
from survey.followup.packs.forms import STATUSES, DecisionForm, OutcomeForm
from survey.publication import edition_reader
from survey.publication.localised_texts import BabelLocalisation
from survey.store.database.engine import DatabaseConflict, read_transaction, write_transaction
from survey.store.published import packs
from survey.store.published.packs import Pack
from survey.web.i18n.language import current_language
from survey.web.request import services
from survey.web.signin.views import requires, signed_in
from survey.web.staff import audit_log, edit_conflicts

blueprint = Blueprint("decisions", __name__)


def save_decision(draft: Pack, form: DecisionForm) -> bool:
    """Save a decision that is written; return whether it was valid."""
    if not form.validate():
        return False
    with write_transaction(services.engine()) as connection:
        wanted = {name: getattr(form, name).data for name in ("text", "who", "due_on", "question")}
        packs.add_decision(connection, draft.id, **wanted)
    return True


def render_decision_faults(draft: Pack, form: DecisionForm) -> ResponseReturnValue:
    """Show the decision again, with its faults."""
    return render_template("followup/pack_decision.html", pack=draft, form=form), 422


@blueprint.post("/<pack>/decisions")
@requires("write_plan")
def add_decision(pack: str) -> ResponseReturnValue:
    """Add a decision to a draft; save what is written beside it too."""
    draft, form = require_draft(pack), DecisionForm(request.form)
    if save_texts(draft) is not None or not save_decision(draft, form):
        return render_decision_faults(draft, form)
    return redirect(url_for("followup.packs.pack_page", pack=pack) + "#decisions")


@blueprint.post("/<pack>/decisions/<int(max=9999):n>/remove")
@requires("write_plan")
def remove_decision(pack: str, n: int) -> ResponseReturnValue:
    """Delete a decision from a draft."""
    draft = require_draft(pack)
    with write_transaction(services.engine()) as connection:
        now = packs.decision_for_update(connection, draft.id, n)
        if now and not edit_conflicts.is_unchanged(*now):
            raise DatabaseConflict("another decision stands there now")
        packs.remove_decision(connection, draft.id, n)
    return redirect(url_for("followup.packs.pack_page", pack=pack) + "#decisions")


@blueprint.post("/<pack>/decisions/<int(max=9999):n>/became")
@requires("write_plan")
def update_decision(pack: str, n: int) -> ResponseReturnValue:
    """Set the status of a frozen pack's decision; the pack itself stays as it was."""
    found, form = authorise(pack), OutcomeForm(request.form)
    if found.number is None:
        abort(404)
    if not form.validate():
        return frozen_page(found, form, n), 422
    with write_transaction(services.engine()) as connection:
        now = packs.decision_for_update(connection, found.id, n) or abort(404)
        if (now.status, now.outcome) != (form.status.data, form.outcome.data) and not edit_conflicts.is_unchanged(*now):
            return frozen_page(found, form, n, moved=True), 409
        packs.set_decision_status(connection, found.id, n, status=form.status.data, outcome=form.outcome.data or "")
        audit_log.event_note("decision_followed", pack=found.number, decision=n)(connection)
    return redirect(url_for("followup.packs.pack_page", pack=pack, saved=1) + f"#decision-{n}")


def frozen_page(pack: Pack, form: OutcomeForm | None = None, n: int = 0, moved: bool = False) -> str:
    """Show a frozen pack: its files, its hash, and the status of its decisions."""
    with read_transaction(services.engine()) as connection:
        files, edition = packs.files(connection, pack.id), edition_reader.find_edition(connection, pack.edition)
        decisions = packs.decisions(connection, pack.id)
    texts = BabelLocalisation(current_language(), [edition.head] if edition else [])
    names = {place["key"]: place["name"] for place in edition.head["places"]} if edition else {}
    return render_template(
        "followup/pack_frozen.html",
        pack=pack,
        decisions=decisions,
        statuses=STATUSES,
        form=form,
        of=n,
        moved=moved,
        filled=edit_conflicts.form_fingerprint,
        sizes=[len(each) // 1024 if each else 0 for each in files or ()],
        round_name=texts.round_name(edition.head["round"]["key"]) if edition else "",
        place_names=[names.get(key, key) for key in pack.places],
        writes=signed_in().may("write_plan"),
        saved="saved" in request.args,
    )
