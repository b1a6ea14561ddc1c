"""The first page of a place: the main findings for a reader with little time, on one screen and on one sheet.

Where the two sides differ most and whether that is more than chance, what has changed, and then the seven questions
in one table. A sentence says no more than its interval carries.
"""

from typing import Any

from flask_babel import gettext as _

from survey.domain.questions.questionnaire import QUESTIONS, ROLES
from survey.followup.place import data_notes, figure_text, rounds_together, sparkline
from survey.followup.place.figure_text import Context, Row
from survey.followup.selection import PlaceReport


def summary_context(report: PlaceReport) -> Context:
    """Return the content of the summary, from editions alone."""
    rows = figure_text.over_rounds(figure_text.by_round(report))
    return {
        "largest": largest_gap([own[-1] for own in rows.values()], report),
        "together": rounds_together.summary_sentence(report)
        if not any(own[-1]["distinct"] for own in rows.values())
        else "",
        "changed": changes_over_rounds(report),
        "matrix": [_question_row(question, rows[question], report) for question in QUESTIONS],
        "hidden": data_notes.hidden_notes(report),
    }


def largest_gap(now: list[Row], report: PlaceReport) -> Context:
    """Return the largest gap that is more than chance; where there is none, the largest, and how it is read.

    Without any gap: why there is none.
    """
    from analysis.sentences import findings

    shown = sorted((row for row in now if row["status"] not in figure_text.UNSHOWN), key=_gap_size, reverse=True)
    if not shown:
        return {"question": "", "sentence": _no_gap(now, report), "measure": "", "reading": ""}
    row = next((row for row in shown if row["distinct"]), shown[0])
    texts = report.texts
    values = {role: findings.share_text(row, texts, f"{role}_") for role in ROLES}
    return {
        "question": row["question"],
        "name": texts.question(row["question"]),
        "sentence": _who_says_more(row) % values,
        "measure": findings.gap_measure(row, texts),
        "reading": findings.verdict_sentence(row, texts),
    }


def _gap_size(row: Row) -> float:
    size: float = abs(row["gap"])
    return size if figure_text.is_known(size) else 0.0


def _who_says_more(row: Row) -> str:
    if not row["distinct"]:
        return str(_("Vården %(provider)s, patienterna %(patient)s."))
    if row["low"] > 0:
        return str(_("Vården svarar ja oftare än patienterna, %(provider)s mot %(patient)s."))
    return str(_("Patienterna svarar ja oftare än vården, %(patient)s mot %(provider)s."))


def _no_gap(now: list[Row], report: PlaceReport) -> str:
    """Return why no gap is shown, and where to look instead."""
    if report.is_national:
        return str(_("Ingen skillnad att visa: för få svar, eller frågor i andra ord. Se vilka regioner som är med."))
    above = {
        "unit": _("Se kommunen eller regionen."),
        "municipality": _("Se regionen."),
    }.get(report.place["level"], "")
    few = all(row["status"] == "hidden" for row in now)
    why = (
        _("För få svar för att jämföra patienter och vården här.")
        if few
        else _("Svaren är för osäkra för att jämföra patienter och vården här.")
    )
    return f"{why} {above}".strip()


def changes_over_rounds(report: PlaceReport) -> list[str]:
    """Return what has changed over the rounds: the gaps first, then the shares; as the pictures say it."""
    from analysis.charts import gap_trend, trend

    if len(report.bodies) < 2:
        return [_("Det här är den första mätomgången.")]
    found = [
        gap_trend.headline_with_outcome(report.table("gap-trend"), report.texts),
        trend.headline_with_outcome(report.table("trend"), report.texts),
    ]
    outcomes = {each.outcome for each in found}
    if outcomes <= {"no_figure", "untested"}:
        return [_("För få omgångar med tillräckligt många svar för att säga om något har ändrats.")]
    if outcomes <= {"no_figure", "unchanged"}:
        return [_("Ingen förändring är säkert mer än slump, varken i skillnaden eller i andelarna.")]
    return [f"{each.sentence}." for each in dict.fromkeys(found)]


def _question_row(question: str, rows: list[Row], report: PlaceReport) -> Context:
    """Return a question's line of the table: both sides, the gap with its verdict, and its course over the rounds."""
    now: dict[str, Any] = {"key": question, "name": report.texts.question(question)}
    now["sides"] = [figure_text.side_text(rows[-1], report, role) for role in ROLES]
    return now | {"gap": figure_text.gap_text(rows[-1], report), "line": gap_over_rounds(rows, report)}


def gap_over_rounds(rows: list[Row], report: PlaceReport) -> Context | None:
    """Return the gap over the rounds as a small line and in words; nothing where there is but one to show."""
    shown = [row for row in rows if figure_text.is_known(row["gap"])]
    if len(shown) < 2:
        return None
    number = report.texts.points
    ends = {"first": number(shown[0]["gap"]), "last": number(shown[-1]["gap"]), "n": report.texts.number(len(shown))}
    named = {"since": report.texts.round_name(shown[0]["round"])}
    alt = _("Från %(first)s %(since)s till %(last)s, omgångar: %(n)s", **ends, **named)
    breaks = [bool(figure_text.reworded_roles(row, before)) for row, before in figure_text.with_before(rows)]
    values = [row["gap"] if figure_text.is_known(row["gap"]) else None for row in rows]
    return {"picture": sparkline.sparkline(values, breaks), "alt": alt}
