"""The form behind the sheet, made from a questionnaire version: the fields, their values, and the response they make.

For the answer views. The form validates; the page itself is drawn by `sheet`, because WTForms' own drawing costs more
than all the rest of a request. A question that was skipped is no answer and no fault.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from wtforms import Field, Form, StringField

from survey.domain.questions.questionnaire import ANSWER_CODES, QUESTIONS, Version
from survey.domain.questions.responses import AGES, GENDERS, HELP, Background, Response
from survey.domain.rounds.access_codes import normalise
from survey.domain.text.clean_text import printable
from survey.sealing.intake.form_ids import WIDTH as FORM_ID_WIDTH
from survey.sealing.intake.form_ids import is_well_formed
from survey.web.i18n.language import offered

CODE_LENGTH = 64
CODE_WIDTH = 6 * CODE_LENGTH
BACKGROUND = ("gender", "age", "language_used", "help")
_LANGUAGE_ROOM = 24

Kept = Mapping[str, str]
"""What is carried along of a post: names and values as text, an empty text where nothing was said."""


@dataclass(frozen=True)
class Item:
    """One field of the form: its name, its kind, and the values it may have."""

    name: str
    kind: str
    values: tuple[str, ...] = ()


class OneOf(Field):  # type: ignore[misc]
    """A field with one of the values that are offered, or nothing."""

    def __init__(self, values: tuple[str, ...] = (), **more: Any) -> None:
        super().__init__(**more)
        self.values = values

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take what was posted: no default, no filter and no object to be filled from."""
        self.process_errors: list[str] = []
        self.raw_data = formdata.getlist(self.name)
        self.data = self.raw_data[0] if self.raw_data else None

    def validate(self, _form: Form, extra_validators: Any = ()) -> bool:
        """Refuse a value that we never offered. There is no chain of validators to be run."""
        self.errors = ["foreign"] if self.data and self.data not in self.values else []
        return not self.errors


def _choice(item: Item) -> Field:
    return OneOf(values=item.values)


def _text(_item: Item) -> Field:
    return StringField()


MAKERS: dict[str, Callable[[Item], Field]] = {"question": _choice, "background": _choice, "text": _text}


class SheetForm(Form):  # type: ignore[misc]
    """The posted sheet; its fields are added by `sheet_form`."""

    class Meta:
        """The form without WTForms' own messages: the words are ours, in our catalogs."""

        locales = False

        def bind_field(self, form: "SheetForm", unbound: Any, options: dict[str, Any]) -> Field:
            """Bind a field as WTForms does the first time, and by a copy of that after: labels, flags and
            validators are the same in every form, and working them out costs more than the rest of the form.
            """
            kept = form.bound.get(options["name"])
            if kept is None:
                first = unbound.bind(form=form, **options)
                own = {name: value for name, value in vars(first).items() if name not in ("meta", "_form")}
                kept = form.bound[options["name"]] = (type(first), own)
            kind, values = kept
            field: Field = object.__new__(kind)
            vars(field).update(values, meta=self, _form=form)
            return field

    bound: ClassVar[dict[str, tuple[type[Field], dict[str, Any]]]] = {}
    """The fields of the class as they are before anything is posted: kind and attributes by name."""

    def foreign(self) -> list[str]:
        """Return the names of the fields whose value is none that we offer."""
        return [] if self.validate() else list(self.errors)

    def response(self, role: str) -> Response:
        """Return one person's answers, with the background where any was given."""
        told = {name: (self[name].data or None) if name in self else None for name in BACKGROUND}
        told["language"] = told.pop("language_used")
        answers = {question: self[question].data for question in QUESTIONS if self[question].data}
        return Response(role, answers, Background(**told))

    def typed_code(self) -> str:
        """Return the code as it was typed, without the white space around it."""
        return (self.code.data or "").strip()

    def read_code(self) -> str | None:
        """Return the code in its own spelling; None when what was typed can't be one."""
        return normalise(self.typed_code())


def sheet_form(version: Version, role: str, languages: tuple[str, ...]) -> type[SheetForm]:
    """Return the form class of a version for a role."""
    questions = tuple((q.key, tuple(option.code for option in q.options)) for q in version.questions[role])
    return _form_class(questions, role, languages)


@lru_cache(maxsize=64)
def _form_class(
    questions: tuple[tuple[str, tuple[str, ...]], ...], role: str, languages: tuple[str, ...]
) -> type[SheetForm]:
    items = [Item(key, "question", codes) for key, codes in questions]
    if role == "patient":
        items += [Item("gender", "background", GENDERS), Item("age", "background", AGES)]
        items += [Item("language_used", "background", languages), Item("help", "background", HELP)]
    items += [Item("code", "text"), Item("form_id", "text")]
    fields = {item.name: MAKERS[item.kind](item) for item in items}
    return type("SheetForm", (SheetForm,), {**fields, "bound": {}})


_ROOMS = (
    {question: max(map(len, ANSWER_CODES)) for question in QUESTIONS}
    | {"gender": max(map(len, GENDERS)), "age": max(map(len, AGES)), "help": max(map(len, HELP))}
    | {"language_used": _LANGUAGE_ROOM, "code": CODE_WIDTH, "form_id": FORM_ID_WIDTH, "at": 1}
)


_OFFERED: dict[str, tuple[str, ...]] = dict.fromkeys(QUESTIONS, ANSWER_CODES)
_OFFERED |= {"gender": GENDERS, "age": AGES, "help": HELP}


def readable(posted: Mapping[str, str], step: str = "0") -> dict[str, str]:
    """Return the fields of a post that can be carried along: offered values, a form id, the code as typed."""
    kept = {name: posted.get(name, "") for name in (*QUESTIONS, *BACKGROUND, "form_id")}
    known = {name: kept[name] in values for name, values in _OFFERED.items()}
    known |= {"language_used": offered(kept["language_used"]) is not None, "form_id": is_well_formed(kept["form_id"])}
    kept = {name: value if known[name] else "" for name, value in kept.items()}
    kept["code"] = printable(posted.get("code", ""))[:CODE_LENGTH]
    at = posted.get("at", "")
    kept["at"] = at if len(at) == 1 and at in "0123456789" else step
    return kept


def hidden_fields(posted: Mapping[str, str]) -> tuple[list[tuple[str, str, int]], int]:
    """Return the hidden fields (name, value, room in the page), and how many questions are answered."""
    kept = readable(posted)
    answered = sum(kept[question] in ANSWER_CODES for question in QUESTIONS)
    return [(name, kept[name], _ROOMS[name]) for name in kept], answered
