"""The chart of the gap over the rounds, a panel a question: do providers and patients come closer?

For the follow-up group, to whom the agreement between the two sides (samsyn) is a result in itself. The zero
line is where both say yes equally often; the band is the gap's interval.
"""

import math
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.charts.drawing import labels, style
from analysis.charts.drawing.canvas import WIDE, Canvas, heading, width_of
from analysis.charts.drawing.small_multiples import SMALL, SmallMultiples, Ticks, band, days
from analysis.frames.frame import QUESTIONS, Row, records
from analysis.frames.series import breaks, fitted, lines, runs, segments
from analysis.frames.trend_direction import gap_directions
from analysis.localisation import N_, Localisation, translate
from analysis.sentences import findings, trend
from analysis.sentences.over_rounds import Headline, gap_change, gap_findings, gap_headline

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIDE_OF_ZERO = {"provider": N_("vården oftare ja"), "patient": N_("patienterna oftare ja")}
CHANGE = ("since", "change", "change_low", "change_high", "change_p", "change_distinct", "change_units")
COLUMNS = (
    *("round", "date", "place", "question", "status", "kind", "patients", "providers"),
    *("units", "gap", "se", "low", "high", "p", "distinct"),
    *(*CHANGE, "wording_patient", "wording_provider", "joined"),
)


def section() -> tuple[str, str]:
    """Return its heading on the page of all charts, and a sentence under it; empty: none."""
    return N_("Samsyn: skillnaden över mätomgångarna"), ""


def table(cells: pd.DataFrame, gaps: pd.DataFrame, place: str) -> pd.DataFrame:
    """Return a row for each question and round of the place, with the gap's change on the newest."""
    here = gaps[gaps["place"] == place].sort_values("date", kind="stable")
    if here.empty:
        raise ValueError(f"{place} is in none of these editions")
    order = here["question"].map(QUESTIONS.index).sort_values(kind="stable").index
    found = here.loc[order, list(COLUMNS)].reset_index(drop=True)
    both = (found["wording_patient"] + "|" + found["wording_provider"]).tolist()
    each = groupby(zip(found["question"].tolist(), both, found["joined"].tolist(), strict=True), key=itemgetter(0))
    found["segment"] = [number for _, own in each for number in segments(*list(zip(*own, strict=True))[1:])]
    rows = records(found)
    since = {(row["question"], row["round"]): row["segment"] for row in rows}
    newest = found["date"] == found["date"].max()
    # No change is claimed across two wordings, nor one that ended in an earlier round.
    same = pd.Series([since.get((row["question"], row["since"])) == row["segment"] for row in rows]) & newest
    numbers = {
        name: found[name].where(same) for name in ("change", "change_low", "change_high", "change_p", "change_units")
    }
    tests = records(gap_directions(lines(found)))
    directions = {test["question"]: int(test["direction"]) for test in tests if test["distinct"]}
    return found.assign(
        since=found["since"].where(same, ""),
        change_distinct=found["change_distinct"] & same,
        direction=[directions.get(row["question"], 0) for row in rows],
        **numbers,
    )


def headline(table: pd.DataFrame, texts: Localisation) -> str:
    """Return whether the gap moves or has changed, as far as the tests carry."""
    return headline_with_outcome(table, texts).sentence


def headline_with_outcome(table: pd.DataFrame, texts: Localisation) -> Headline:
    """Return the headline, and what it finds."""
    by_line = lines(table)
    return gap_headline(table, gap_directions(by_line), by_line, texts)


def gap_change_sentences(table: pd.DataFrame, question: str, texts: Localisation) -> str:
    """Return sentences on one question's gap, for its own page: the headline's finding, or that none is distinct."""
    by_line = lines(table)
    return gap_change(table, gap_directions(by_line), by_line, question, texts)


def subtitle(table: pd.DataFrame, texts: Localisation) -> str:
    """Return measure, place, rounds, and the meaning of the marks."""
    return trend.gap_trend_subtitle(table, texts)


def describe(table: pd.DataFrame, texts: Localisation) -> str:
    """Return the picture in words: the newest gap of each question, changes, breaks and hidden rounds."""
    return " ".join([headline(table, texts) + ".", *trend.gap_trend_lines(table, texts)])


def ticks_of(table: pd.DataFrame, texts: Localisation) -> Ticks:
    """Return the scale from the lowest to the highest limit, out to whole twenties; zero is always on it."""
    shown = table[table["status"] == "shown"]
    low = min(-20, 20 * math.floor(shown["low"].min() / 20)) if len(shown) else -20
    high = max(20, 20 * math.ceil(shown["high"].max() / 20)) if len(shown) else 20
    return Ticks((low, 0, high), tuple(texts.points(value) for value in (low, 0, high)))


def draw(table: pd.DataFrame, texts: Localisation, width: int = WIDE, measure: str = "") -> "Figure":
    """Draw the picture, on a wide sheet or a narrow one for a phone; `measure`: in the place of its own subtitle."""
    by_line = lines(table)
    tests = gap_directions(by_line)
    head = heading(gap_headline(table, tests, by_line, texts).sentence, measure or subtitle(table, texts), width)
    findings_by_question = {
        key: [(words, style.INK)] for key, words in gap_findings(table, tests, by_line, texts).items()
    }
    ends = {question: end_labels(by_line["", question], texts) for question in QUESTIONS}
    room = labels.label_width([each for own in ends.values() for each in own])
    layout = SmallMultiples(
        table, texts, width, head.height, ticks_of(table, texts), findings=findings_by_question, end=room
    )
    notes = trend.gap_trend_notes(table, texts)
    canvas = Canvas(width, layout.end_of(notes, width))
    canvas.heading(head)
    for number, question in enumerate(QUESTIONS):
        draw_question(canvas, layout, number, by_line["", question], texts, bold=question in findings_by_question)
        labels.draw(canvas, layout, number, ends[question])
    layout.notes(canvas, notes)
    return canvas.figure


def end_labels(own: Sequence[Row], texts: Localisation) -> list[labels.Label]:
    """Return the label of the newest gap, bold where it is distinct from zero."""
    last = own[-1]
    if last["status"] != "shown":
        return []
    distinct = bool(last["distinct"])
    return [
        labels.Label(last["gap"], findings.gap_number(last, texts), style.INK if distinct else style.SOFT, distinct)
    ]


def draw_question(
    canvas: Canvas, layout: SmallMultiples, number: int, own: Sequence[Row], texts: Localisation, *, bold: bool
) -> None:
    """Draw one question: both halves, the gap with its band and a trend that is distinct, breaks and hidden rounds."""
    question = own[0]["question"]
    panel = layout.panel(canvas, number, bold)
    for role in SIDE_OF_ZERO:
        _side_of_zero(canvas, panel, (layout, number, role), own, texts)
    panel.plot(layout.across, [0, 0], color=style.SOFT, linewidth=1.4, zorder=1, gid=f"zero-{question}")
    layout.breaks(panel, question, breaks(own))
    for run_number, run in enumerate(runs(own)):
        _run(panel, run, f"{question}-{run_number}")
    if own[-1]["direction"]:
        _trend_line(panel, own)
    layout.draw_breaks_and_hidden(canvas, panel, number, [own])


def _side_of_zero(
    canvas: Canvas, panel: "Axes", where: tuple[SmallMultiples, int, str], own: Sequence[Row], texts: Localisation
) -> None:
    """Draw a light field in the colour of the side that says yes more often, and its words where nothing is drawn."""
    layout, number, role = where
    color, words, (x, top) = style.ROLE_COLOR[role], translate(texts, SIDE_OF_ZERO[role]), layout.corner(number)
    upper = role == "provider"
    ends = (0, layout.ticks.values[-1]) if upper else (layout.ticks.values[0], 0)
    panel.axhspan(*ends, facecolor=color, alpha=0.05, linewidth=0, zorder=-1)
    wide, y = width_of(words, SMALL), top + 14 if upper else top + layout.height - 8
    for left in (x + 3, x + layout.width - wide - 3):
        near = [layout.x(number, days([row["date"]])[0]) for row in own]
        rows = [row for row, at in zip(own, near, strict=True) if left - layout.step < at < left + wide + layout.step]
        reach = [layout.y(number, row[side]) for row in rows if row["status"] == "shown" for side in ("low", "high")]
        if wide + 6 <= layout.width and _is_clear(reach, y):
            canvas.text(left, y, words, SMALL, color=color)
            return


def _is_clear(reach: Sequence[float], y: float) -> bool:
    """Return whether words with their baseline at y meet no band; `reach`: its lower and upper edge, by round."""
    pairs = zip(reach[::2], reach[1::2], strict=True)
    return all(high > y + 5 or low < y - 15 for low, high in pairs)


def _run(panel: "Axes", run: Sequence[Row], gid: str) -> None:
    band(panel, run, style.INK, 0.12)
    x = days(row["date"] for row in run)
    panel.plot(x, [row["gap"] for row in run], color=style.INK, linewidth=1.2, gid=f"line-{gid}")
    for name, distinct, face in (("points", True, style.INK), ("open", False, style.PAPER)):
        some = [row for row in run if bool(row["distinct"]) == distinct]
        if some:
            mark_style: dict[str, Any] = {"markersize": 5.5, "markerfacecolor": face, "markeredgecolor": style.INK}
            at, gaps = days(row["date"] for row in some), [row["gap"] for row in some]
            panel.plot(at, gaps, "D", **mark_style, markeredgewidth=1.2, zorder=3, clip_on=False, gid=f"{name}-{gid}")


def _trend_line(panel: "Axes", own: Sequence[Row]) -> None:
    """Draw the straight line through the rounds of the newest wording, weighted by their precision."""
    same = fitted(own)
    if not same:
        return
    x = days(row["date"] for row in same)
    slope, start = np.polyfit(np.subtract(x, x[0]), [row["gap"] for row in same], 1, w=[1 / row["se"] for row in same])
    ends = [float(start), float(start + slope * (x[-1] - x[0]))]
    mark_style: dict[str, Any] = {"color": style.INK, "linewidth": 2, "linestyle": (0, (5, 2)), "zorder": 2}
    panel.plot([x[0], x[-1]], ends, gid=f"fitted-{own[0]['question']}", **mark_style)
