"""The content of a meeting pack: chosen places and questions of one edition, with what the group has written.

For the pack's preview and for freezing. Its first page is the summary of its first place, as the place's own page has
it, between what was decided before and what is to be decided now. Everything is made ready here, pictures as data in
the page itself, so that the page needs nothing of us ever after.
"""

import base64
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from survey.domain.questions.questionnaire import QUESTIONS
from survey.followup.packs import pack_decisions
from survey.followup.place import figure_text, pictures, summary, turnout
from survey.followup.place import question as questions
from survey.followup.place.figure_text import Context
from survey.followup.place.place_access import PlaceAccess
from survey.followup.place.question import Versions
from survey.followup.selection import PlaceReport, load_report, select_place
from survey.publication import chart_store
from survey.store.published import editions, packs
from survey.store.published.packs import Pack
from survey.web.i18n.language import Language

if TYPE_CHECKING:
    import pandas as pd

PLACE_CHARTS = ("gap", "gap-trend")  # the second from two rounds on
MAX_BRIEF = 400  # an introduction of so many characters has room on the first page


def pack_context(
    engine: Engine, connection: Connection, pack: Pack, language: Language, versions: Versions, *, today: date
) -> Context:
    """Return the values of a pack's template, but its number and day. `today`: the day by which a decision is late."""
    reports = [load_report(connection, select_place(connection, pack.edition, node), language) for node in pack.places]
    made = [_place_context(engine, connection, report, versions) for report in reports]
    first = reports[0]
    before, now = pack_decisions.earlier_decisions(connection, pack, today), packs.decisions(connection, pack.id)
    return {
        "pack": pack,
        "brief": len(pack.introduction) <= MAX_BRIEF,
        "texts": first.texts,
        "round_name": first.texts.round_name(first.edition["round"]["key"]),
        "edition": editions.get(connection, pack.edition),
        "invented": bool(first.edition.get("invented")),
        "thresholds": first.edition["thresholds"],
        "places": made,
        "questions": [_question_context(engine, key, made, first) for key in QUESTIONS if key in pack.questions],
        "comments": packs.comments(connection, pack.id),
        "previous_pack": pack_decisions.previous_pack(connection, pack),
        "earlier_decisions": before,
        "decisions": now,
        "in_short": pack_decisions.MAX_IN_SUMMARY,
        "undecided": pack_decisions.questions_without_decision(made[0]["matrix"], before, now),
    }


def _place_context(engine: Engine, connection: Connection, report: PlaceReport, versions: Versions) -> Context:
    """Return a place: its summary, who answered, the picture of now, each question's figures."""
    every = figure_text.by_round(report)
    rows = figure_text.over_rounds(every)
    return summary.summary_context(report) | {
        "name": report.place["name"],
        "asked": turnout.invited_and_answered(PlaceAccess(report, frozenset())),
        "silent": turnout.count_silent_units(report),
        "pictures": list(_pictures(engine, report)),
        "sections": {key: questions.question_section(report, key, rows[key], versions) for key in QUESTIONS},
        "changes": questions.change_sentences(report),
        "rows": rows,
    }


def _pictures(engine: Engine, report: PlaceReport) -> Iterator[Context | None]:
    """Yield both sides' picture, and that of their gap over the rounds; None for one in which nothing is shown."""
    for chart in PLACE_CHARTS[: len(report.bodies)]:
        table = report.table(chart)
        yield None if pictures.is_empty(table) else _embedded_picture(engine, report, chart, table)


def _question_context(engine: Engine, key: str, places: list[Context], first: PlaceReport) -> Context:
    """Return a question: its wording, the first place over the rounds as a picture, all places in figures."""
    table = first.table(key)
    return {
        "key": key,
        "section": places[0]["sections"][key],
        "picture": None if pictures.is_empty(table) else _embedded_picture(engine, first, key, table),
        "of_places": [(place["name"], place["sections"][key]["rounds"][-1]) for place in places],
    }


def _embedded_picture(engine: Engine, report: PlaceReport, chart: str, table: "pd.DataFrame") -> Context:
    """Return a picture as data with its words, wide and for a phone, each with its true size."""
    from analysis.charts import chart_of

    found: Context = {"alt": chart_of(chart).headline(table, report.texts)}
    for name, suffix in (("wide", ""), ("narrow", chart_store.NARROW)):
        language, theme = report.texts.language.tag, chart_store.THEMES[0]
        svg = chart_store.chart_svg(engine, report.number, report.node, chart + suffix, language, theme)
        width, height = chart_store.svg_size(svg)
        address = f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
        found[name] = {"address": address, "width": width, "height": height}
    return found
