"""The pages of the answer: the sheet, empty or with what was posted, the thanks, and what stands there between rounds.

A page that carries no answers is drawn and compressed once for a role, round and language, for no unit in particular;
the unit's name and address, and the form id, are put in each time. A sheet with answers on it is drawn anew and sent
uncompressed, so that its length is the same whatever was answered.
"""

from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from typing import Any

from flask import Response, render_template
from markupsafe import escape

from survey.answer.forms import CODE_WIDTH, PostedFields, answer_fields, readable
from survey.answer.sheet import Notice, Sheet, address_of, answer_state
from survey.domain.disclosure.protection import parse_protection
from survey.domain.kiosks.times import KIOSK_TIMES
from survey.domain.places.place_tree import Place
from survey.domain.questions.questionnaire import DEFAULT_VERSION, QUESTIONS
from survey.domain.rounds.lifecycle import Round
from survey.sealing.intake import form_ids
from survey.sealing.keys.transport_key import public_transport_key
from survey.web.i18n.foreign_words import isolated
from survey.web.i18n.language import current_language, languages_key
from survey.web.i18n.region_texts import texts
from survey.web.pages.compressed_page import FORM_ID_PLACEHOLDER, placeholder
from survey.web.pages.conversation_sheet import filled_sheet, sheet_address
from survey.web.pages.kept_pages import HTML, compressed_response
from survey.web.pages.public_pages import day
from survey.web.pages.sheet_texts import background_choices, intro
from survey.web.pages.sign_films import films_of
from survey.web.pages.template_indent import without_blank_lines
from survey.web.request import services
from survey.web.request.addresses import residents_address, shown_host

_NAME, _ADDRESS, _KEY = placeholder(), placeholder(), placeholder()
_NEXT_NAME, _NEXT_KEY = placeholder(), placeholder()
_ANY_UNIT, _ANY_OTHER = Place(_KEY, _NAME, "unit"), Place(_NEXT_KEY, _NEXT_NAME, "unit")
_NAMES = {_NAME, _NEXT_NAME}
_USUAL_WIDTH = 64  # bytes: who is called something longer shares pages with those who are too


def empty_sheet(sheet: Sheet) -> Response:
    """Return the sheet as anyone first meets it, with a form id of its own."""
    key = "sheet", sheet.round, sheet.role, bool(sheet.kiosk)

    def draw() -> str:
        return _drawn(Sheet(_ANY_UNIT, sheet.round, sheet.role, sheet.kiosk), _ADDRESS, None, FORM_ID_PLACEHOLDER, None)

    return _unit_page(key, draw, {_NAME: sheet.place.name, _ADDRESS: sheet.address}, sheet.new_form_id())


def with_answers(sheet: Sheet, posted: Mapping[str, str], notice: Notice | None = None) -> Response:
    """Return the sheet with what was posted still on it. The form id stays: these answers count once."""
    fields = readable(posted)
    form_id = fields["form_id"] if sheet.knows(fields["form_id"]) else sheet.new_form_id()
    page = _drawn(sheet, sheet.address, fields, form_id, notice)
    return Response(page, status=notice.status if notice else 200, content_type=HTML)


def thanks(place: Place, round_: Round | None, role: str, kiosk: str = "", form_id: str = "") -> Response:
    """Return the thank-you, the same for all who answer for a unit in a language; a kiosk's leads back to its start.

    A form id is given back as it was posted: by that, and by nothing else, our script knows that this form was kept.
    """
    host = shown_host(residents_address())

    def draw() -> str:
        version = round_.version(role) if round_ else DEFAULT_VERSION
        conversation = sheet_address(version) if role == "patient" else ""
        return render_template(
            "answer/thanks.html",
            place=_ANY_UNIT,
            round=round_,
            closing_day=day(round_.closes) if round_ else "",
            host=host,
            kiosk=_ADDRESS if kiosk else "",
            stays=KIOSK_TIMES["THANKS_MS"] // 1000,
            conversation=conversation,
            picture=qr_picture(f"{residents_address()}{conversation}") if kiosk and conversation else "",
            # The address is /s/unit/language/thanks here, also where our script has put this page in the sheet's place.
            elsewhere=lambda tag: f"../{tag}/thanks",
            mark=FORM_ID_PLACEHOLDER,
        )

    values = {_NAME: place.name, _ADDRESS: address_of(place, role, kiosk)}
    mark = form_id if form_ids.is_well_formed(form_id) else ""
    return _unit_page(("thanks", round_, role, bool(kiosk), host), draw, values, mark)


def thanks_with_conversation(sheet: Sheet, posted: Mapping[str, str]) -> Response:
    """Return the thank-you with the conversation sheet under it: the one page that shows what was sent."""
    tag = current_language().tag
    named = {"thanks": thanks_address(sheet, tag), "action": f"{sheet.address}/{tag}"}
    return filled_sheet(sheet.version, readable(posted), fields=answer_fields(posted), **named)


def thanks_address(sheet: Sheet, tag: str) -> str:
    """Return where the thank-you stands for who sent without script."""
    return f"{sheet.address}/{tag}/thanks"


def qr_picture(address: str) -> str:
    """Return the QR code of an address, for who would rather use a phone of their own than a kiosk."""
    from survey.channels import qr

    return qr.qr_data_uri(address)


def coming_page(place: Place, role: str, round_: Round) -> Response:
    """Return what stands there before a round's first day."""

    def draw() -> str:
        first_day = day(round_.opens)
        return render_template("answer/coming.html", place=_ANY_UNIT, first_day=first_day, elsewhere=_in_language)

    return _unit_page(("coming", round_.opens), draw, {_NAME: place.name, _ADDRESS: address_of(place, role)})


def closed_page(place: Place, role: str, into: Place | None, named: Mapping[str, Any]) -> Response:
    """Return what stands there when the round is over, with 410; `into` is the unit that took this one's place."""

    def draw() -> str:
        shown = {"place": _ANY_UNIT, "into": _ANY_OTHER if into else None, "elsewhere": _in_language}
        return render_template("answer/closed.html", **shown, **named)

    values = {_NAME: place.name, _KEY: place.key, _ADDRESS: address_of(place, role)}
    if into:
        values |= {_NEXT_NAME: into.name, _NEXT_KEY: into.key}
    return _unit_page(("closed", bool(into), *named.items()), draw, values, status=410)


def _in_language(tag: str) -> str:
    return f"{_ADDRESS}/{tag}"


def _unit_page(
    key: Hashable, draw: Callable[[], str], values: Mapping[str, str], form_id: str = "", status: int = 200
) -> Response:
    turned = current_language().direction == "rtl"
    shown = {name: _shown(value, turned and name in _NAMES) for name, value in values.items()}
    widths = {name: _width(len(value)) for name, value in shown.items()}
    page = answer_state().pages.get((key, languages_key(), texts()), draw, widths)
    return compressed_response(page, form_id.encode(), shown, status)


@lru_cache(maxsize=8192)
def _shown(value: str, turned: bool) -> bytes:
    """Return a value as it stands in a page: in one that runs from right to left, a name's numbers in one piece."""
    # It stands in a comment first, where two hyphens beside each other may not.
    text = str(escape(value)).replace("--", "-&#45;")
    return (isolated(text) if turned else text).encode()


@lru_cache(maxsize=2048)
def _width(length: int) -> int:
    width = _USUAL_WIDTH
    while width < length:
        width *= 2
    return width


def _drawn(sheet: Sheet, address: str, fields: PostedFields | None, form_id: str, notice: Notice | None) -> str:
    page = render_template(
        "answer/sheet.html",
        place=sheet.place,
        role=sheet.role,
        address=address,
        questions=sheet.version.questions[sheet.role],
        intro=intro(sheet.role, sheet.place.name),
        closing_day=day(sheet.round.closes),
        others=sheet.round.min_others(),
        smallest_group=parse_protection(sheet.round.protection).smallest_group,
        needs_code=sheet.needs_code,
        kiosk=sheet.kiosk,
        round=sheet.round.key,
        transport=public_transport_key(services.volumes(), sheet.round.key) if sheet.kiosk else "",
        background=background_choices(),
        fields=fields,
        at=(notice.at if notice else fields["at"]) if fields else "0",
        code=fields["code"] if fields else "",
        code_room=CODE_WIDTH,
        first_open=_first_open(fields) if fields else 1,
        form_id=form_id,
        notice=notice,
        films=films_of(sheet.version.key) if sheet.role == "patient" else {},
    )
    return without_blank_lines(page)


def _first_open(fields: PostedFields) -> int:
    """Return the step of the first question without an answer, else the one after the questions."""
    return next((n for n, question in enumerate(QUESTIONS, 1) if not fields[question]), len(QUESTIONS) + 1)
