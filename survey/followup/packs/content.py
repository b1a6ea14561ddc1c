"""The content of a meeting pack: chosen places and questions of one edition, with what the group has written.

For the pack's preview and for freezing. Its first page is the summary of its first place, as the place's own page has
it, between what was decided before and what is to be decided now. Everything is made ready here, pictures as data in
the page itself, so that the page needs nothing of us ever after.
"""

import base64
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine

from survey.domain.questions.questionnaire import QUESTIONS, Version
from survey.followup.packs import pack_decisions
from survey.followup.place import pictures, summary, turnout, words
from survey.followup.place import question as questions
from survey.followup.place.opened import Opened
from survey.followup.selection import Reading, choose, read
from survey.publication import chart_store
from survey.store.published import editions, packs
from survey.store.published.packs import Pack
from survey.web.i18n.language import Language

if TYPE_CHECKING:
    import pandas as pd

OF_PLACE = ("gap", "samsyn")  # the second from two rounds on
BRIEF = 400  # an introduction of so many characters has room on the first page
Made = dict[str, Any]
Versions = Mapping[str, Version]


def content(
    engine: Engine, connection: Connection, pack: Pack, language: Language, versions: Versions, *, today: date
) -> Made:
    """Return the values of a pack's template, but its number and day. `today`: the day by which a decision is late."""
    readings = [read(connection, choose(connection, pack.edition, node), language) for node in pack.places]
    made = [_place(engine, connection, reading, versions) for reading in readings]
    first = readings[0]
    before, now = pack_decisions.told(connection, pack, today), packs.decisions(connection, pack.id)
    return {
        "pack": pack,
        "brief": len(pack.introduction) <= BRIEF,
        "texts": first.texts,
        "round_name": first.texts.round_name(first.edition["round"]["key"]),
        "edition": editions.get(connection, pack.edition),
        "invented": bool(first.edition.get("invented")),
        "thresholds": first.edition["thresholds"],
        "places": made,
        "questions": [_question(engine, key, made, first) for key in QUESTIONS if key in pack.questions],
        "comments": packs.comments(connection, pack.id),
        "earlier": packs.get(connection, pack.previous_pack) if pack.previous_pack else None,
        "told": before,
        "decisions": now,
        "in_short": pack_decisions.IN_SHORT,
        "undecided": pack_decisions.undecided(made[0]["matrix"], before, now),
    }


def _place(engine: Engine, connection: Connection, reading: Reading, versions: Versions) -> Made:
    """Return a place: its summary, who answered, the picture of now, each question's figures."""
    every = words.by_round(reading)
    rows = words.over_rounds(every)
    return summary.said(reading) | {
        "name": reading.place["name"],
        "asked": turnout.asked(Opened(reading, frozenset())),
        "silent": turnout.silent_of_all(reading),
        "pictures": list(_pictures(engine, reading)),
        "sections": {key: questions.section(reading, key, rows[key], versions) for key in QUESTIONS},
        "changes": questions.changes(reading),
        "rows": rows,
    }


def _pictures(engine: Engine, reading: Reading) -> Iterator[Made | None]:
    """Yield both sides' picture, and that of their gap over the rounds; None for one in which nothing is shown."""
    for chart in OF_PLACE[: len(reading.bodies)]:
        table = reading.table(chart)
        yield None if pictures.is_empty(table) else _picture(engine, reading, chart, table)


def _question(engine: Engine, key: str, places: list[Made], first: Reading) -> Made:
    """Return a question: its wording, the first place over the rounds as a picture, all places in figures."""
    table = first.table(key)
    return {
        "key": key,
        "section": places[0]["sections"][key],
        "picture": None if pictures.is_empty(table) else _picture(engine, first, key, table),
        "of_places": [(place["name"], place["sections"][key]["rounds"][-1]) for place in places],
    }


def _picture(engine: Engine, reading: Reading, chart: str, table: "pd.DataFrame") -> Made:
    """Return a picture as data with its words, wide and for a phone, each with its true size."""
    from analysis.charts import chart_of

    found: Made = {"alt": chart_of(chart).headline(table, reading.texts)}
    for name, suffix in (("wide", ""), ("narrow", chart_store.NARROW)):
        language, theme = reading.texts.language.tag, chart_store.THEMES[0]
        svg = chart_store.picture(engine, reading.number, reading.node, chart + suffix, language, theme)
        width, height = chart_store.size_of(svg)
        address = f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
        found[name] = {"address": address, "width": width, "height": height}
    return found
