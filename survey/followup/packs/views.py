"""/staff/followup/packs: meeting packs. Chosen places and questions, comments, decisions; frozen, they never change."""

from collections.abc import Callable, Mapping
from uuid import uuid4

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.domain.questions.questionnaire import QUESTIONS
from survey.followup.packs import decisions as deciding
from survey.followup.packs import files, pack_decisions, selection
from survey.followup.packs import freeze as freezing
from survey.followup.packs.access import authorise, may_read, require_draft
from survey.followup.packs.drafts import posted_revision, save_texts
from survey.followup.packs.forms import ContentForm, DecisionForm, TextsForm
from survey.publication import edition_reader
from survey.publication.localised_texts import BabelLocalisation
from survey.store.database.engine import DatabaseConflict, read_transaction, write_transaction
from survey.store.published import packs
from survey.store.published.packs import Pack, PackIsFrozen
from survey.web.i18n.language import current_language
from survey.web.request import services
from survey.web.signin.views import requires, signed_in
from survey.web.staff import audit_log, edit_conflicts

blueprint = Blueprint("packs", __name__, url_prefix="/packs")
blueprint.register_blueprint(deciding.blueprint)
blueprint.register_blueprint(files.blueprint)


@blueprint.get("/")
@requires("read_results")
def index() -> str:
    """List the packs that the person may read; drafts are for those who write them."""
    with read_transaction(services.engine()) as connection:
        found = [each for each in packs.all_packs(connection) if may_read(connection, each)]
        rounds = _published_rounds(connection)
    writes = signed_in().may("write_plan")
    drafts = [each for each in found if each.number is None]
    frozen = [each for each in found if each.number is not None]
    return render_template("followup/packs.html", drafts=drafts, frozen=frozen, rounds=rounds, writes=writes)


@blueprint.get("/new")
@requires("write_plan")
def new_pack_form() -> ResponseReturnValue:
    """Show the form for a new pack; the newest round and all questions unless something else is chosen."""
    editions = selection.selectable_editions()
    if not editions:
        return redirect(url_for("followup.index"))
    region = [place["key"] for place in editions[-1]["places"] if place["level"] == "region"]
    usual = {"edition": str(editions[-1]["number"]), "places": region, "questions": list(QUESTIONS)}
    return selection.render_selection(editions, ContentForm(selection.places_by_edition(editions), **usual))


@blueprint.post("/new")
@requires("write_plan")
def create_pack() -> ResponseReturnValue:
    """Save the new pack as a draft."""
    editions = selection.selectable_editions()
    form = ContentForm(selection.places_by_edition(editions), request.form)
    if not form.validate():
        return selection.render_selection(editions, form), 422
    with write_transaction(services.engine()) as connection:
        values = selection.selected_values(connection, form)
        draft = Pack(uuid4().hex, 0, introduction="", number=None, frozen_on=None, sha256=None, **values)
        packs.add(connection, draft)
        audit_log.event_note("pack_made", edition=draft.edition)(connection)
    return redirect(url_for(".pack_page", pack=draft.id))


@blueprint.get("/<pack>/content")
@requires("write_plan")
def content_form(pack: str) -> str:
    """Show the same form for a draft."""
    draft = require_draft(pack)
    editions = selection.selectable_editions(draft.edition)
    saved = {"title": draft.title, "edition": str(draft.edition), "questions": list(draft.questions)}
    saved |= {"places": list(draft.places), "units": list(draft.places)}
    return selection.render_selection(editions, ContentForm(selection.places_by_edition(editions), **saved), draft)


@blueprint.post("/<pack>/content")
@requires("write_plan")
def change_content(pack: str) -> ResponseReturnValue:
    """Change a draft's content; a comment on a question stays, chosen or not."""
    draft = require_draft(pack)
    editions = selection.selectable_editions(draft.edition)
    form = ContentForm(selection.places_by_edition(editions), request.form)
    if not form.validate():
        return selection.render_selection(editions, form, draft), 422
    with write_transaction(services.engine()) as connection:
        packs.change(connection, draft.id, posted_revision(), **selection.selected_values(connection, form, draft.id))
    flash(_("Utkastet är sparat."))
    return redirect(url_for(".pack_page", pack=draft.id))


@blueprint.get("/<pack>")
@requires("read_results")
def pack_page(pack: str) -> str:
    """Show a draft to write in, or a frozen pack with its files."""
    found = authorise(pack)
    return _render_draft(found) if found.number is None else deciding.frozen_page(found)


@blueprint.post("/<pack>")
@requires("write_plan")
def save_draft(pack: str) -> ResponseReturnValue:
    """Save the introduction and the comments."""
    draft = require_draft(pack)
    faulty = save_texts(draft)
    if faulty is not None:
        return _render_draft(draft, faulty), 422
    return redirect(url_for(".pack_page", pack=draft.id, saved=1))


@blueprint.post("/<pack>/freeze")
@requires("write_plan")
def freeze_draft(pack: str) -> ResponseReturnValue:
    """Freeze the pack: a number, a hash, and bytes that never change. Twice is once."""
    found = authorise(pack)
    if found.number is None:
        faulty = save_texts(found)
        if faulty is not None:
            return _render_draft(found, faulty), 422
        # A decision that is written but not added yet is meant to be in it.
        decision = DecisionForm(request.form)
        if (decision.text.data or decision.who.data) and not deciding.save_decision(found, decision):
            return deciding.render_decision_faults(found, decision)
        try:
            freezing.freeze_pack(found, services.today(), _note_of_freeze(found))
        except PackIsFrozen:
            current_app.logger.debug("another tab was quicker, with the same pack")
    return redirect(url_for(".pack_page", pack=pack))


@blueprint.post("/<pack>/remove")
@requires("write_plan")
def remove_draft(pack: str) -> ResponseReturnValue:
    """Remove a draft."""
    draft = require_draft(pack)
    with write_transaction(services.engine()) as connection:
        packs.change(connection, draft.id, posted_revision())  # nobody removes what they have not read
        packs.remove(connection, draft.id)
        audit_log.event_note("pack_removed", edition=draft.edition)(connection)
    flash(_("Utkastet är borttaget."))
    return redirect(url_for(".index"))


@blueprint.errorhandler(PackIsFrozen)
@blueprint.errorhandler(DatabaseConflict)
def changed_meanwhile(_error: Exception) -> ResponseReturnValue:
    """Show that another tab or another person was quicker."""
    pack = (request.view_args or {}).get("pack")
    with read_transaction(services.engine()) as connection:
        now = packs.get(connection, pack) if pack else None
        typed = packs.comments(connection, now.id) if now else {}
    if now and now.number is None and "introduction" in request.form:
        # Show the form again with this person's text; saved once more, it replaces the other's.
        return _render_draft(now, TextsForm(now.questions, request.form), DecisionForm(request.form), now=typed), 409
    if now and now.number is None and "title" in request.form:
        editions = selection.selectable_editions(now.edition)
        return selection.render_selection(
            editions, ContentForm(selection.places_by_edition(editions), request.form), now, moved=True
        ), 409
    # Nothing is lost: what was written is shown again, to be taken along.
    shown = ("introduction", "comment_", "title", "text", "who", "outcome")
    written = [text for name, text in request.form.items() if name.startswith(shown) and text]
    return render_template("followup/pack_conflict.html", pack=pack, now=now, typed=typed, written=written), 409


def _note_of_freeze(pack: Pack) -> Callable[[Connection, int], None]:
    return lambda connection, number: audit_log.event_note("pack_frozen", pack=number, edition=pack.edition)(connection)


def _render_draft(
    draft: Pack,
    form: TextsForm | None = None,
    decision: DecisionForm | None = None,
    now: Mapping[str, str] | None = None,
) -> str:
    """Show the draft; `now`: its stored comments, where somebody else has saved meanwhile."""
    with read_transaction(services.engine()) as connection:
        heads = [each.head for each in edition_reader.latest_by_round(connection)]
        edition = edition_reader.find_edition(connection, draft.edition)
        written = form.comments if form else packs.comments(connection, draft.id)
        decisions = packs.decisions(connection, draft.id)
        previous_pack = pack_decisions.previous_pack(connection, draft)
        earlier_decisions = pack_decisions.earlier_decisions(connection, draft, services.today())
    texts = BabelLocalisation(current_language(), [*heads, *([edition.head] if edition else [])])
    names = {place["key"]: place["name"] for place in edition.head["places"]} if edition else {}
    return render_template(
        "followup/pack.html",
        pack=draft,
        form=form or TextsForm(draft.questions, introduction=draft.introduction),
        written=written,
        decisions=decisions,
        decision=decision or DecisionForm(),
        previous_pack=previous_pack,
        earlier_decisions=earlier_decisions,
        texts=texts,
        round_name=texts.round_name(edition.head["round"]["key"]) if edition else "",
        place_names=[names.get(key, key) for key in draft.places],
        saved="saved" in request.args,
        now=now,
        fingerprint=edit_conflicts.fingerprint,
    )


def _published_rounds(connection: Connection) -> list[tuple[str, str]]:
    """Return the published rounds, the newest first: key and name."""
    heads = [each.head for each in edition_reader.latest_by_round(connection)]
    texts = BabelLocalisation(current_language(), heads)
    return [(head["round"]["key"], texts.round_name(head["round"]["key"])) for head in reversed(heads)]
