"""The first page of a place: the main findings for a reader with little time, on one screen and on one sheet.

Where the two sides differ most and whether that is more than chance, what has changed, and then the seven questions
in one table. A sentence says no more than its interval carries.
"""

from typing import Any

from flask_babel import gettext as _

from survey.domain.questions.questionnaire import QUESTIONS, ROLES
from survey.followup.place import data_notes, rounds_together, sparkline, words
from survey.followup.place.words import Row, Said
from survey.followup.selection import Reading


def said(reading: Reading) -> Said:
    """Return the content of the summary, from editions alone."""
    rows = words.over_rounds(words.by_round(reading))
    return {
        "largest": largest([own[-1] for own in rows.values()], reading),
        "together": rounds_together.told(reading) if not any(own[-1]["distinct"] for own in rows.values()) else "",
        "changed": changed(reading),
        "matrix": [_line(question, rows[question], reading) for question in QUESTIONS],
        "hidden": data_notes.hidden(reading),
    }


def largest(now: list[Row], reading: Reading) -> Said:
    """Return the largest gap that is more than chance; where there is none, the largest, and how it is read.

    Without any gap: why there is none.
    """
    from analysis.sentences import findings

    shown = sorted((row for row in now if row["status"] not in words.UNSHOWN), key=_size, reverse=True)
    if not shown:
        return {"question": "", "sentence": _nothing(now, reading), "measure": "", "sure": False, "reading": ""}
    row = next((row for row in shown if row["distinct"]), shown[0])
    texts = reading.texts
    values = {role: findings.share_words(row, texts, f"{role}_") for role in ROLES}
    return {
        "question": row["question"],
        "name": texts.question(row["question"]),
        "sentence": _who_says_more(row) % values,
        "measure": findings.gap_measure(row, texts),
        "sure": bool(row["distinct"]),
        "reading": findings.reading_sentence(row, texts),
    }


def _size(row: Row) -> float:
    size: float = abs(row["gap"])
    return size if words.is_known(size) else 0.0


def _who_says_more(row: Row) -> str:
    if not row["distinct"]:
        return str(_("Vården %(provider)s, patienterna %(patient)s."))
    if row["low"] > 0:
        return str(_("Vården svarar ja oftare än patienterna, %(provider)s mot %(patient)s."))
    return str(_("Patienterna svarar ja oftare än vården, %(patient)s mot %(provider)s."))


def _nothing(now: list[Row], reading: Reading) -> str:
    """Return why no gap is shown, and where to look instead."""
    above = {
        "unit": _("Se kommunen eller regionen."),
        "municipality": _("Se regionen."),
    }.get(reading.place["level"], "")
    few = all(row["status"] == "hidden" for row in now)
    why = (
        _("För få svar för att jämföra patienter och vården här.")
        if few
        else _("Svaren är för osäkra för att jämföra patienter och vården här.")
    )
    return f"{why} {above}".strip()


def changed(reading: Reading) -> list[str]:
    """Return what has changed over the rounds: the gaps first, then the shares; as the pictures say it."""
    from analysis.charts import CHARTS
    from analysis.sentences import findings, over_rounds, trend

    if len(reading.bodies) < 2:
        return [_("Det här är den första mätomgången.")]
    found = [CHARTS[name].headline(reading.table(name), reading.texts) for name in OVER_TIME]
    if set(found) <= {reading.texts.gettext(each) for each in (*trend.UNTESTED, *findings.NO_GAPS)}:
        return [_("För få omgångar med tillräckligt många svar för att säga om något har ändrats.")]
    if set(found) <= {reading.texts.gettext(each) for each in (*over_rounds.UNMOVED, *findings.NO_GAPS)}:
        return [_("Ingen förändring är säkert mer än slump, varken i skillnaden eller i andelarna.")]
    return [f"{sentence}." for sentence in dict.fromkeys(found)]


OVER_TIME = ("samsyn", "trend")


def _line(question: str, rows: list[Row], reading: Reading) -> Said:
    """Return a question's line of the table: both sides, the gap with its verdict, and its course over the rounds."""
    now: dict[str, Any] = {"key": question, "name": reading.texts.question(question)}
    now["sides"] = [words.side(rows[-1], reading, role) for role in ROLES]
    return now | {"gap": words.gap(rows[-1], reading), "line": _over_time(rows, reading)}


def _over_time(rows: list[Row], reading: Reading) -> Said | None:
    """Return the gap over the rounds as a small line and in words; nothing where there is but one to show."""
    shown = [row for row in rows if words.is_known(row["gap"])]
    if len(shown) < 2:
        return None
    number = reading.texts.points
    ends = {"first": number(shown[0]["gap"]), "last": number(shown[-1]["gap"]), "n": reading.texts.number(len(shown))}
    named = {"since": reading.texts.round_name(shown[0]["round"])}
    alt = _("Från %(first)s %(since)s till %(last)s, omgångar: %(n)s", **ends, **named)
    breaks = [bool(words.reworded(row, before)) for row, before in words.with_before(rows)]
    values = [row["gap"] if words.is_known(row["gap"]) else None for row in rows]
    return {"picture": sparkline.picture(values, breaks), "alt": alt}
