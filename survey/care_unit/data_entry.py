"""Data entry: a unit keys in answers on paper, sealed at once like any other, with a collection mode of their own.

Whoever keys a sheet in has seen it; after that nobody can. To be sure, a sheet may be keyed in twice: the first time
stays on the page and nothing is kept until both agree. No more sheets are taken than the unit has printed, and the
log tells of each ten. How many one has done at this sitting stands in the page's own address and is kept nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.care_unit import printed_sheets
from survey.care_unit.access import place_of
from survey.care_unit.unavailable import no_paper, not_begun
from survey.domain.places.place_tree import Place
from survey.domain.questions.questionnaire import QUESTIONS, ROLES, short_name
from survey.domain.questions.responses import LABELS, Background, Response
from survey.domain.rounds.lifecycle import Round
from survey.sealing.intake import form_ids
from survey.sealing.intake.submit import Outcome, Submission, accept
from survey.store.core import rounds
from survey.store.database.engine import read_transaction
from survey.web.i18n.language import offered, offered_languages
from survey.web.request import services
from survey.web.signin.views import requires

blueprint = Blueprint("data_entry", __name__)
_FIRST = "first_"
_MAX_DONE = 9_999


@dataclass(frozen=True)
class DataEntry:
    """One sheet that is being keyed in: its unit, round and role."""

    place: Place
    round: Round
    role: str

    def values(self) -> dict[str, tuple[str, ...]]:
        """Return the values that may be keyed in, by field."""
        version = services.versions()[self.round.version(self.role)]
        asked = {each.key: tuple(option.code for option in each.options) for each in version.questions[self.role]}
        background = {name: tuple(labels) for name, labels in LABELS.items()} if self.role == "patient" else {}
        return asked | background | {"language": tuple(spoken.tag for spoken in offered_languages())}


@blueprint.get("/<unit>/paper/<role>")
@requires("make_links")
def show_form(unit: str, role: str) -> ResponseReturnValue:
    """Show an empty sheet to key in."""
    typed = {"language": request.args.get("language", "")}
    return _page(_keying(unit, role), typed, saved=_done() > 0)


@blueprint.post("/<unit>/paper/<role>")
@requires("make_links")
def submit_answers(unit: str, role: str) -> ResponseReturnValue:
    """Seal the sheet; or show it again, the second time, or with what differs or is missing."""
    keying = _keying(unit, role)
    typed = _typed(keying, "")
    if not any(typed[question] for question in QUESTIONS):
        return _page(keying, typed, problem="empty"), 422
    if request.form.get("twice") == "yes":
        first = _typed(keying, _FIRST)
        if not any(first[question] for question in QUESTIONS):
            return _page(keying, {"language": typed["language"]}, first=typed)
        if differing := [name for name, value in typed.items() if value != first[name]]:
            return _page(keying, typed, problem="differs", differing=differing, first=first), 422
    if not form_ids.is_valid(services.form_id_key(), request.form.get("form_id", ""), unit, keying.round.key, role):
        return _page(keying, typed, problem="stale"), 422
    if not printed_sheets.may_take(keying.place, keying.round, role, request.form["form_id"]):
        return _page(keying, typed, problem="too_many"), 409
    outcome = accept(services.engine(), services.volumes(), _submission(keying, typed))
    if outcome is Outcome.CLOSED:
        no_paper(keying.place)
    if outcome is Outcome.ACCEPTED:
        printed_sheets.note_tens(keying.place, keying.round, role)
    return redirect(url_for("care_unit.data_entry.show_form", unit=unit, role=role, **_for_the_next(typed)))


def _for_the_next(typed: Mapping[str, str]) -> dict[str, Any]:
    """Return what is the same for the next sheet of the pile."""
    return {"done": _done() + 1, "twice": request.form.get("twice"), "language": typed["language"] or None}


def _done() -> int:
    """Return how many sheets have been keyed in at this sitting, as the page's address says."""
    return min(max(request.values.get("done", 0, type=int), 0), _MAX_DONE)


def _keying(unit: str, role: str) -> DataEntry:
    with read_transaction(services.engine()) as connection:
        place = place_of(connection, unit)
        round_ = rounds.round_to_distribute(connection, place.key, services.today())
    if role not in ROLES:
        abort(404)
    if round_ and round_.opens > services.today():
        not_begun(place, round_)
    if round_ is None:
        no_paper(place)
    return DataEntry(place, round_, role)


def _typed(keying: DataEntry, prefix: str) -> dict[str, str]:
    """Return what was keyed in and is one of the values that are offered."""
    posted = {name: request.form.get(prefix + name, "") for name in keying.values()}
    return {name: value if value in keying.values()[name] else "" for name, value in posted.items()}


def _submission(keying: DataEntry, typed: Mapping[str, str]) -> Submission:
    answers = {question: typed[question] for question in QUESTIONS if typed[question]}
    spoken = offered(typed["language"])
    fields = {name: typed.get(name) or None for name in LABELS}
    background = Background(**fields, language=spoken.tag if spoken else None)
    response = Response(keying.role, answers, background if keying.role == "patient" else Background())
    form_id = request.form.get("form_id", "")
    return Submission(
        keying.place.key, keying.round.key, keying.role, response, form_id=form_id, collection_mode="paper"
    )


def _page(keying: DataEntry, typed: Mapping[str, str] | None = None, **context: object) -> str:
    version = services.versions()[keying.round.version(keying.role)]
    named = {"place": keying.place, "role": keying.role, "questions": version.questions[keying.role], "labels": LABELS}
    secret = services.form_id_key()
    named["form_id"] = form_ids.issue_form_id(secret, keying.place.key, keying.round.key, keying.role)
    named["twice"] = request.values.get("twice") == "yes"
    named["spoken"], named["short"], named["done"] = offered_languages(), short_name, _done()
    named["left"] = printed_sheets.left_in_tens(keying.place, keying.round, keying.role)
    return render_template("care_unit/data_entry.html", **named, typed=typed or {}, **context)
