"""/staff/translation: a translator reads the texts of one language, approves them and writes better wordings."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup, escape

from survey.domain.staff.translation_approvals import ReadText, fingerprint
from survey.store.database.engine import DatabaseConflict
from survey.translation import file_views, page_views
from survey.translation.approving import (
    Desk,
    approvable,
    approve,
    awaiting_another,
    left,
    propose,
    read_desk,
    shown_fingerprints,
)
from survey.translation.text_groups import GROUPS, group_of, grouped
from survey.translation.wording_faults import normalise_wording, rule_sentence, wording_faults
from survey.web.i18n.approved_texts import rules_of
from survey.web.i18n.catalog_rules import PLACEHOLDER
from survey.web.i18n.language_progress import CLASS_NEEDS, LEVEL_NAMES, progress_of
from survey.web.signin.views import requires, signed_in
from survey.web.staff import edit_conflicts
from survey.web.staff.edit_conflicts import EditConflict

blueprint = Blueprint("translation", __name__, url_prefix="/staff/translation")
file_views.add_to(blueprint)
page_views.add_to(blueprint)


@blueprint.app_template_filter()
def placeholders_whole(words: str) -> Markup:
    """Return a text as it is read, whose placeholders stay in one piece and in order, whichever way the text runs."""
    marked = PLACEHOLDER.sub(lambda found: f'<bdi dir="ltr">{found[0]}</bdi>', str(escape(words)))
    return Markup(marked)  # noqa: S704 - escaped above


@blueprint.get("/")
@requires("translate")
def index() -> str:
    """Show how far the language has come, why it is not offered, and its texts in groups."""
    here = read_desk()
    groups = [(key, GROUPS[key].name, texts, len(left(texts))) for key, texts in grouped(here.texts).items()]
    following = next(((key, name, n < len(texts)) for key, name, texts, n in groups if n), None)
    named = {"levels": LEVEL_NAMES, "needs": CLASS_NEEDS[here.language.review_class], "following": following}
    reached = progress_of(here.language, here.texts, here.asking)
    return render_template("translation/start.html", progress=reached, spoken=here.language, groups=groups, **named)


@blueprint.get("/texts/<group>")
@requires("translate")
def show_group(group: str) -> str:
    """List the texts of a group, Swedish beside the translation."""
    return _group_page(read_desk(), group)


@blueprint.post("/texts/<group>")
@requires("translate")
def approve_group(group: str) -> ResponseReturnValue:
    """Approve all that is left to approve in a group, as it was shown, and go on to the next group."""

    def among(here: Desk) -> Sequence[ReadText]:
        return _of_group(here, group)

    try:
        count = approve(among, lambda now: edit_conflicts.is_unchanged(*shown_fingerprints(now)), group)
    except (EditConflict, DatabaseConflict):
        return _group_page(read_desk(), group, moved=True), 409
    flash(_("Godkända texter: %(n)s.", n=count))
    texts = read_desk().texts
    if not left(texts) and (waiting := awaiting_another(texts)):
        flash(_("Du är klar. Texter som väntar på en annan läsare: %(n)s.", n=len(waiting)))
    groups = grouped(texts)
    after = [*groups][[*groups].index(group) + 1 :]
    following = next((key for key in after if approvable(groups[key])), None)
    return redirect(url_for(".show_group", group=following) if following else url_for(".index"))


@blueprint.get("/text/<text>")
@requires("translate")
def show_text(text: str) -> str:
    """Show one text: the Swedish, the translation, who has read it, and a field for a better wording."""
    here = read_desk()
    return _text_page(here, here.text(text))


@blueprint.post("/text/<text>/approve")
@requires("translate")
def approve_text(text: str) -> ResponseReturnValue:
    """Approve one text as it was shown, and go on to the next."""
    try:
        approve(lambda here: [here.text(text)], lambda now: edit_conflicts.is_unchanged(*_shown_state(now[0])), "text")
    except (EditConflict, DatabaseConflict):
        here = read_desk()
        return _text_page(here, here.text(text), moved=True), 409
    return redirect(_next(read_desk(), text))


@blueprint.post("/text/<text>")
@requires("translate")
def save_wording(text: str) -> ResponseReturnValue:
    """Store a better wording, or say what is wrong with it."""
    here = read_desk()
    found = here.text(text)
    wording = normalise_wording("\n".join(request.form.get("wording", "").splitlines()).strip(), found.turned)
    faults = wording_faults(found.source, wording, rules_of(here.language))
    if not faults and wording == found.turned:
        flash(_("Lydelsen är den som redan står där. Godkänn den om den är bra."))
        return redirect(url_for(".show_text", text=text))
    if faults:
        return _text_page(here, found, wording=wording, faults=faults), 422
    try:
        propose(text, wording, lambda now: edit_conflicts.is_unchanged(*_shown_state(now)))
    except (EditConflict, DatabaseConflict):
        now = read_desk()
        return _text_page(now, now.text(text), wording=wording, moved=True), 409
    flash(_("Lydelsen är sparad. Någon annan behöver också godkänna den."))
    return redirect(url_for(".show_text", text=text))


def _shown_state(found: ReadText) -> tuple[object, ...]:
    return found.source, found.turned, found.version


def _of_group(here: Desk, group: str) -> Sequence[ReadText]:
    return grouped(here.texts).get(group) or abort(404)


def _group_page(here: Desk, group: str, moved: bool = False) -> str:
    found = _of_group(here, group)
    rows = [(fingerprint(each.source), each, each.approved_by(signed_in().id)) for each in found]
    shown = edit_conflicts.form_fingerprint(*shown_fingerprints(found), conflict=moved)
    named: dict[str, Any] = {"group": group, "name": GROUPS[group].name, "levels": LEVEL_NAMES, "moved": moved}
    named |= {"to_approve": len(approvable(found)), "shown": shown, "spoken": here.language}
    named["left"] = [fingerprint(each.source) for each in left(found)]
    return render_template("translation/texts.html", rows=rows, **named)


def _text_page(
    here: Desk, found: ReadText, wording: str | None = None, faults: Sequence[str] = (), moved: bool = False
) -> str:
    sentences = [rule_sentence(each, found.source, wording or "") for each in faults]
    group = group_of(found)
    own = found.newest is not None and found.newest.account == signed_in().id
    named: dict[str, Any] = {"key": fingerprint(found.source), "group": group, "name": GROUPS[group].name, "own": own}
    named |= {"levels": LEVEL_NAMES, "mine": found.approved_by(signed_in().id), "spoken": here.language}
    named |= {
        "shown": edit_conflicts.form_fingerprint(*_shown_state(found), conflict=moved),
        "moved": moved,
        "faults": sentences,
    }
    named |= {"readings": found.approvals_of(found.turned), "wording": found.turned if wording is None else wording}
    named["following"] = _next(here, named["key"])
    return render_template("translation/text.html", found=found, **named)


def _next(here: Desk, text: str) -> str:
    """Return the address of the next text of the group that is left for this person, else of the group."""
    group = group_of(here.text(text))
    found = grouped(here.texts)[group]
    at = next(n for n, each in enumerate(found) if fingerprint(each.source) == text)
    wanted = next(iter(left([*found[at + 1 :], *found[:at]])), None)
    return url_for(".show_text", text=fingerprint(wanted.source)) if wanted else url_for(".show_group", group=group)
