"""Planning of a round: the answers that a detectable gap takes, and the codes to hand out for them.

For the coordinator who plans a round. Codes are counted at the newest published round's response rate in the whole
region, and of answers with a code alone: an open link is handed out to nobody. Unknown is None, never zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from survey.domain.disclosure.protection import Protection
from survey.domain.questions.answer_scale import ROLES
from survey.publication import edition_reader

GAPS = (10, 15)  # points
LEVELS = ("unit", "municipality")
INVITED = "invited"


@dataclass(frozen=True)
class Requirement:
    """Answers and codes for one gap at a place of one level."""

    level: str
    gap: int
    answers: int | None  # of each role
    codes: Mapping[str, int | None]


@dataclass(frozen=True)
class SamplePlan:
    """Requirements of each gap, and the response rates by role, in percent, that the codes are counted at."""

    rows: tuple[Requirement, ...]
    rates: Mapping[str, float | None]
    round_name: str


def plan_sample(connection: Connection, protection: Protection) -> SamplePlan:
    """Plan by the newest published round; before the first one only the answers are known."""
    newest = edition_reader.latest_by_round(connection)[-1:]
    rates = {
        role: code_response_rate(newest[0].head, newest[0].respondents, role) if newest else None for role in ROLES
    }
    rows = tuple(_requirement(level, gap, protection, rates) for level in LEVELS for gap in GAPS)
    return SamplePlan(
        rows,
        {role: None if rate is None else 100 * rate for role, rate in rates.items()},
        newest[0].head["round"]["name"] if newest else "",
    )


def code_response_rate(
    head: Mapping[str, Any], respondents: Mapping[tuple[str, str], Mapping[str, Any]], role: str
) -> float | None:
    """Return the part of the whole region's codes that were answered, of an edition and its rows of respondents.

    Never over all, where answers are rounded up; None where it is not known.
    """
    top = next(place["key"] for place in head["places"] if place["parent"] is None)
    out = respondents.get((top, role), {}).get("handed_out")
    n = next(
        (row["n"] for row in head["collection_modes"] if (row["role"], row["collection_mode"]) == (role, INVITED)), None
    )
    return min(1.0, n / out) if n and out else None


def _requirement(level: str, gap: int, protection: Protection, rates: Mapping[str, float | None]) -> Requirement:
    from analysis.measures.noise import variance
    from analysis.measures.planning import answers_needed, codes_needed

    noise = variance(float(protection.of_level(level)))
    answers = answers_needed(gap / 100, noise_1=noise, noise_2=noise)
    codes = {role: codes_needed(answers, rate) if answers and rate else None for role, rate in rates.items()}
    return Requirement(level, gap, answers, codes)
