"""Notes on a place's figures: changes since last time, hidden figures and why, and ways of answering.

For a place's pages. Told from published editions alone, but for whose link was held.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.domain.questions.questionnaire import QUESTIONS, ROLES
from survey.domain.text.i18n import N_
from survey.followup.place.figure_text import Context, Row, reworded_roles, was_asked
from survey.followup.selection import PlaceReport, Selection
from survey.store.answers import batches
from survey.web.i18n.language import languages

if TYPE_CHECKING:
    import pandas as pd

LEFT_OUT = N_("Gruppen %(group)s visas inte i den här mätomgången: en enhet har upphört.")
# By side and the status of its share.
HIDDEN_TEXT = {
    ("patient", "hidden"): N_("Patienternas svar visas inte på: %(questions)s. Färre än %(n)s har svarat."),
    ("patient", "unsure"): N_(
        "Patienternas svar är för osäkra för att visas på: %(questions)s. Andelen kan vara nästan vad som helst."
    ),
    ("patient", "interval"): N_(
        "Patienternas svar visas bara som ett intervall på: %(questions)s. En enda siffra vore för osäker."
    ),
    ("provider", "hidden"): N_("Vårdens svar visas inte på: %(questions)s. Färre än %(n)s har svarat."),
    ("provider", "unsure"): N_(
        "Vårdens svar är för osäkra för att visas på: %(questions)s. Andelen kan vara nästan vad som helst."
    ),
    ("provider", "interval"): N_(
        "Vårdens svar visas bara som ett intervall på: %(questions)s. En enda siffra vore för osäker."
    ),
}
# Why a share is not compared with the round before.
REASON_TEXT = {
    "wording": N_("ny formulering"),
    "joined": N_("sammanslagen"),
    "first": N_("ingen omgång att jämföra med"),
    "few": N_("för få svar"),
    "unsure": N_("för osäkert"),
}
UNTESTED = N_("för osäkert att pröva")


def changes_since_last(changed: "pd.DataFrame", report: PlaceReport) -> list[Context]:
    """For each question, both sides: the share now, the round it is compared with, and the change with its interval."""
    from analysis.frames.frame import records

    rows = {(row["question"], row["role"]): row for row in records(changed)}
    return [
        {
            "key": question,
            "name": report.texts.question(question),
            "before": _round_before(rows[question, ROLES[0]], report),
            "sides": [_side_change(rows[question, role], report) for role in ROLES],
        }
        for question in QUESTIONS
    ]


def _round_before(row: Row, report: PlaceReport) -> str:
    return report.texts.round_name(row["before"]) if row["before"] else ""


def _side_change(row: Row, report: PlaceReport) -> Context:
    from analysis.frames.frame import is_known
    from analysis.sentences import findings

    texts, tested = report.texts, is_known(row["change"])
    return {
        "share": findings.share_text(row, texts),
        "change": texts.points(row["change"]) if tested else "",
        "extent": findings.interval_text(texts, row["change_low"], row["change_high"]) if tested else "",
        "distinct": bool(row["distinct"]),
        "reason": "" if tested else texts.gettext(_reason(row)),
    }


def _reason(row: Row) -> str:
    """Return why a share is not compared with the round before: the true reason, and few only where they are few."""
    if row["reason"]:
        return REASON_TEXT[row["reason"]]
    either = {row["status"], row["before_status"]}
    return next(
        (REASON_TEXT[why] for status, why in (("hidden", "few"), ("unsure", "unsure")) if status in either), UNTESTED
    )


def hidden_notes(report: PlaceReport) -> list[str]:
    """Return on which questions this round's figures are not shown, or only as an interval, for both sides, and why."""
    from analysis.frames.frame import records

    now = [row for row in records(report.cells) if row["round"] == report.edition["round"]["key"]]
    found = []
    elsewhere = {(row["role"], row["question"]) for row in _left_out(report)}
    for (role, status), sentence in HIDDEN_TEXT.items():
        names = [
            report.texts.question(row["question"])
            for row in now
            if row["role"] == role and row["status"] == status and (role, row["question"]) not in elsewhere
        ]
        least = report.texts.number(report.edition["thresholds"][role])
        if names:
            found.append(report.texts.gettext(sentence) % {"questions": ", ".join(names), "n": least})
    left_out = report.edition.get("groups_left_out", ()) if report.place["level"] == "region" else ()
    return found + [_(LEFT_OUT, group=name) for name in left_out]


def _left_out(report: PlaceReport) -> list[Row]:
    """Return the questions that a region asked in other words than the national edition's; they are told elsewhere."""
    every: list[Row] = report.edition.get("left_out", [])
    nation = report.place["parent"] is None
    return [row for row in every if (nation or row["region"] == report.node) and row["why"] == "wording"]


def throttled_units(connection: Connection, selection: Selection, may_read: Collection[str]) -> list[str]:
    """Return the units here whose open link was sent to more often than is taken, as far as one may read of them."""
    below, units = {selection.node}, batches.throttled_units(connection, selection.edition["round"]["key"])
    for each in selection.edition["places"]:  # from the region down
        if each["parent"] in below:
            below.add(each["key"])
    return [each["name"] for each in selection.edition["places"] if each["key"] in units & below & set(may_read)]


def wording_changes(report: PlaceReport, rows: Mapping[str, Sequence[Row]]) -> list[str]:
    """Return the changes of wording or translation since the round before; empty where there are none."""
    if len(report.bodies) < 2:
        return []
    if not all(was_asked(each[-2]) for each in rows.values()):
        return [
            _(
                "%(place)s fanns inte i mätomgången före. Därför finns inget att jämföra med.",
                place=report.place["name"],
            )
        ]
    found = _merged_units(report)
    for question, each in rows.items():
        for role in reworded_roles(each[-1], each[-2]):
            sentence = (
                _("%(question)s: ny formulering till patienterna.")
                if role == "patient"
                else _("%(question)s: ny formulering till vårdens medarbetare.")
            )
            found.append(sentence % {"question": report.texts.question(question)})
    return found + _translation_changes(report)


def _merged_units(report: PlaceReport) -> list[str]:
    """Return the units that were merged into this one, in any of the rounds that are shown."""
    return [
        _(
            "Från och med %(round)s ingår %(units)s, som uppgick i enheten. Siffrorna före och efter gäller inte samma "
            "enhet.",
            round=report.texts.round_name(key),
            units=", ".join(names),
        )
        for key, names in report.joined.items()
    ]


def _translation_changes(report: PlaceReport) -> list[str]:
    then, now = (body.get("translations") for body in report.bodies[-2:])
    if then is None or now is None:
        return []
    known, found = languages(), []
    for tag in sorted({*then, *now}):
        name = known[tag].name if tag in known else tag
        if tag not in then:
            found.append(_("Nytt språk: %(language)s.", language=name))
        elif tag not in now:
            found.append(_("Språket %(language)s finns inte med längre.", language=name))
        elif changed := [question for question in QUESTIONS if then[tag][question] != now[tag][question]]:
            names = ", ".join(report.texts.question(question) for question in changed)
            found.append(_("Ändrad översättning, %(language)s: %(questions)s.", language=name, questions=names))
    return found
