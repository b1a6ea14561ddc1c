"""A resident, or a member of care staff, answers: fetch the sheet, post it, be thanked.

`/s/<unit>` is the residents' short address and `/p/<unit>` the staff's; a language may follow. Fetching
a page never reads or spends a code. Only a post that carries answers does, and it is thanked only once
they are safely kept.
"""

from functools import partial
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from survey.answer import finding, forms, notices, results
from survey.answer.sheet import Desk, Sheet, Standing, desk, empty, thanks, with_answers
from survey.domain.codes import normalise
from survey.domain.places import Place
from survey.domain.rounds import Round
from survey.sealing.accept import Outcome, Submission, accept
from survey.store import editions
from survey.store.engine import reading
from survey.web import house
from survey.web.language import current_language, offered, offered_languages, use_language
from survey.web.problems import Stop
from survey.web.rendered import Shelf
from survey.web.safety import comes_from_us

blueprint = Blueprint("answer", __name__)
blueprint.register_blueprint(finding.blueprint)
blueprint.register_blueprint(results.blueprint)

LARGEST_POST = 16 * 1024
RESIDENTS: dict[str, Any] = {"defaults": {"role": "patient"}, "strict_slashes": False}
STAFF: dict[str, Any] = {"defaults": {"role": "provider"}, "strict_slashes": False}


@blueprint.record
def _set_up(state: BlueprintSetupState) -> None:
    state.app.extensions["answer"] = Desk(Shelf(), Standing())


@blueprint.get("/s/<unit>", **RESIDENTS)
@blueprint.get("/s/<unit>/<language>", **RESIDENTS)
@blueprint.get("/p/<unit>", **STAFF)
@blueprint.get("/p/<unit>/<language>", **STAFF)
def show(role: str, unit: str, language: str | None = None) -> ResponseReturnValue:
    """The sheet, empty. A language that is not offered leads to the address without one."""
    if "#" in request.path:
        return _unbroken(request.path)
    if language is not None and offered(language) is None:
        return redirect(url_for("answer.show", role=role, unit=unit))
    place, round_ = _standing(unit)
    if round_ is None:
        return _closed(place)
    return empty(Sheet(place, round_, role))


@blueprint.post("/s/<unit>", **RESIDENTS)
@blueprint.post("/s/<unit>/<language>", **RESIDENTS)
@blueprint.post("/p/<unit>", **STAFF)
@blueprint.post("/p/<unit>/<language>", **STAFF)
def take(role: str, unit: str, language: str | None = None) -> ResponseReturnValue:
    """Take the answers; or give the sheet back, in another language or with what needs mending."""
    posted, ours = _read_post()
    if chosen := offered(posted.get("lang")):
        use_language(chosen)
    place, round_ = _standing(unit)
    if round_ is None:
        raise Stop("closed")
    sheet = Sheet(place, round_, role)
    if not ours and not sheet.knows(posted.get("form_id", "")):
        raise Stop("foreign_post")
    _keep(posted)
    if chosen:
        return with_answers(sheet, posted)
    tags = tuple(language.tag for language in offered_languages())
    form = forms.sheet_form(sheet.version, sheet.role, tags)(posted)
    if (fault := notices.fault_in(form, sheet)) is not None:
        return with_answers(sheet, posted, fault)
    match accept(house.engine(), house.volumes(), _submission(form, sheet)):
        case Outcome.UNKNOWN_CODE:
            return with_answers(sheet, posted, notices.unknown_code(sheet))
        case Outcome.CLOSED:
            raise Stop("closed")
    return Response(status=303, headers={"Location": f"{sheet.address}/{current_language().tag}/thanks"})


@blueprint.get("/s/<unit>/<language>/thanks", **RESIDENTS)
@blueprint.get("/p/<unit>/<language>/thanks", **STAFF)
def thank(role: str, unit: str, language: str) -> ResponseReturnValue:
    """What happens now, when the results come, and where."""
    if offered(language) is None:
        return redirect(url_for("answer.show", role=role, unit=unit))
    place, round_ = _standing(unit)
    return thanks(place, round_, role)


def _standing(unit: str) -> tuple[Place, Round | None]:
    place, round_ = desk().standing.of(unit.lower())
    if place is None:
        raise Stop("unknown_unit")
    return place, round_


def _unbroken(path: str) -> ResponseReturnValue:
    """A mail gateway has made the code a part of the address; back behind the #, from where it is never sent."""
    address, _, typed = path.partition("#")
    code = normalise(typed)
    return redirect(quote(address) + (f"#{code}" if code else ""))


def _closed(place: Place) -> ResponseReturnValue:
    """The unit's page between rounds: 410, for the round that was asked here is gone."""
    with reading(house.engine()) as connection:
        published = [round_ for _, round_, _ in editions.heads(connection)]
    newest = published[-1] if published else None
    return render_template("answer/closed.html", place=place, published=newest), 410


def _read_post() -> tuple[MultiDict[str, str], bool]:
    """What was posted, and whether the browser says it comes from us; where it is silent the form id must."""
    request.max_content_length = LARGEST_POST
    ours = comes_from_us(request)
    if ours is False:
        raise Stop("foreign_post")
    if request.mimetype != "application/x-www-form-urlencoded":
        abort(415)
    posted = request.form
    if ours:
        _keep(posted)
    return posted, bool(ours)


def _keep(posted: MultiDict[str, str]) -> None:
    """Keep what was posted for an error page, which reads it only if there is one."""
    g.kept = partial(forms.hidden_fields, posted)


def _submission(form: forms.SheetForm, sheet: Sheet) -> Submission:
    code = form.read_code()
    return Submission(
        unit=sheet.place.key,
        round=sheet.round.key,
        role=sheet.role,
        response=form.response(sheet.role),
        code=code,
        form_id=None if code else form.form_id.data,
        channel="invited" if code else "open",
    )
