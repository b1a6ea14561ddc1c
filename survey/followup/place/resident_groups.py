"""The page of residents' groups by gender, age, language and help: for the region alone."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from survey.domain.questions.questionnaire import QUESTIONS
from survey.followup.place import pictures, words
from survey.followup.place.words import Row, Said
from survey.followup.selection import Reading
from survey.web.i18n.language import languages


def said(reading: Reading) -> Said:
    """Return what the page says: each grouping's picture, and its groups with their shares on the seven questions."""
    from analysis.charts import OF_GROUPS
    from analysis.frames.frame import records
    from analysis.frames.resident_groups import GROUPINGS, groups, order

    frame, found = groups(reading.bodies[-1:]), []
    for grouping, title in GROUPINGS.items():
        rows = [row for row in records(frame) if row["grouping"] == grouping]
        rows.sort(key=lambda row: order(row["group"]))
        every = [list(own) for _group, own in groupby(rows, key=lambda row: row["group"])]
        if every:
            chart = f"groups-{grouping}"
            drawn = pictures.picture(reading, chart, OF_GROUPS[chart].table(frame))
            told = {"key": grouping, "chart": chart, "name": reading.texts.gettext(title), "picture": drawn}
            found.append(told | {"groups": list(_groups(every, reading))})
    return {
        "groupings": found,
        "questions": [reading.texts.question(question) for question in QUESTIONS],
        "least": reading.edition["smallest_group"],
    }


def _groups(every: Sequence[Sequence[Row]], reading: Reading) -> Iterator[Said]:
    from analysis.frames.resident_groups import group_name
    from analysis.sentences import findings
    from analysis.texts import span

    texts, spoken = reading.texts, {tag: each.name for tag, each in languages().items()}
    for own in every:
        by_question = {row["question"]: row for row in own}
        counts = [row["n"] for row in own if words.is_known(row["n"])]
        yield {
            "name": group_name(own[0]["group"], texts, spoken),
            "n": span(texts, min(counts), max(counts)) if counts else "",
            "cells": [
                {
                    "share": findings.share_words(row, texts),
                    "interval": words.interval(row, reading),
                    "quiet": row["status"] in words.UNSHOWN,
                }
                for row in (by_question[question] for question in QUESTIONS)
            ],
        }
