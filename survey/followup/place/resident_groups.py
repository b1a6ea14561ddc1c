"""The page of residents' groups by gender, age, language and help: for the region alone."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from survey.domain.questions.questionnaire import QUESTIONS
from survey.followup.place import figure_text, pictures
from survey.followup.place.figure_text import Context, Row
from survey.followup.selection import PlaceReport
from survey.web.i18n.language import languages


def residents_context(report: PlaceReport) -> Context:
    """Return what the page says: each grouping's picture, and its groups with their shares on the seven questions."""
    from analysis.charts import OF_GROUPS
    from analysis.frames.frame import records
    from analysis.frames.resident_groups import GROUPINGS, groups, sort_key

    frame, found = groups(report.bodies[-1:]), []
    for grouping, title in GROUPINGS.items():
        rows = [row for row in records(frame) if row["grouping"] == grouping]
        rows.sort(key=lambda row: sort_key(row["group"]))
        every = [list(own) for _group, own in groupby(rows, key=lambda row: row["group"])]
        if every:
            chart = f"groups-{grouping}"
            drawn = pictures.picture_context(report, chart, OF_GROUPS[chart].table(frame))
            own = {"key": grouping, "chart": chart, "name": report.texts.gettext(title), "picture": drawn}
            found.append(own | {"groups": list(_group_rows(every, report))})
    return {
        "groupings": found,
        "questions": [report.texts.question(question) for question in QUESTIONS],
        "least": report.edition["smallest_group"],
    }


def _group_rows(every: Sequence[Sequence[Row]], report: PlaceReport) -> Iterator[Context]:
    from analysis.frames.resident_groups import group_name
    from analysis.localisation import format_range
    from analysis.sentences import findings

    texts, spoken = report.texts, {tag: each.name for tag, each in languages().items()}
    for own in every:
        by_question = {row["question"]: row for row in own}
        counts = [row["n"] for row in own if figure_text.is_known(row["n"])]
        yield {
            "name": group_name(own[0]["group"], texts, spoken),
            "n": format_range(texts, min(counts), max(counts)) if counts else "",
            "cells": [
                {
                    "share": findings.share_text(row, texts),
                    "interval": figure_text.interval_text(row, report),
                    "quiet": row["status"] in figure_text.UNSHOWN,
                }
                for row in (by_question[question] for question in QUESTIONS)
            ],
        }
