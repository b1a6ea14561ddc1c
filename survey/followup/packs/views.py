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
from survey.followup.packs.access import draft_of, may_read, opened
from survey.followup.packs.drafts import keep_texts, revision
from survey.followup.packs.forms import ContentForm, DecisionForm, WrittenForm
from survey.publication import edition_reader
from survey.publication.localised_texts import BabelTexts
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
def start() -> str:
    """List the packs that the person may read; drafts are for those who write them."""
    with read_transaction(services.engine()) as connection:
        found = [each for each in packs.all_packs(connection) if may_read(connection, each)]
        rounds = _rounds(connection)
    writes = signed_in().may("write_plan")
    drafts = [each for each in found if each.number is None]
    frozen = [each for each in found if each.number is not None]
    return render_template("followup/packs.html", drafts=drafts, frozen=frozen, rounds=rounds, writes=writes)


@blueprint.get("/new")
@requires("write_plan")
def ask() -> ResponseReturnValue:
    """Show the form for a new pack; the newest round and all questions unless something else is chosen."""
    editions = selection.editions()
    if not editions:
        return redirect(url_for("followup.index"))
    region = [place["key"] for place in editions[-1]["places"] if place["level"] == "region"]
    usual = {"edition": str(editions[-1]["number"]), "places": region, "questions": list(QUESTIONS)}
    return selection.page(editions, ContentForm(selection.known(editions), **usual))


@blueprint.post("/new")
@requires("write_plan")
def add() -> ResponseReturnValue:
    """Save the new pack as a draft."""
    editions = selection.editions()
    form = ContentForm(selection.known(editions), request.form)
    if not form.validate():
        return selection.page(editions, form), 422
    with write_transaction(services.engine()) as connection:
        values = selection.chosen(connection, form)
        draft = Pack(uuid4().hex, 0, introduction="", number=None, frozen_on=None, sha256=None, **values)
        packs.add(connection, draft)
        audit_log.event_note("pack_made", edition=draft.edition)(connection)
    return redirect(url_for(".page", pack=draft.id))


@blueprint.get("/<pack>/content")
@requires("write_plan")
def ask_again(pack: str) -> str:
    """Show the same form for a draft."""
    draft = draft_of(pack)
    editions = selection.editions(draft.edition)
    kept = {"title": draft.title, "edition": str(draft.edition), "questions": list(draft.questions)}
    kept |= {"places": list(draft.places), "units": list(draft.places)}
    return selection.page(editions, ContentForm(selection.known(editions), **kept), draft)


@blueprint.post("/<pack>/content")
@requires("write_plan")
def choose_again(pack: str) -> ResponseReturnValue:
    """Change a draft's content; a comment on a question stays, chosen or not."""
    draft = draft_of(pack)
    editions = selection.editions(draft.edition)
    form = ContentForm(selection.known(editions), request.form)
    if not form.validate():
        return selection.page(editions, form, draft), 422
    with write_transaction(services.engine()) as connection:
        packs.change(connection, draft.id, revision(), **selection.chosen(connection, form, draft.id))
    flash(_("Utkastet är sparat."))
    return redirect(url_for(".page", pack=draft.id))


@blueprint.get("/<pack>")
@requires("read_results")
def page(pack: str) -> str:
    """Show a draft to write in, or a frozen pack with its files."""
    found = opened(pack)
    return _page(found) if found.number is None else deciding.frozen_page(found)


@blueprint.post("/<pack>")
@requires("write_plan")
def write(pack: str) -> ResponseReturnValue:
    """Save the introduction and the comments."""
    draft = draft_of(pack)
    faulty = keep_texts(draft)
    if faulty is not None:
        return _page(draft, faulty), 422
    return redirect(url_for(".page", pack=draft.id, kept=1))


@blueprint.post("/<pack>/freeze")
@requires("write_plan")
def freeze(pack: str) -> ResponseReturnValue:
    """Freeze the pack: a number, a hash, and bytes that never change. Twice is once."""
    found = opened(pack)
    if found.number is None:
        faulty = keep_texts(found)
        if faulty is not None:
            return _page(found, faulty), 422
        # A decision that is written but not added yet is meant to be in it.
        decision = DecisionForm(request.form)
        if (decision.text.data or decision.who.data) and not deciding.keep_decision(found, decision):
            return deciding.not_decided(found, decision)
        try:
            freezing.freeze(found, services.today(), _noted(found))
        except PackIsFrozen:
            current_app.logger.debug("another tab was quicker, with the same pack")
    return redirect(url_for(".page", pack=pack))


@blueprint.post("/<pack>/remove")
@requires("write_plan")
def remove(pack: str) -> ResponseReturnValue:
    """Remove a draft."""
    draft = draft_of(pack)
    with write_transaction(services.engine()) as connection:
        packs.change(connection, draft.id, revision())  # nobody removes what they have not read
        packs.remove(connection, draft.id)
        audit_log.event_note("pack_removed", edition=draft.edition)(connection)
    flash(_("Utkastet är borttaget."))
    return redirect(url_for(".start"))


@blueprint.errorhandler(PackIsFrozen)
@blueprint.errorhandler(DatabaseConflict)
def changed_meanwhile(_error: Exception) -> ResponseReturnValue:
    """Show that another tab or another person was quicker."""
    pack = (request.view_args or {}).get("pack")
    with read_transaction(services.engine()) as connection:
        now = packs.get(connection, pack) if pack else None
        said = packs.comments(connection, now.id) if now else {}
    if now and now.number is None and "introduction" in request.form:
        # Show the form again with this person's text; saved once more, it replaces the other's.
        return _page(now, WrittenForm(now.questions, request.form), DecisionForm(request.form), now=said), 409
    if now and now.number is None and "title" in request.form:
        editions = selection.editions(now.edition)
        return selection.page(editions, ContentForm(selection.known(editions), request.form), now, moved=True), 409
    # Nothing is lost: what was written is shown again, to be taken along.
    shown = ("introduction", "comment_", "title", "text", "who", "outcome")
    written = [text for name, text in request.form.items() if name.startswith(shown) and text]
    return render_template("followup/pack_conflict.html", pack=pack, now=now, said=said, written=written), 409


def _noted(pack: Pack) -> Callable[[Connection, int], None]:
    return lambda connection, number: audit_log.event_note("pack_frozen", pack=number, edition=pack.edition)(connection)


def _page(
    draft: Pack,
    form: WrittenForm | None = None,
    decision: DecisionForm | None = None,
    now: Mapping[str, str] | None = None,
) -> str:
    """Show the draft; `now`: its stored comments, where somebody else has saved meanwhile."""
    with read_transaction(services.engine()) as connection:
        heads = [each.head for each in edition_reader.latest(connection)]
        edition = edition_reader.get(connection, draft.edition)
        written = form.comments if form else packs.comments(connection, draft.id)
        decisions, earlier = packs.decisions(connection, draft.id), deciding.earlier(connection, draft)
        told = pack_decisions.told(connection, draft, services.today())
    texts = BabelTexts(current_language(), [*heads, *([edition.head] if edition else [])])
    names = {place["key"]: place["name"] for place in edition.head["places"]} if edition else {}
    return render_template(
        "followup/pack.html",
        pack=draft,
        form=form or WrittenForm(draft.questions, introduction=draft.introduction),
        written=written,
        decisions=decisions,
        decision=decision or DecisionForm(),
        earlier=earlier,
        told=told,
        texts=texts,
        round_name=texts.round_name(edition.head["round"]["key"]) if edition else "",
        place_names=[names.get(key, key) for key in draft.places],
        kept="kept" in request.args,
        now=now,
        fingerprint=edit_conflicts.fingerprint,
    )


def _rounds(connection: Connection) -> list[tuple[str, str]]:
    """Return the published rounds, the newest first: key and name."""
    heads = [each.head for each in edition_reader.latest(connection)]
    texts = BabelTexts(current_language(), heads)
    return [(head["round"]["key"], texts.round_name(head["round"]["key"])) for head in reversed(heads)]
