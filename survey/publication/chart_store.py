"""Drawn pictures of an edition, one for each place, chart, language and theme, stored with it.

For the follow-up pages and the worker. Drawn from published editions alone, so a picture cannot say more than they do;
drawn once, because another version of the library would change the bytes. Those of the place at the top are drawn after
publication; all others wait for a first look, for nobody looks at most of a thousand places.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from sqlalchemy import Connection, Engine

from survey.publication import edition_reader
from survey.publication.localised_texts import BabelLocalisation
from survey.publication.mergers import with_mergers
from survey.store.core import places
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.published import editions
from survey.web.i18n.language import STAFF_LANGUAGES, Language, languages

THEMES = ("light", "dark")
NARROW = "-narrow"
_SIZE = re.compile(rb'<svg [^>]*?width="([0-9.]+)[^"]*" height="([0-9.]+)')


def chart_svg(  # noqa: PLR0917 (five names of one picture)
    engine: Engine,
    number: int,
    place: str,
    chart: str,
    language: str,
    theme: str,
    loaded_language: Language | None = None,
) -> bytes:
    """Return a place's picture in an edition, drawn now if it never was. `loaded_language`: for where no app runs."""
    with read_transaction(engine) as connection:
        stored = editions.drawing(connection, number, place, chart, language=language, theme=theme)
        bodies = [] if stored is not None else bodies_for(connection, number, place, chart)
    if stored is not None:
        return stored
    themes_drawn = draw_themes(bodies, place, chart, loaded_language or languages()[language])
    with write_transaction(engine) as connection:
        for shade, svg in themes_drawn.items():
            editions.add_drawing(connection, number, place, chart, language=language, theme=shade, svg=svg)
        # Somebody else may have drawn it meanwhile: the first one stands.
        stored = editions.drawing(connection, number, place, chart, language=language, theme=theme)
    return stored if stored is not None else themes_drawn[theme]


def chart_size(engine: Engine, number: int, place: str, chart: str, language: str) -> tuple[int, int]:
    """Return a picture's width and height, in pixels; it is drawn now if it never was."""
    return svg_size(chart_svg(engine, number, place, chart, language, THEMES[0]))


def svg_size(svg: bytes) -> tuple[int, int]:
    """Return the width and height of a drawn picture, in pixels."""
    found = _SIZE.search(svg[:2_000])
    if found is None:
        raise ValueError("the picture does not say how large it is")
    return round(float(found[1])), round(float(found[2]))


def draw_themes(bodies: list[Mapping[str, Any]], place: str, chart: str, language: Language) -> dict[str, bytes]:
    """Draw a picture in both themes, from the editions alone; the last one is the edition it belongs to.

    `chart` is a chart's name, with `-narrow` after it for the sheet of a phone.
    """
    from analysis.charts import NARROW as PHONE
    from analysis.charts import WIDE, drawing, table_of
    from analysis.charts.drawing import style

    name = chart.removesuffix(NARROW)
    light = drawing(
        name, table_of(name, bodies, place), BabelLocalisation(language, bodies), WIDE if name == chart else PHONE
    )
    return {"light": light, "dark": style.dark(light)}


def chart_names() -> tuple[str, ...]:
    """Return the name of every picture of a place, a single question's among them."""
    from analysis.charts import NAMES

    return NAMES


def compared_level(chart: str) -> str | None:
    """Return the level of the places that a picture compares, for it is shown to those who may read them all."""
    from analysis.charts import AMONG_REGIONS, IN_MUNICIPALITIES, WITH_UNITS

    name = chart.removesuffix(NARROW)
    levels = {"unit": WITH_UNITS, "municipality": IN_MUNICIPALITIES, "region": AMONG_REGIONS}
    return next((level for level, charts in levels.items() if name in charts), None)


def bodies_for(connection: Connection, number: int, place: str, chart: str) -> list[Mapping[str, Any]]:
    """Return a chart's editions: of the place in every round, its municipalities there, or its units in this round."""
    compared = compared_level(chart)
    if compared == "unit":
        return [_edition(connection, number).body_of_place(None)]
    each = _up_to(connection, number)
    if compared == "region":
        return [entry.body_of_place(None) for entry in each]
    found = [entry.body_of_level(compared) if compared else entry.body_of_place(place) for entry in each]
    return with_mergers(places.all_places(connection), found)


def bodies_up_to(connection: Connection, number: int, place: str | None = None) -> list[Mapping[str, Any]]:
    """Return an edition and those of the rounds before it, the oldest first; of one place, if one is named."""
    return with_mergers(
        places.all_places(connection), [each.body_of_place(place) for each in _up_to(connection, number)]
    )


def bodies_of_round(connection: Connection, number: int, places: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return an edition alone, of some places."""
    return [_edition(connection, number).body_of_places(places)]


def _up_to(connection: Connection, number: int) -> list[edition_reader.EditionReader]:
    chosen = _edition(connection, number)
    closes = chosen.head["round"]["closes"]
    every = edition_reader.latest_of_kind(connection, chosen.head, number)
    return [*(each for each in every if each.head["round"]["closes"] < closes), chosen]


def _edition(connection: Connection, number: int) -> edition_reader.EditionReader:
    chosen = edition_reader.find_edition(connection, number) or edition_reader.find_national(connection, number)
    if chosen is None:
        raise LookupError(f"there is no edition {number}")
    return chosen


def pending_charts(connection: Connection) -> Iterator[tuple[int, str, str, str]]:
    """Yield number, place, chart and language of each picture of the newest editions that is still to be drawn."""
    from analysis.charts import CHARTS, WITH_UNITS

    for newest in _newest_editions(connection):
        number = newest.head["number"]
        top = [place["key"] for place in newest.head["places"] if place["parent"] is None]
        without = WITH_UNITS if edition_reader.is_national(newest.head) else ()
        for place, chart, language in product(top, CHARTS, STAFF_LANGUAGES):
            themes = (
                editions.drawing(connection, number, place, chart, language=language, theme=theme) for theme in THEMES
            )
            if chart not in without and any(each is None for each in themes):
                yield number, place, chart, language


def _newest_editions(connection: Connection) -> Iterator[edition_reader.EditionReader]:
    """Yield the newest edition of ours, and the newest national one."""
    every = (
        (editions.hashed_heads(connection), edition_reader.find_edition),
        (
            editions.national_heads(connection),
            edition_reader.find_national,
        ),
    )
    for heads, find in every:
        if heads and (newest := find(connection, heads[-1].number)):
            yield newest


def draw_pending(engine: Engine, limit: int | None = None) -> int:
    """Draw the newest edition's missing pictures, at most `limit`; return their number."""
    with read_transaction(engine) as connection:
        waiting = list(pending_charts(connection))[:limit]
    for number, place, chart, language in waiting:
        chart_svg(engine, number, place, chart, language, THEMES[0])
    return len(waiting)
