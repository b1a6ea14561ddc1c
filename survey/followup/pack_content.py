"""What stands in a meeting pack: the chosen places and questions of one edition, with what the group has written.

For the pack's preview and for freezing. Everything is made ready here, pictures as data in the page itself, so that the
page needs nothing of us ever after.
"""

import base64
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine

from survey.domain.alphabet import in_order
from survey.domain.plan import Decision
from survey.domain.questionnaire import QUESTIONS, ROLES, Version
from survey.followup.place import question as questions
from survey.followup.place import summary, words
from survey.followup.reading import Reading, choose, read
from survey.publication import drawings
from survey.store import beside, editions, packs
from survey.store.packs import Pack
from survey.web.language import Language

Row = Mapping[str, Any]


def content(
    engine: Engine, connection: Connection, pack: Pack, language: Language, versions: Mapping[str, Version]
) -> dict[str, Any]:
    """What the template of a pack shows, but its number and day."""
    readings = [read(connection, choose(connection, pack.edition, node), language) for node in pack.places]
    made = [_place(engine, reading, language, versions) for reading in readings]
    first, edition = readings[0], editions.get(connection, pack.edition)
    earlier = packs.get(connection, pack.follows) if pack.follows else None
    return {
        "pack": pack,
        "texts": first.texts,
        "round_name": first.texts.round_name(first.edition["round"]["key"]),
        "edition": edition,
        "invented": bool(first.edition.get("invented")),
        "thresholds": first.edition["thresholds"],
        "places": made,
        "questions": [_question(engine, question, made, readings[0], language) for question in _asked(pack)],
        "comments": packs.comments(connection, pack.id),
        "decisions": packs.decisions(connection, pack.id),
        "earlier": earlier,
        "became": packs.became(connection, pack),
        "planned": _planned(connection, earlier),
    }


def _planned(connection: Connection, earlier: Pack | None) -> list[Decision]:
    """The plan's own decisions that go on, or have ended since the pack before, by day."""
    since = earlier.frozen if earlier else None
    every = [each.thing for each in beside.DECISIONS.newest(connection)]
    told = [each for each in every if not each.ended or since is None or each.ended >= since]
    return sorted(told, key=lambda each: (each.meeting, in_order(each.decision)))


def _asked(pack: Pack) -> list[str]:
    return [question for question in QUESTIONS if question in pack.questions]


def _place(engine: Engine, reading: Reading, language: Language, versions: Mapping[str, Version]) -> dict[str, Any]:
    """A place: what differs most and what has changed, the picture of now, each question's figures."""
    from analysis.charts import CHARTS

    every = words.by_round(reading)
    rows = words.over_rounds(every)
    newest = every.tail(len(QUESTIONS)).reset_index(drop=True)
    return {
        "name": reading.place["name"],
        "answered": _answered(reading),
        "largest": summary.largest([own[-1] for own in rows.values()], reading),
        "changed": summary.changed(reading),
        "picture": _picture(engine, reading, "gap", language, CHARTS["gap"].headline(newest, reading.texts)),
        "sections": {key: questions.section(reading, key, rows[key], versions) for key in QUESTIONS},
        "changes": questions.changes(reading),
        "rows": rows,
    }


def _answered(reading: Reading) -> dict[str, str]:
    """About how many have answered, for each side; nothing where they are too few."""
    return {role: words.about(reading.answered(reading.node, role), reading) for role in ROLES}


def _question(
    engine: Engine, key: str, places: list[dict[str, Any]], first: Reading, language: Language
) -> dict[str, Any]:
    """A question: what was asked, the first place over the rounds as a picture, all places in figures."""
    from analysis.charts import OF_QUESTION

    section = places[0]["sections"][key]
    rows = places[0]["rows"][key]
    hidden = all(row[name] in words.UNSHOWN for row in rows for name in ("patient_status", "provider_status", "status"))
    alt = OF_QUESTION[key].headline_of(rows[-1], first.texts)
    return {
        "key": key,
        "section": section,
        "picture": None if hidden else _picture(engine, first, key, language, alt),
        "of_places": [(place["name"], place["sections"][key]["rounds"][-1]) for place in places],
    }


def _picture(engine: Engine, reading: Reading, chart: str, language: Language, alt: str) -> dict[str, str]:
    """A picture as data, wide and for a phone, with its words."""
    drawn = {
        size: drawings.picture(engine, reading.number, reading.node, chart + suffix, language.tag, drawings.THEMES[0])
        for size, suffix in (("wide", ""), ("narrow", drawings.NARROW))
    }
    data = {size: f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}" for size, svg in drawn.items()}
    return data | {"alt": alt}
