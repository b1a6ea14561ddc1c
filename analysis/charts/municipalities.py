"""The chart of every municipality, or region, by every question: patients' shares, staff's, or the gap between them.

For the page of the place above, a picture for each of the three. The places stand by name and never in order of their
figures. Arrows are for what has changed beyond chance and the rounds' own variation, as each one's own page tells it.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.charts import gap_trend, trend
from analysis.charts.drawing import matrix, style
from analysis.charts.drawing.canvas import NARROW, WIDE, heading
from analysis.charts.drawing.matrix import Cell, MarkStyle, Matrix
from analysis.frames.frame import QUESTIONS, ROLES, Row, is_known, records
from analysis.frames.schema import WITHOUT_FIGURE
from analysis.frames.series import segments
from analysis.localisation import Localisation, place_name, translate
from analysis.sentences import findings, municipalities
from analysis.sentences.compared_places import SHEET_OF_MUNICIPALITIES, SheetWords

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GAP = "gap"
SIDES = (*ROLES, GAP)
SHARE = (
    *("status", "n", "base", "noise", "yes_count", "steady_yes", "steady_base", "share", "low", "high", "wording"),
)
DIFFERENCE = (
    *("status", "kind", "units", "units_excluded", "patients", "providers", "gap", "low", "high", "p", "distinct"),
    *("since", "change", "change_low", "change_high", "change_p", "change_distinct", "wording_patient"),
    "wording_provider",
)
STYLES = {
    **{
        role: MarkStyle(style.ROLE_COLOR[role], style.ROLE_MARKER[role], style.ROLE_LINE[role], (0, 100))
        for role in ROLES
    },
    GAP: MarkStyle(style.INK, "D", "solid", (-70, 70), 0),
}


class MatrixChart:
    """The chart of one side, or of the gap; otherwise with the interface of the other chart modules."""

    def __init__(self, side: str, words: SheetWords = SHEET_OF_MUNICIPALITIES) -> None:
        """Choose the side: patient, provider or gap; and by its words the level of the places."""
        self.side, self.words = side, words

    def table(self, cells: pd.DataFrame, gaps: pd.DataFrame, place: str) -> pd.DataFrame:
        """Return a row for each place and question in the newest round; `place` is the one above them."""
        if gaps[gaps["place"] == place].empty and gaps.empty:
            raise ValueError(f"{place} is in none of these editions")
        every = gaps if self.side == GAP else cells[cells["role"] == self.side]
        # A place that is not in the newest round has nothing to say of it.
        there = set(gaps.loc[(gaps["level"] == self.words.level) & (gaps["date"] == gaps["date"].max()), "place"])
        own = every[every["place"].isin(there)]
        columns = DIFFERENCE if self.side == GAP else SHARE
        rows = _lines(own, gaps[gaps["place"].isin(there)], columns)
        movement = self._movements(cells, gaps, sorted({place for place, _question in rows}))
        found = [
            municipalities.newest(key, line) | movement.get(key, municipalities.NO_MOVEMENT)
            for key, line in rows.items()
        ]
        names = ["round", "date", "place", "question", *columns, *municipalities.NO_MOVEMENT]
        table = pd.DataFrame(found).reindex(columns=list(dict.fromkeys(names)))
        return table.assign(**{self.words.whole: place, "side": self.side})

    def _movements(
        self, cells: pd.DataFrame, gaps: pd.DataFrame, places: Sequence[str]
    ) -> Mapping[tuple[str, str], dict[str, Any]]:
        chart = gap_trend if self.side == GAP else trend
        if not places:
            return {}
        every = pd.concat([chart.table(cells, gaps, place) for place in places], ignore_index=True)
        if self.side == GAP:
            return municipalities.gap_movements_by_place(every)
        shares = municipalities.share_movements(every)
        return {(place, question): each for (place, question, role), each in shares.items() if role == self.side}

    def headline(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return where a side has moved, or on which questions the two sides differ in most places."""
        return municipalities.headline(table, self.side, texts, self.words)

    def subtitle(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return measure, the place above, round."""
        return municipalities.subtitle(table, self.side, texts, self.words)

    def describe(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return the picture in words, place by place."""
        return " ".join([self.headline(table, texts) + ".", *municipalities.lines_of(table, self.side, texts)])

    def draw(self, table: pd.DataFrame, texts: Localisation, width: int = WIDE) -> "Figure":
        """Draw the picture, on a wide sheet or a narrow one for a phone."""
        head = heading(self.headline(table, texts), self.subtitle(table, texts), width)
        rows = {key: place_name(key, texts) for key in municipalities.by_name(table, texts)}
        drawn = Matrix(
            rows,
            {question: texts.question(question) for question in QUESTIONS},
            {(row["place"], row["question"]): self._cell(row, texts) for row in records(table)},
            STYLES[self.side],
            municipalities.notes(table, self.side, width <= NARROW, texts),
        )
        return matrix.draw(drawn, head, width).figure

    def _cell(self, row: Row, texts: Localisation) -> Cell:
        status = row["status"]
        if status in WITHOUT_FIGURE:
            words = findings.FEW if status == "hidden" else findings.UNSURE
            return Cell(translate(texts, words), municipalities.SHORT[status])
        direction = municipalities.arrow(row)
        ends: dict[str, Any] = {"low": row["low"], "high": row["high"]}
        if self.side == GAP:
            number = texts.points(row["gap"])
            distinct = bool(row["distinct"])
            return Cell(number, number, distinct, distinct, direction, row["gap"], **ends)
        if not is_known(row["share"]):
            number = f"{texts.number(row['low'])}–{texts.number(row['high'])}"
            return Cell(number, "", **ends)
        number = texts.number(row["share"])
        return Cell(number, number, status == "shown", bool(direction), direction, row["share"], **ends)


def _lines(
    own: pd.DataFrame, gaps: pd.DataFrame, columns: Sequence[str]
) -> Mapping[tuple[str, str], Sequence[dict[str, Any]]]:
    """Return each place's rounds by question, oldest first, numbered by stretch of one wording."""
    rounds: dict[str, dict[str, Any]] = {}
    for row in sorted(records(gaps), key=lambda row: row["date"]):
        rounds.setdefault(row["place"], {})[row["round"]] = row
    by_key = {(row["place"], row["question"], row["round"]): row for row in records(own)}
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    nothing = dict.fromkeys(columns) | {"status": "hidden"}
    for place, existed in sorted(rounds.items()):
        for question in QUESTIONS:
            line = [
                {"round": key, "date": row["date"], "place": place, "question": question, "joined": row["joined"]}
                | {name: by_key.get((place, question, key), nothing)[name] for name in columns}
                for key, row in existed.items()
            ]
            stretch = segments(map(_wording, line), [row["joined"] for row in line])
            found[place, question] = [row | {"segment": at} for row, at in zip(line, stretch, strict=True)]
    return found


def _wording(row: Row) -> str:
    """Return the wording of a share's question, or of both sides' of a gap; empty in a round without it."""
    both = [row.get("wording_patient"), row.get("wording_provider")]
    return row.get("wording") or ("|".join(map(str, both)) if all(both) else "")
