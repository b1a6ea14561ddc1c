"""The posted sheet, read once: into a submission that can be taken, or the first thing in it to be mended.

For the answer views. Also what of a post can be carried along on a page. A question that was skipped is no answer and
no fault.
"""

from collections.abc import Mapping
from functools import partial

from survey.answer import notices
from survey.answer.sheet import Notice, Sheet
from survey.domain.questions.questionnaire import ANSWER_CODES, QUESTIONS
from survey.domain.questions.responses import AGES, GENDERS, HELP, Background, Response
from survey.domain.rounds.access_codes import normalise
from survey.domain.text.clean_text import printable
from survey.sealing.intake.form_ids import WIDTH as FORM_ID_WIDTH
from survey.sealing.intake.form_ids import is_well_formed
from survey.sealing.intake.submit import Submission
from survey.web.i18n.language import offered

CODE_LENGTH = 64
CODE_WIDTH = 6 * CODE_LENGTH
BACKGROUND = ("gender", "age", "language_used", "help")
_LANGUAGE_ROOM = 24

PostedFields = Mapping[str, str]
"""What is carried along of a post: names and values as text, an empty text where nothing was said."""


def read_submission(sheet: Sheet, posted: Mapping[str, str]) -> Submission | Notice:
    """Return what was posted as a submission to this sheet, or the notice of the first thing to mend."""
    given = {name: posted.get(name, "") for name in (*QUESTIONS, *BACKGROUND)}
    if (name := _foreign_field(sheet, given)) is not None:
        return notices.foreign_value(name)
    answers = {question: given[question] for question in QUESTIONS if given[question]}
    if not answers:
        return notices.nothing_answered()
    typed, form_id = posted.get("code", "").strip(), posted.get("form_id", "")
    code = normalise(typed) if typed else None
    if typed and code is None:
        return notices.unknown_code(sheet)
    if not typed and sheet.needs_code:
        return notices.no_code(sheet)
    if not typed and not sheet.knows(form_id):
        return notices.stale(sheet)
    response = Response(sheet.role, answers, _background(sheet.role, given))
    named = partial(Submission, sheet.place.key, sheet.round.key, sheet.role, response)
    return named(code=code) if code else named(form_id=form_id)


def _background(role: str, given: Mapping[str, str]) -> Background:
    if role != "patient":
        return Background()
    gender, age, language, help_ = (given[name] or None for name in BACKGROUND)
    return Background(gender, age, language, help_)


def _foreign_field(sheet: Sheet, given: Mapping[str, str]) -> str | None:
    """Return the first field, in the order of the page, that holds what this sheet does not offer; else None."""
    for question in sheet.version.questions[sheet.role]:
        said = given[question.key]
        if said and said not in [option.code for option in question.options]:
            return question.key
    asked = BACKGROUND if sheet.role == "patient" else ()
    return next((name for name in asked if given[name] and not _is_background(name, given[name])), None)


def _is_background(name: str, value: str) -> bool:
    return offered(value) is not None if name == "language_used" else value in _OFFERED[name]


_ROOMS = (
    {question: max(map(len, ANSWER_CODES)) for question in QUESTIONS}
    | {"gender": max(map(len, GENDERS)), "age": max(map(len, AGES)), "help": max(map(len, HELP))}
    | {"language_used": _LANGUAGE_ROOM, "code": CODE_WIDTH, "form_id": FORM_ID_WIDTH, "at": 1}
)


_OFFERED: dict[str, tuple[str, ...]] = dict.fromkeys(QUESTIONS, ANSWER_CODES)
_OFFERED |= {"gender": GENDERS, "age": AGES, "help": HELP}


def readable(posted: Mapping[str, str], step: str = "0") -> dict[str, str]:
    """Return the fields of a post that can be carried along: offered values, a form id, the code as typed."""
    fields = {name: posted.get(name, "") for name in (*QUESTIONS, *BACKGROUND, "form_id")}
    known = {name: fields[name] in values for name, values in _OFFERED.items()}
    known |= {
        "language_used": offered(fields["language_used"]) is not None,
        "form_id": is_well_formed(fields["form_id"]),
    }
    fields = {name: value if known[name] else "" for name, value in fields.items()}
    fields["code"] = printable(posted.get("code", ""))[:CODE_LENGTH]
    at = posted.get("at", "")
    fields["at"] = at if len(at) == 1 and at in "0123456789" else step
    return fields


def answer_fields(posted: Mapping[str, str]) -> list[tuple[str, str, int]]:
    """Return the hidden fields (name, value, room in the page) of the questions and the form id alone."""
    kept = readable(posted)
    return [(name, kept[name], _ROOMS[name]) for name in (*QUESTIONS, "form_id")]


def hidden_fields(posted: Mapping[str, str]) -> tuple[list[tuple[str, str, int]], int]:
    """Return the hidden fields (name, value, room in the page), and how many questions are answered."""
    fields = readable(posted)
    answered = sum(fields[question] in ANSWER_CODES for question in QUESTIONS)
    return [(name, fields[name], _ROOMS[name]) for name in fields], answered
