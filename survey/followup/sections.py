"""A question as the page shows it: both wordings, what a difference means, the figures now and over the rounds.

For the follow-up page. Every figure is one that stands in an edition, or the gap that `analysis` makes of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from survey.domain.marking import N_
from survey.domain.questionnaire import QUESTIONS, ROLES, Version
from survey.followup.reading import Reading
from survey.publication.texts import BabelTexts

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]

NOT_THERE = N_("fanns inte då")
OF_ALL = ("dont_know", "not_needed")


def over_rounds(every: "pd.DataFrame") -> dict[str, list[Row]]:
    """Each question's row in every round, oldest first: both sides' cells and their gap."""
    from analysis.frame import records

    found: dict[str, list[Row]] = {question: [] for question in QUESTIONS}
    for row in records(every):
        found[row["question"]].append(row)
    return found


def sections(
    reading: Reading, rows: Mapping[str, Sequence[Row]], versions: Mapping[str, Version]
) -> list[dict[str, Any]]:
    """The seven questions in their order."""
    from analysis.frame import records

    now = {(row["role"], row["question"]): row for row in records(reading.cells)}  # the newest is the last
    return [_section(question, reading, rows[question], now, versions) for question in QUESTIONS]


def _section(
    question: str,
    reading: Reading,
    rows: Sequence[Row],
    now: Mapping[tuple[str, str], Row],
    versions: Mapping[str, Version],
) -> dict[str, Any]:
    from analysis import findings

    texts = reading.texts
    asked = {role: versions[reading.edition["versions"][role]].question(role, question) for role in ROLES}
    return {
        "key": question,
        "name": texts.question(question),
        "asked": {role: texts.gettext(asked[role].text) for role in ROLES},
        "options": {role: [texts.gettext(option.label) for option in asked[role].options] for role in ROLES},
        "meaning": texts.gettext(asked["patient"].difference),
        "verdict": findings.gap_sentence(rows[-1], texts),
        "now": [
            _side(reading, now[role, question]) | {"may_say": {option.code for option in asked[role].options}}
            for role in ROLES
        ],
        "rounds": [
            _round(row, before, reading) | {"old": old}
            for (row, before), old in zip(_with_before(rows), _old_wordings(question, reading, versions), strict=True)
        ],
    }


def _old_wordings(question: str, reading: Reading, versions: Mapping[str, Version]) -> list[dict[str, str]]:
    """What each role was asked the round before, for every round."""
    asked = [
        {role: versions[body["versions"][role]].question(role, question).text for role in ROLES}
        for body in reading.bodies
    ]
    said = [{role: reading.texts.gettext(text) for role, text in each.items()} for each in asked]
    return [{}, *(before for before, _after in pairwise(said))]


def existed(row: Row) -> bool:
    """Return whether the place was there in the round: where it was, both sides were asked in some words."""
    return all(isinstance(row[f"wording_{role}"], str) and row[f"wording_{role}"] for role in ROLES)


def _with_before(rows: Sequence[Row]) -> Iterator[tuple[Row, Row | None]]:
    """Pair each round with the nearest one before it in which the place was there."""
    before: Row | None = None
    for row in rows:
        yield row, before
        before = row if existed(row) else before


def reworded(row: Row, before: Row | None) -> list[str]:
    """Return the roles whose wording is another than in the round before; none where the place was not there."""
    if before is None or not existed(row) or not existed(before):
        return []
    return [role for role in ROLES if row[f"wording_{role}"] != before[f"wording_{role}"]]


def _side(reading: Reading, row: Row) -> dict[str, Any]:
    """One role's answers in the edition that is read."""
    from analysis import findings

    texts = reading.texts
    return {
        "role": row["role"],
        "share": findings.share_words(row, texts),
        "interval": _interval(row, reading),
        "n": _about(row["n"], reading),
        "shown": row["status"] == "shown",
        "partly": _percent(row["partly"], reading),
        "no": _percent(row["no"], reading),
        "not_yes": _percent(row["not_yes"], reading),
        **{code: _percent(row[code], reading) for code in OF_ALL},
    }


def _round(row: Row, before: Row | None, reading: Reading) -> dict[str, Any]:
    from analysis import findings

    texts, there = reading.texts, existed(row)
    return {
        "name": texts.round_name(row["round"]),
        "reworded": reworded(row, before),
        "joined": reading.joined.get(row["round"], ()),
        "sides": [
            {
                "share": findings.share_words(row, texts, f"{role}_") if there else texts.gettext(NOT_THERE),
                "interval": _interval(row, reading, f"{role}_"),
                "n": _about(row[f"{role}_n"], reading),
            }
            for role in ROLES
        ],
        "gap": findings.gap_number(row, texts),
        "verdict": findings.gap_verdict(row, texts) if there else "",
        "extent": findings.gap_extent(row, texts),
        "distinct": row["distinct"],
    }


def _known(value: Any) -> bool:
    return value is not None and value == value  # noqa: PLR0124 — a frame's missing number is not itself


def _percent(value: Any, reading: Reading) -> str:
    return reading.texts.percent(value) if _known(value) else ""


def _about(value: Any, reading: Reading) -> str:
    return reading.texts.number(value) if _known(value) else ""


def _interval(row: Row, reading: Reading, prefix: str = "") -> str:
    low, high = row[f"{prefix}low"], row[f"{prefix}high"]
    if not (_known(low) and _known(high)):
        return ""
    return f"{reading.texts.number(low)}–{reading.texts.percent(high)}"


def changes(samsyn: "pd.DataFrame", reading: Reading) -> dict[str, str]:
    """How each gap has changed, in a sentence; no entry where that is not tested."""
    from analysis.frame import records
    from analysis.progress import gap_change

    return {row["question"]: gap_change(row, reading.texts) for row in records(samsyn) if row["since"]}


def _gap_words(row: Row, texts: BabelTexts) -> str:
    from analysis import findings

    return (findings.gap_verdict if row["status"] == "hidden" else findings.gap_number)(row, texts)


def matrix(reading: Reading, by_question: Mapping[str, Sequence[Row]]) -> list[dict[str, Any]]:
    """Each question over the rounds, shares and gap: the tables beside the two pictures of all seven."""
    from analysis import findings

    texts = reading.texts
    not_there = texts.gettext(NOT_THERE)
    return [
        {
            "key": question,
            "name": texts.question(question),
            "sides": [
                [
                    {
                        "words": findings.share_words(row, texts, f"{role}_") if existed(row) else not_there,
                        "few": row[f"{role}_status"] == "hidden",
                        "joined": bool(reading.joined.get(row["round"])),
                        "reworded": role in reworded(row, before),
                    }
                    for row, before in _with_before(rows)
                ]
                for role in ROLES
            ],
            "gaps": [
                {
                    "words": _gap_words(row, texts) if existed(row) else not_there,
                    "joined": bool(reading.joined.get(row["round"])),
                    "extent": findings.gap_extent(row, texts),
                    "distinct": row["distinct"],
                    "reworded": bool(reworded(row, before)),
                }
                for row, before in _with_before(rows)
            ],
        }
        for question, rows in by_question.items()
    ]
