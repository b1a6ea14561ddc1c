"""The answer scale: its options, each with all that is known of it, the seven questions and the two roles.

For the questionnaire, the seal, the tally, the edition and all that is said or drawn of it; `analysis` reads this one
module of the survey. Answers are stored as codes: a version of the questionnaire may reword a label, not a code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from survey.domain.text.i18n import N_

CountsAs = Literal["yes", "not_yes", "non_substantive"]

QUESTIONS: tuple[str, ...] = (
    "trygghet",
    "overenskommelse",
    "kontaktvagar",
    "fast_vardkontakt",
    "nasta_steg",
    "nasta_tid",
    "overblick",
)
ROLES: tuple[str, ...] = ("patient", "provider")
ROLE_PREFIX = {"patient": "s", "provider": "p"}  # the first word of a role's short address

_MAY_NOT_CONCERN_ME = ("overenskommelse", "fast_vardkontakt", "nasta_steg", "nasta_tid", "overblick")
_EVERYWHERE = frozenset((role, question) for role in ROLES for question in QUESTIONS)


@dataclass(frozen=True)
class AnswerOption:
    """One option of the scale.

    `counts_as`: a share is yes as a part of yes and not yes, and the rest are outside its base. `byte`: what stands for
    it in an envelope, for ever. `word`: what it is called in a sentence; `heading`, on a page; `title` and
    `count_title`, in files, where `meaning` and `count_meaning` say what they are. `tint`: how strongly its bar is
    coloured. `offered`: to which role, of which question. `required`: each version offers it there; of others, those
    that name it. `apart`: it stands below the others on the form.
    """

    counts_as: CountsAs
    byte: int
    word: str
    heading: str
    title: str
    meaning: str
    count_title: str
    count_meaning: str
    tint: float = 0.0
    offered: frozenset[tuple[str, str]] = _EVERYWHERE
    required: bool = False
    apart: bool = False


# In the order in which they are always shown; those that are not yes begin with the nearest to it.
ANSWER_OPTIONS: Mapping[str, AnswerOption] = {
    "yes": AnswerOption(
        counts_as="yes",
        byte=1,
        word=N_("ja"),
        heading=N_("Svarar ja"),
        title=N_("Ja, %%"),
        meaning=N_("Svarar ja, i procent av dem som tog ställning."),
        count_title=N_("Antal ja"),
        count_meaning=N_("Antal ja, med brus. Kan i CSV och JSON vara under noll; i kalkylbladen står då 0."),
        tint=1.0,
        required=True,
    ),
    "partly": AnswerOption(
        counts_as="not_yes",
        byte=2,
        word=N_("delvis"),
        heading=N_("Delvis"),
        title=N_("Delvis, %%"),
        meaning=N_("Svarar delvis, i procent av dem som tog ställning."),
        count_title=N_("Antal delvis"),
        count_meaning=N_("Antal delvis, med brus. Bara för kommuner och regionen."),
        tint=0.4,
        offered=_EVERYWHERE - {("patient", "fast_vardkontakt")},
        required=True,
    ),
    "no": AnswerOption(
        counts_as="not_yes",
        byte=3,
        word=N_("nej"),
        heading=N_("Nej"),
        title=N_("Nej, %%"),
        meaning=N_("Svarar nej, i procent av dem som tog ställning."),
        count_title=N_("Antal nej"),
        count_meaning=N_("Antal nej, med brus. Bara för kommuner och regionen."),
        tint=0.12,
        required=True,
    ),
    "not_needed": AnswerOption(
        counts_as="non_substantive",
        byte=4,
        word=N_("inte aktuellt"),
        heading=N_("Inte aktuellt, av alla svar"),
        title=N_("Inte aktuellt, %%"),
        meaning=N_("Svarar att frågan inte är aktuell, i procent av alla svar på frågan."),
        count_title=N_("Antal inte aktuellt"),
        count_meaning=N_("Antal inte aktuellt, med brus. Bara för regionen."),
        offered=frozenset(("patient", question) for question in _MAY_NOT_CONCERN_ME),
        required=True,
    ),
    "dont_know": AnswerOption(
        counts_as="non_substantive",
        byte=5,
        word=N_("vet inte"),
        heading=N_("Vet inte, av alla svar"),
        title=N_("Vet inte, %%"),
        meaning=N_("Svarar vet inte, i procent av alla svar på frågan."),
        count_title=N_("Antal vet inte"),
        count_meaning=N_("Antal vet inte, med brus. Bara för regionen."),
        required=True,
        apart=True,
    ),
}
ANSWER_CODES = tuple(ANSWER_OPTIONS)
NOT_YES, NON_SUBSTANTIVE = (
    tuple(code for code, option in ANSWER_OPTIONS.items() if option.counts_as == kind)
    for kind in ("not_yes", "non_substantive")
)
# Those that have figures of their own at a place above the units, in the order of their columns.
TOLD_APART = (*NOT_YES, *sorted(NON_SUBSTANTIVE, key=lambda code: -len(ANSWER_OPTIONS[code].offered)))


def answer_codes_of(role: str, question: str) -> tuple[str, ...]:
    """Return the codes a role may answer a question with, in the order they are always shown."""
    return tuple(code for code, option in ANSWER_OPTIONS.items() if (role, question) in option.offered)
