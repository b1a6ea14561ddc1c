"""One person's seven answers, as they stand in memory and inside an envelope.

For the answer form, the seal and the counting. Both envelopes of a response hold the same number of bytes
whatever was answered, so that their length says nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.domain.questions.answer_scale import ANSWER_OPTIONS, QUESTIONS, ROLES
from survey.domain.text.i18n import N_

# A resident's background options: code, and its label on a page and on paper.
LABELS: Mapping[str, Mapping[str, str]] = {
    "gender": {"woman": N_("Kvinna"), "man": N_("Man"), "other": N_("Annat")},
    "age": {
        "0-17": N_("0–17 år"),
        "18-34": N_("18–34 år"),
        "35-49": N_("35–49 år"),
        "50-64": N_("50–64 år"),
        "65-79": N_("65–79 år"),
        "80+": N_("80 år eller äldre"),
    },
    "help": {"alone": N_("Nej, jag svarade själv"), "with_help": N_("Ja, någon hjälpte mig")},
}
GENDERS, AGES, HELP = (tuple(LABELS[name]) for name in ("gender", "age", "help"))

SIZE = 48
_FORMAT = 2
_CODE_OF = {option.byte: code for code, option in ANSWER_OPTIONS.items()}
_LANGUAGE_START = 12
_LANGUAGE_SIZE = 24


class UnreadableResponse(ValueError):
    """Bytes or values that are no response."""


@dataclass(frozen=True)
class Background:
    """A resident's optional answers about themselves; None where nothing was said."""

    gender: str | None = None
    age: str | None = None
    language: str | None = None
    help: str | None = None


@dataclass(frozen=True)
class Response:
    """One person's answers. A skipped question is absent."""

    role: str
    answers: Mapping[str, str]
    background: Background = field(default_factory=Background)


def pack(response: Response) -> bytes:
    """Pack the first envelope's content: the answers, never the background."""
    return _packed(response, Background())


def pack_background(response: Response) -> bytes:
    """Pack the second envelope's content: answers and background; sent also when nothing was filled in."""
    return _packed(response, response.background)


def unpack(content: bytes) -> Response:
    """Unpack the response of either envelope; raise UnreadableResponse where it is none."""
    if len(content) != SIZE or content[0] != _FORMAT:
        raise UnreadableResponse("not a response of this format")
    role, *marks = content[1 : 2 + len(QUESTIONS)]
    gender, age, help_ = content[9:_LANGUAGE_START]
    answers = {question: _CODE_OF[mark] for question, mark in zip(QUESTIONS, marks, strict=True) if mark in _CODE_OF}
    if role >= len(ROLES) or not {0, *_CODE_OF}.issuperset(marks):
        raise UnreadableResponse("a value outside its list")
    language = content[_LANGUAGE_START : _LANGUAGE_START + _LANGUAGE_SIZE].rstrip(b"\0")
    try:
        background = Background(
            _named(GENDERS, gender), _named(AGES, age), language.decode("ascii") or None, _named(HELP, help_)
        )
    except (IndexError, UnicodeDecodeError):
        raise UnreadableResponse("a value outside its list") from None
    return Response(ROLES[role], answers, background)


def _packed(response: Response, background: Background) -> bytes:
    try:
        marks = [ANSWER_OPTIONS[response.answers[q]].byte if q in response.answers else 0 for q in QUESTIONS]
        numbers = [ROLES.index(response.role), *marks]
        numbers += [_number(GENDERS, background.gender), _number(AGES, background.age)]
        numbers.append(_number(HELP, background.help))
        language = (background.language or "").encode("ascii")
    except (KeyError, ValueError):
        raise UnreadableResponse("a value outside its list") from None
    if len(language) > _LANGUAGE_SIZE:
        raise UnreadableResponse("too long a language tag")
    return bytes([_FORMAT, *numbers, *language]).ljust(SIZE, b"\0")


def _number(names: tuple[str, ...], name: str | None) -> int:
    return 0 if name is None else 1 + names.index(name)


def _named(names: tuple[str, ...], number: int) -> str | None:
    return names[number - 1] if number else None
