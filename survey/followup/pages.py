"""The follow-up page: where one is, what is read, three findings, the pictures, then a section a question.

For the views: everything the template shows, in the reader's language, and nothing the person may not read.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for
from markupsafe import Markup

from survey.domain.alphabet import in_order
from survey.domain.questionnaire import QUESTIONS, ROLES, Version
from survey.followup import about, highlights
from survey.followup.reading import Reading
from survey.followup.rights import all_below
from survey.followup.sections import Row, changes, matrix, over_rounds, sections
from survey.followup.tables import by_round
from survey.publication.drawings import NARROW, compares
from survey.web.language import current_language

if TYPE_CHECKING:
    import pandas as pd

CHARTS = ("trend", "samsyn", "change")
DEEPER = ("spread", "control", "funnel")


SEAM = re.compile(r"<!--seam:([a-z_]*)-->")


def seam(name: str) -> Markup:
    """A place in the page where something is put in that changes while the page itself is kept."""
    return Markup("<!--seam:%s-->") % name


def parts(content: str) -> list[tuple[Markup, str]]:
    """The page cut at its seams: each piece, and the name of the seam after it ("" after the last)."""
    pieces = [*SEAM.split(content), ""]
    # The template has escaped all that people have written, so the seams are its own.
    return [(Markup(text), name) for text, name in zip(pieces[::2], pieces[1::2], strict=True)]  # noqa: S704


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
    for chart in CHARTS:
        drawings[chart] = DRAWN[chart].table(reading.cells, reading.gaps, reading.node)
    return {
        "reading": reading,
        "seam": seam,
        "texts": reading.texts,
        "round_name": reading.texts.round_name(reading.edition["round"]["key"]),
        "trail": trail(reading, may_read),
        "below": below(reading, may_read),
        "groups": groups(reading, may_read),
        "since_last": about.since_last(drawings["change"], reading),
        "hidden": about.hidden(reading),
        "channels": about.channels(reading),
        "changed_words": about.changed_words(reading, rows),
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


Table = Callable[[str], "pd.DataFrame"]


def deeper(reading: Reading, may_read: set[str], table: Table) -> dict[str, Any]:
    """What the page of more pictures shows: those of the place, and each question in every municipality.

    `table` gives a picture's own by its name.
    """
    shown = [chart for chart in DEEPER if _may_see(chart, reading, may_read)]
    beside = [f"municipalities-{question}" for question in QUESTIONS]
    return {
        "reading": reading,
        "texts": reading.texts,
        "round_name": reading.texts.round_name(reading.edition["round"]["key"]),
        "trail": [*trail(reading, may_read)[:-1], Link(reading.place["name"], address(reading.number, reading.node))],
        "pictures": {chart: _in_words(reading, chart, table(chart)) for chart in shown},
        "municipalities": [
            {"key": chart, "name": reading.texts.question(question), "picture": _in_words(reading, chart, table(chart))}
            for question, chart in zip(QUESTIONS, beside, strict=True)
            if reading.place["level"] == "region" and _may_see(chart, reading, may_read)
        ],
    }


def _in_words(reading: Reading, chart: str, table: "pd.DataFrame") -> dict[str, str]:
    """A picture that has no table beside it has all of it in words."""
    from analysis.charts import chart_of

    return (picture(reading, chart, table) or {}) | {"words": chart_of(chart).describe(table, reading.texts)}


def _may_see(chart: str, reading: Reading, may_read: set[str]) -> bool:
    """Whether a picture is for this place and this reader."""
    compared = compares(chart)
    return compared is None or all_below(compared, reading.node, reading.edition, may_read)


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
    under = [entry for entry in reading.edition["places"] if entry["parent"] == reading.node]
    own = set(reading.place.get("units", ()))
    found = [entry for entry in under if "units" not in entry]
    return _links(found + [entry for entry in reading.edition["places"] if entry["key"] in own], reading, may_read)


def groups(reading: Reading, may_read: set[str]) -> list[Link]:
    """The groups of units that the round was published with, by name; on the region's page."""
    found = [entry for entry in reading.edition["places"] if entry["parent"] == reading.node and "units" in entry]
    return _links(found, reading, may_read)


def _links(entries: Sequence[Mapping[str, Any]], reading: Reading, may_read: set[str]) -> list[Link]:
    return [
        Link(entry["name"], address(reading.number, entry["key"]))
        for entry in sorted(entries, key=lambda entry: in_order(entry["name"]))
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
    from analysis.charts import chart_of

    if (table[[name for name in table.columns if name.endswith("status")]] == "hidden").all(axis=None):
        return None
    return addresses(reading, chart) | {"alt": chart_of(chart).headline(table, reading.texts)}


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
