"""The follow-up page: where one is, what is read, three findings, the pictures, then a section a question.

For the views: everything the template shows, in the reader's language, and nothing the person may not read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for

from survey.domain.questionnaire import ROLES, Version
from survey.followup import highlights
from survey.followup.reading import Reading
from survey.followup.sections import matrix, over_rounds, sections
from survey.publication.drawings import NARROW
from survey.web.language import current_language

if TYPE_CHECKING:
    import pandas as pd

CHARTS = ("gap", "trend", "samsyn")


@dataclass(frozen=True)
class Link:
    """A plain link; without an address it is where one is."""

    name: str
    address: str | None


def page(reading: Reading, may_read: set[str], versions: Mapping[str, Version]) -> dict[str, Any]:
    """What the template shows."""
    from analysis.charts import CHARTS as DRAWN

    rows = over_rounds(reading)
    drawings = {chart: DRAWN[chart].table(reading.cells, reading.gaps, reading.node) for chart in CHARTS}
    return {
        "reading": reading,
        "texts": reading.texts,
        "round_name": reading.texts.round_name(reading.edition["round"]["key"]),
        "trail": trail(reading, may_read),
        "below": below(reading, may_read),
        "rounds": rounds(reading),
        "answered": answered(reading),
        "findings": highlights.three(drawings, reading.texts),
        "pictures": {chart: picture(reading, chart, table) for chart, table in drawings.items()},
        "sections": [
            section | {"picture": picture(reading, section["key"])} for section in sections(reading, rows, versions)
        ],
        "matrix": matrix(reading, rows),
        "round_names": [reading.texts.round_name(body["round"]["key"]) for body in reading.bodies],
    }


def address(number: int, node: str) -> str:
    """The page of a place in an edition."""
    return url_for("followup.page", number=number, node=node)


def trail(reading: Reading, may_read: set[str]) -> list[Link]:
    """Region › municipality › unit, down to the place itself."""
    by_key = {entry["key"]: entry for entry in reading.edition["places"]}
    steps: list[Link] = [Link(reading.place["name"], None)]
    up = reading.place["parent"]
    while up:
        entry = by_key[up]
        steps.insert(0, Link(entry["name"], address(reading.number, up) if up in may_read else None))
        up = entry["parent"]
    return steps


def below(reading: Reading, may_read: set[str]) -> list[Link]:
    """The places right below that the person may read, by name."""
    found = [entry for entry in reading.edition["places"] if entry["parent"] == reading.node]
    return [
        Link(entry["name"], address(reading.number, entry["key"]))
        for entry in sorted(found, key=lambda entry: str(entry["name"]).casefold())
        if entry["key"] in may_read
    ]


def rounds(reading: Reading) -> list[Link]:
    """The published rounds, newest first; the one that is read has no address."""
    return [
        Link(
            f"{reading.texts.round_name(round_key)}",
            None if number == reading.number else address(number, reading.node),
        )
        for number, round_key in reading.rounds
    ]


def answered(reading: Reading) -> dict[str, str | None]:
    """About how many have answered per role; None where the number is hidden."""
    found = {entry["role"]: entry for entry in reading.edition["respondents"] if entry["place"] == reading.node}
    return {
        role: reading.texts.number(found[role]["n"]) if role in found and found[role]["status"] == "shown" else None
        for role in ROLES
    }


def picture(reading: Reading, chart: str, table: "pd.DataFrame | None" = None) -> dict[str, str] | None:
    """A picture's addresses, wide and narrow, light and dark, and its words; None when all in it is hidden."""
    from analysis.charts import chart_of

    drawn = chart_of(chart)
    if table is None:
        table = drawn.table(reading.cells, reading.gaps, reading.node)
    if (table[[name for name in table.columns if name.endswith("status")]] == "hidden").all(axis=None):
        return None
    where: dict[str, Any] = {"number": reading.number, "node": reading.node, "language": current_language().tag}
    addresses = {
        f"{theme}{size}": url_for("followup.drawn", chart=chart + size, theme=theme, **where)
        for theme in ("light", "dark")
        for size in ("", NARROW)
    }
    return addresses | {"alt": drawn.headline(table, reading.texts)}
