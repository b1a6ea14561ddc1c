"""The follow-up page: where one is, what is read, three findings, the pictures, then a section a question.

For the views: everything the template shows, in the reader's language, and nothing the person may not read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for

from survey.domain.questionnaire import QUESTIONS, ROLES, Version
from survey.followup import highlights
from survey.followup.reading import Reading
from survey.followup.sections import Row, changes, matrix, over_rounds, sections
from survey.followup.tables import by_round
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

    every = by_round(reading)
    rows = over_rounds(every)
    drawings = {"gap": every.tail(len(QUESTIONS)).reset_index(drop=True)}  # the edition's own round stands last
    for chart in ("trend", "samsyn"):
        drawings[chart] = DRAWN[chart].table(reading.cells, reading.gaps, reading.node)
    return {
        "reading": reading,
        "texts": reading.texts,
        "round_name": reading.texts.round_name(reading.edition["round"]["key"]),
        "trail": trail(reading, may_read),
        "below": below(reading, may_read),
        "rounds": rounds(reading),
        "answered": answered(reading),
        "findings": highlights.three(drawings, reading.texts, reading.place["level"]),
        "pictures": {chart: picture(reading, chart, table) for chart, table in drawings.items()},
        "sections": [
            section | {"picture": picture_of_question(reading, section["key"], rows[section["key"]])}
            for section in sections(reading, rows, versions)
        ],
        "matrix": matrix(reading, rows),
        "changes": changes(drawings["samsyn"], reading),
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


def picture(reading: Reading, chart: str, table: "pd.DataFrame") -> dict[str, str] | None:
    """A picture's addresses and its words; None when all in it is hidden."""
    from analysis.charts import CHARTS as DRAWN

    if (table[[name for name in table.columns if name.endswith("status")]] == "hidden").all(axis=None):
        return None
    return addresses(reading, chart) | {"alt": DRAWN[chart].headline(table, reading.texts)}


def picture_of_question(reading: Reading, question: str, rows: Sequence[Row]) -> dict[str, str] | None:
    """The same for a question's picture, from its row in every round."""
    from analysis.charts import OF_QUESTION

    if all(row[name] == "hidden" for row in rows for name in ("patient_status", "provider_status", "status")):
        return None
    return addresses(reading, question) | {"alt": OF_QUESTION[question].headline_of(rows[-1], reading.texts)}


def addresses(reading: Reading, chart: str) -> dict[str, str]:
    """Where a picture is, wide and narrow, light and dark."""
    where: dict[str, Any] = {"number": reading.number, "node": reading.node, "language": current_language().tag}
    return {
        f"{theme}{size}": url_for("followup.drawn", chart=chart + size, theme=theme, **where)
        for theme in ("light", "dark")
        for size in ("", NARROW)
    }
