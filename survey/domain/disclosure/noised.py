"""Noised figures: all that is ever written of a round's answers. For the seal and the store.

Made by `sealing.rounds.noising` alone. Nothing else that counts answers can be written: the store takes no other type.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.domain.questions.answer_scale import TOLD_APART

EVERYONE = "all"  # all who answered at a place
CLASSES_OF = "patient"  # the role whose collection modes have figures of their own, at the top
REST = "rest"  # the answers opened at a place above the units


@dataclass(frozen=True)
class Figures:
    """A group's noised counts for one question, signed.

    `non_substantive`: those who took no stand, or skipped the question. `apart`: of each option that has a figure
    of its own there, by code.
    """

    yes: int
    not_yes: int
    non_substantive: int
    apart: Mapping[str, int] = field(default_factory=dict)

    def columns(self) -> dict[str, int | None]:
        """Return every figure by the name of its column; None where an option is not told apart."""
        three = {name: getattr(self, name) for name in THREE}
        return {**three, **{code: self.apart.get(code) for code in TOLD_APART}}


THREE = ("yes", "not_yes", "non_substantive")
FIGURES = (*THREE, *TOLD_APART)

Address = tuple[str, str, str, str]  # place, part (EVERYONE, REST or a collection mode), role, question


@dataclass(frozen=True)
class Matched:
    """Weighted sums of one role's answers to a question over a place's matched units, with noise.

    `heaviest` is the largest weight, which decides how much noise was added.
    """

    yes: int
    not_yes: int
    heaviest: int


@dataclass(frozen=True)
class Noised:
    """A closed round, as it is written.

    `answered`: how many, by the place where they were opened, role and collection mode. `tree`: which places there
    were, their levels and what each lay under, as JSON.
    """

    answered: Mapping[tuple[str, str, str], int]
    figures: Mapping[Address, Figures]
    matched: Mapping[tuple[str, str, str], Matched] = field(default_factory=dict)
    groups: Mapping[tuple[str, str], int] = field(default_factory=dict)
    background: Mapping[tuple[str, str, str], Figures] = field(default_factory=dict)
    tree: str = ""
