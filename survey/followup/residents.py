"""What residents have answered by gender, age, language and help: for the region alone, as the edition has it.

For the follow-up views. Groups are not tested against each other: there are too many to do so honestly.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from survey.domain.questionnaire import QUESTIONS
from survey.domain.responses import AGES, GENDERS, HELP
from survey.followup.pages import Link, address
from survey.followup.reading import Reading
from survey.followup.sections import Row
from survey.web.language import languages

LAST = "other"
ORDER = {code: at for at, code in enumerate((*GENDERS, *AGES, *HELP)) if code != LAST} | {LAST: 99}


def described(reading: Reading) -> dict[str, Any]:
    """What the template shows: each grouping's groups, with their shares on the seven questions."""
    from analysis.background import GROUPINGS, groups
    from analysis.frame import records

    now = records(groups(reading.bodies[-1:]))
    found = []
    for grouping, title in GROUPINGS.items():
        rows = sorted((row for row in now if row["grouping"] == grouping), key=lambda row: _place(row["group"]))
        every = [list(own) for _group, own in groupby(rows, key=lambda row: row["group"])]
        if every:
            name = reading.texts.gettext(title)
            found.append({"key": grouping, "name": name, "groups": list(_groups(every, reading))})
    return {
        "reading": reading,
        "texts": reading.texts,
        "round_name": reading.texts.round_name(reading.edition["round"]["key"]),
        "trail": [Link(reading.place["name"], address(reading.number, reading.node))],
        "groupings": found,
        "questions": [reading.texts.question(question) for question in QUESTIONS],
        "least": reading.edition["thresholds"]["patient"],
    }


def _place(group: str) -> tuple[list[int], str]:
    """In the questionnaire's order; languages by their tag, and last those of no group."""
    return [ORDER.get(part, 50) for part in group.split(":")], group


def _groups(every: Sequence[Sequence[Row]], reading: Reading) -> Iterator[dict[str, Any]]:
    from analysis import findings
    from analysis.background import group_name
    from analysis.frame import known
    from analysis.texts import span

    texts, spoken = reading.texts, {tag: each.name for tag, each in languages().items()}
    for own in every:
        by_question = {row["question"]: row for row in own}
        counts = [row["n"] for row in own if known(row["n"])]
        yield {
            "name": group_name(own[0]["group"], texts, spoken),
            "n": span(texts, min(counts), max(counts)) if counts else "",
            "cells": [
                {
                    "share": findings.share_words(row, texts),
                    "interval": f"{texts.number(row['low'])}–{texts.percent(row['high'])}" if known(row["low"]) else "",
                    "few": row["status"] == "hidden",
                    "uncertain": known(row["n"]) and row["n"] < findings.SURE,
                }
                for row in (by_question[question] for question in QUESTIONS)
            ],
        }
