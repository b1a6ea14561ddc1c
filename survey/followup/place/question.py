"""The page of one question at a place: its wording, the figures now and over the rounds, and the notes on them.

Every figure is one that stands in an edition, or one that `analysis` makes of them.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from sqlalchemy import Connection

from survey.domain.questions.answer_scale import NOT_YES, TOLD_APART
from survey.domain.questions.questionnaire import QUESTIONS, ROLES, Version
from survey.followup.place import answers_needed, compared, figure_text, pictures, rounds_together
from survey.followup.place.bar import NATION, TOP
from survey.followup.place.figure_text import Context, Row
from survey.followup.place.place_access import PlaceAccess
from survey.followup.selection import PlaceReport

Versions = Mapping[str, Version]


def question_context(
    connection: Connection, report: PlaceReport, access: PlaceAccess, question: str, versions: Versions
) -> Context:
    """Return what the page says of the question, but for what the group keeps beside it."""
    rows = figure_text.over_rounds(figure_text.by_round(report))[question]
    found = question_section(report, question, rows, versions)
    found["now"] = newest_answers(report, question, versions)
    found["together"] = rounds_together.question_sentences(report, question)
    found["change"] = change_sentences(report).get(question, "")
    found["over_time"] = pictures.picture_context(report, question, report.table(question))
    found["places"] = compared.question_context(connection, report, access, question)
    if report.is_national:
        if report.place["level"] == NATION:
            found["regions"] = compared.comparing_picture(connection, report, access, f"regions-{question}")
        return found
    found["needed"] = answers_needed.question_plan(question, report)
    # A unit without a figure gets no picture of the units.
    if report.place["level"] != "unit" or rows[-1]["status"] == "shown":
        found["units"] = compared.comparing_picture(connection, report, access, f"units-{question}")
    if report.place["level"] == TOP:
        found["municipalities"] = compared.comparing_picture(connection, report, access, f"municipalities-{question}")
    return found


def question_section(report: PlaceReport, question: str, rows: Sequence[Row], versions: Versions) -> Context:
    """Return both wordings, what a difference means, what can be told of the gap, and each round."""
    from analysis.sentences import findings

    texts = report.texts
    asked = {role: versions[report.edition["versions"][role]].question(role, question) for role in ROLES}
    olds = _former_wordings(question, report, versions)
    return {
        "key": question,
        "name": texts.question(question),
        "asked": {role: texts.gettext(asked[role].text) for role in ROLES},
        "options": {role: [texts.gettext(option.label) for option in asked[role].options] for role in ROLES},
        "meaning": texts.gettext(asked["patient"].difference),
        "verdict": findings.gap_sentence(rows[-1], texts),
        "rounds": [
            round_row(row, before, report) | {"old": old}
            for (row, before), old in zip(figure_text.with_before(rows), olds, strict=True)
        ],
    }


def newest_answers(report: PlaceReport, question: str, versions: Versions) -> list[Context]:
    """Return both sides' answers in the edition that is read, option by option."""
    from analysis.frames.frame import records
    from analysis.sentences import findings

    rows = [row for row in records(report.cells) if row["question"] == question]
    newest = {row["role"]: row for row in rows}  # the newest is the last
    found = []
    for role in ROLES:
        row, asked = newest[role], versions[report.edition["versions"][role]].question(role, question)
        parts = {code: figure_text.percent_text(row[code], report) for code in TOLD_APART}
        apart = any(parts[code] for code in NOT_YES)
        found.append(
            {
                "role": role,
                "share": findings.share_text(row, report.texts),
                "interval": figure_text.interval_text(row, report),
                "n": figure_text.count_text(row["n"], report),
                "may_say": [option.code for option in asked.options],
                "parts": parts,
                # What is not yes in all, where its options are not told apart.
                "not_yes": "" if apart else figure_text.percent_text(row["not_yes"], report),
            }
        )
    return found


def round_row(row: Row, before: Row | None, report: PlaceReport) -> Context:
    """Return one round of the question: both shares, the gap, and what was asked anew."""
    return {
        "name": figure_text.round_name(report, row["round"]),
        "reworded": figure_text.reworded_roles(row, before),
        "joined": list(report.joined.get(row["round"], ())),
        "sides": [figure_text.side_text(row, report, role) for role in ROLES],
        "gap": figure_text.gap_text(row, report),
    }


def _former_wordings(question: str, report: PlaceReport, versions: Versions) -> list[dict[str, str]]:
    """Return each role's wording in the round before, for every round."""
    asked = [
        {role: versions[body["versions"][role]].question(role, question).text for role in ROLES}
        for body in report.bodies
    ]
    texts = [{role: report.texts.gettext(text) for role, text in each.items()} for each in asked]
    return [{}, *(before for before, _after in pairwise(texts))]


def change_sentences(report: PlaceReport) -> dict[str, str]:
    """Return how each gap has changed, and what is told of the shares, in sentences; no entry where none is tested."""
    from analysis.charts import gap_trend, trend

    gaps, shares = report.table("gap-trend"), report.table("trend")
    found = {
        key: " ".join(
            filter(
                None,
                (
                    gap_trend.gap_change_sentences(gaps, key, report.texts),
                    *trend.share_change_sentences(shares, key, report.texts),
                ),
            )
        )
        for key in QUESTIONS
    }
    return {key: sentence for key, sentence in found.items() if sentence}
