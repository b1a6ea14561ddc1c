"""The rows of the figures as short words: a share, its interval, a gap, what was asked anew. For a place's pages."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from survey.domain.questions.questionnaire import QUESTIONS, ROLES
from survey.domain.text.clean_text import capitalised
from survey.domain.text.i18n import N_
from survey.followup.selection import PlaceReport

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]
Context = dict[str, Any]

NOT_ASKED = N_("fanns inte då")
ALMOST_ALL = 99.5  # percent
UNSHOWN = ("hidden", "unsure")  # statuses of figures without anything to print


def by_round(report: PlaceReport) -> "pd.DataFrame":
    """Return a row for each round and question, oldest first: both sides' cells and their gap."""
    from analysis.charts import gap

    keys = [body["round"]["key"] for body in report.bodies]
    return gap.by_round(report.cells, report.gaps, report.node, keys)


def over_rounds(every: "pd.DataFrame") -> dict[str, list[Row]]:
    """Return each question's row in every round, oldest first."""
    from analysis.frames.frame import records

    found: dict[str, list[Row]] = {question: [] for question in QUESTIONS}
    for row in records(every):
        found[row["question"]].append(row)
    return found


def was_asked(row: Row) -> bool:
    """Return whether the place was there in the round: where it was, both sides were asked in some words."""
    return all(isinstance(row[f"wording_{role}"], str) and row[f"wording_{role}"] for role in ROLES)


def with_before(rows: Sequence[Row]) -> Iterator[tuple[Row, Row | None]]:
    """Pair each round with the nearest one before it in which the place was there."""
    before: Row | None = None
    for row in rows:
        yield row, before
        before = row if was_asked(row) else before


def reworded_roles(row: Row, before: Row | None) -> list[str]:
    """Return the roles whose wording is another than in the round before; none where the place was not there."""
    if before is None or not was_asked(row) or not was_asked(before):
        return []
    return [role for role in ROLES if row[f"wording_{role}"] != before[f"wording_{role}"]]


def is_known(value: Any) -> bool:
    """Return whether a frame's number is there."""
    return value is not None and value == value  # noqa: PLR0124 — a frame's missing number is not itself


def percent_text(value: Any, report: PlaceReport) -> str:
    """Return a share, or nothing where it is missing."""
    return report.texts.percent(value) if is_known(value) else ""


def rate_text(value: Any, report: PlaceReport) -> str:
    """Return what part of those asked have answered, or nothing; rounded to five, answers may be more than all."""
    return _("nästan alla") if is_known(value) and value >= ALMOST_ALL else percent_text(value, report)


def count_text(value: Any, report: PlaceReport) -> str:
    """Return a number of answers, or nothing where it is missing."""
    return report.texts.number(value) if is_known(value) else ""


def interval_text(row: Row, report: PlaceReport, prefix: str = "") -> str:
    """Return a share's interval; nothing where it is missing, or where it is all that the share's words say."""
    low, high = row[f"{prefix}low"], row[f"{prefix}high"]
    if row[f"{prefix}status"] in {*UNSHOWN, "interval"} or not (is_known(low) and is_known(high)):
        return ""
    return f"{report.texts.number(low)}–{report.texts.percent(high)}"


def side_text(row: Row, report: PlaceReport, role: str) -> Context:
    """Return one side's share in a round, in words."""
    from analysis.sentences import findings

    prefix = f"{role}_"
    return {
        "share": findings.share_text(row, report.texts, prefix) if was_asked(row) else report.texts.gettext(NOT_ASKED),
        "interval": interval_text(row, report, prefix),
        "n": count_text(row[f"{prefix}n"], report),
        "quiet": row[f"{prefix}status"] in UNSHOWN,
    }


def gap_text(row: Row, report: PlaceReport) -> Context:
    """Return the gap of a round in words: its number, its interval, what can be told of it."""
    from analysis.sentences import findings

    there, shown = was_asked(row), row["status"] not in UNSHOWN
    return {
        "number": findings.gap_number(row, report.texts),
        "extent": findings.interval_text(report.texts, row["low"], row["high"]) if shown else "",
        "verdict": findings.gap_verdict(row, report.texts) if there else "",
        "distinct": bool(row["distinct"]),
        "shown": shown,
    }


def round_name(report: PlaceReport, key: str) -> str:
    """Return the name of a round, as it stands first in a line."""
    return capitalised(report.texts.round_name(key))
