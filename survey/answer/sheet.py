"""The sheet: the questions that one unit asks one role in one round, and its pages.

For the answer views. An empty sheet is drawn and compressed once per language; a sheet with answers on
it is drawn anew and sent uncompressed, so that its length is the same whatever was answered.
"""

import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock

from flask import Response, current_app, render_template

from survey.answer.forms import CODE_WIDTH, Kept, readable
from survey.answer.rate_limit import RateLimit
from survey.domain.disclosure.protection import parse_protection
from survey.domain.places.place_tree import Place
from survey.domain.questions.answer_scale import ROLE_PREFIX
from survey.domain.questions.questionnaire import QUESTIONS, Version
from survey.domain.rounds.lifecycle import Round
from survey.sealing.intake import form_ids
from survey.sealing.keys.registry import is_over
from survey.store.core import places, rounds
from survey.store.database.engine import read_transaction
from survey.web.i18n.language import drawn_for
from survey.web.i18n.region_texts import texts
from survey.web.pages.kept_pages import HTML, compressed_response
from survey.web.pages.page_cache import FORM_ID_PLACEHOLDER, PageCache
from survey.web.pages.public_pages import day
from survey.web.pages.sheet_texts import background_choices, intro
from survey.web.pages.template_indent import without_blank_lines
from survey.web.request import services
from survey.web.request.addresses import residents_address, shown_host

_MOST_REMEMBERED = 1024


@dataclass(frozen=True)
class Sheet:
    """The questions that one unit asks one role in one round; `kiosk` is the token of its device, if any."""

    place: Place
    round: Round
    role: str
    kiosk: str = ""

    @property
    def address(self) -> str:
        """Return the short address, without a language."""
        return _address(self.place, self.role, self.kiosk)

    @property
    def needs_code(self) -> bool:
        """Return whether this sheet is answered by code alone."""
        return self.round.needs_code(self.role)

    @property
    def version(self) -> Version:
        """Return the version that is asked."""
        return services.versions()[self.round.version(self.role)]

    def new_form_id(self) -> str:
        """Return a new form id for the next page."""
        return form_ids.issue_form_id(services.form_id_key(), self.place.key, self.round.key, self.role)

    def knows(self, form_id: str) -> bool:
        """Return whether a form id is one of ours for this very sheet."""
        return form_ids.is_valid(services.form_id_key(), form_id, self.place.key, self.round.key, self.role)


@dataclass(frozen=True)
class Notice:
    """A notice on top of a sheet that came back: `target` is the field to mend, `at` its step."""

    status: int
    lines: tuple[str, ...]
    at: str
    target: str = ""
    link: str = ""


class OpenRoundCache:
    """A memory, two seconds long, of which round each unit is asked in: many fetches cost one look."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, seconds: float = 2.0) -> None:
        self._clock, self._seconds = clock, seconds
        self._known: dict[tuple[str, date], tuple[float, Place | None, Round | None]] = {}
        self._lock = Lock()

    def of(self, unit: str) -> tuple[Place | None, Round | None]:
        """Return the unit with this short address, and the round that takes answers for it today."""
        key, now = (unit, services.today()), self._clock()
        found = self._known.get(key)
        if found is not None and now < found[0]:
            return found[1], found[2]
        place, round_ = _look_up(*key)
        with self._lock:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[key] = (now + self._seconds, place, round_)
        return place, round_


def _look_up(unit: str, today: date) -> tuple[Place | None, Round | None]:
    with read_transaction(services.engine()) as connection:
        place = places.unit_by_key(connection, unit)
        asked = rounds.open_round_for(connection, unit, today) if place and place.in_force(today) else None
    # A database from before the closing says that the round is open: nothing could open what is sealed to it.
    return place, None if asked and is_over(services.volumes(), asked.key) else asked


def coming_round(place: Place) -> Round | None:
    """Return the round that is open for a unit but whose first day is yet to come."""
    today = services.today()
    with read_transaction(services.engine()) as connection:
        found = rounds.round_to_distribute(connection, place.key, today) if place.in_force(today) else None
    return found if found and found.opens > today else None


@dataclass
class AnswerState:
    """The memory of the answer pages in one process: the drawn pages, and the rounds that are open."""

    pages: PageCache
    open_rounds: OpenRoundCache
    rate_limit: RateLimit


def answer_state() -> AnswerState:
    """Return the current app's memory of the answer pages."""
    found: AnswerState = current_app.extensions["answer"]
    return found


def empty_sheet(sheet: Sheet) -> Response:
    """Return the sheet as anyone first meets it: from the shelf, with a form id of its own."""
    page = answer_state().pages.get(_key("sheet", sheet), lambda: _drawn(sheet, None, FORM_ID_PLACEHOLDER, None))
    return compressed_response(page, sheet.new_form_id().encode())


def with_answers(sheet: Sheet, posted: Mapping[str, str], notice: Notice | None = None) -> Response:
    """Return the sheet with what was posted still on it. The form id stays: these answers count once."""
    kept = readable(posted)
    form_id = kept["form_id"] if sheet.knows(kept["form_id"]) else sheet.new_form_id()
    page = _drawn(sheet, kept, form_id, notice)
    return Response(page, status=notice.status if notice else 200, content_type=HTML)


def thanks(place: Place, round_: Round | None, role: str, kiosk: str = "", form_id: str = "") -> Response:
    """Return the thank-you, the same for all who answer for a unit in a language; a kiosk's leads back to its start.

    A form id is given back as it was posted: by that, and by nothing else, our script knows that this form was kept.
    """
    address = _address(place, role, kiosk)

    host = shown_host(residents_address())

    def draw() -> str:
        return render_template(
            "answer/thanks.html",
            place=place,
            round=round_,
            closing_day=day(round_.closes) if round_ else "",
            host=host,
            kiosk=address if kiosk else "",
            elsewhere=lambda tag: f"{address}/{tag}/thanks",
            mark=FORM_ID_PLACEHOLDER,
        )

    key = ("thanks", role, place, round_, kiosk, drawn_for(), host, texts())
    return compressed_response(
        answer_state().pages.get(key, draw), form_id.encode() if form_ids.is_well_formed(form_id) else b""
    )


def _address(place: Place, role: str, kiosk: str) -> str:
    return f"/kiosk/{place.key}/{kiosk}" if kiosk else f"/{ROLE_PREFIX[role]}/{place.key}"


def _key(kind: str, sheet: Sheet) -> Hashable:
    return kind, sheet, drawn_for(), texts()


def _drawn(sheet: Sheet, kept: Kept | None, form_id: str, notice: Notice | None) -> str:
    page = render_template(
        "answer/sheet.html",
        place=sheet.place,
        role=sheet.role,
        address=sheet.address,
        questions=sheet.version.questions[sheet.role],
        intro=intro(sheet.role, sheet.place.name),
        closing_day=day(sheet.round.closes),
        others=sheet.round.min_others(),
        smallest_group=parse_protection(sheet.round.protection).smallest_group,
        needs_code=sheet.needs_code,
        kiosk=sheet.kiosk,
        background=background_choices(),
        kept=kept,
        at=(notice.at if notice else kept["at"]) if kept else "0",
        code=kept["code"] if kept else "",
        code_room=CODE_WIDTH,
        first_open=_first_open(kept) if kept else 1,
        form_id=form_id,
        notice=notice,
    )
    return without_blank_lines(page)


def _first_open(kept: Kept) -> int:
    """Return the step of the first question without an answer, else the one after the questions."""
    return next((n for n, question in enumerate(QUESTIONS, 1) if not kept[question]), len(QUESTIONS) + 1)
