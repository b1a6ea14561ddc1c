"""The gap over the rounds, a panel a question: does what providers and patients say come closer?

For the follow-up group, to whom the agreement between the two sides (samsyn) is a result in itself. The zero
line is where both say yes equally often; the band is the gap's interval.
"""

import math
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis import findings, progress
from analysis.charts import style
from analysis.charts.multiples import SMALL, Multiples, Ticks, band, days
from analysis.charts.page import WIDE, Page, heading, width_of
from analysis.frame import QUESTIONS, Row, records
from analysis.over_time import breaks, lines, runs, segments
from analysis.texts import Texts

CHANGE = ("since", "change", "change_low", "change_high", "change_p", "change_distinct")
COLUMNS = (
    *("round", "date", "place", "question", "status", "kind", "patients", "providers"),
    *("gap", "se", "low", "high", "p", "distinct"),
    *(*CHANGE, "wording_patient", "wording_provider", "joined"),
)


def table(cells: pd.DataFrame, gaps: pd.DataFrame, place: str) -> pd.DataFrame:
    """A row for each question and round of the place, with the gap's change on the newest."""
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
    # A change across two wordings is none: nothing is said of it. Nor of what had changed in an earlier round.
    same = pd.Series([since.get((row["question"], row["since"])) == row["segment"] for row in rows]) & newest
    numbers = {name: found[name].where(same) for name in ("change", "change_low", "change_high", "change_p")}
    return found.assign(
        since=found["since"].where(same, ""), change_distinct=found["change_distinct"] & same, **numbers
    )


def headline(table: pd.DataFrame, texts: Texts) -> str:
    """Whether the gap has changed, as far as the intervals carry."""
    return progress.samsyn_headline(table, texts)


def subtitle(table: pd.DataFrame, texts: Texts) -> str:
    """Measure, place, rounds, and what the marks are."""
    return progress.samsyn_subtitle(table, texts)


def describe(table: pd.DataFrame, texts: Texts) -> str:
    """The picture in words: the newest gap of each question, what has changed, breaks and hidden rounds."""
    return " ".join([headline(table, texts) + ".", *progress.samsyn_lines(table, texts)])


def ticks_of(table: pd.DataFrame, texts: Texts) -> Ticks:
    """From the lowest to the highest limit, out to whole twenties; zero is always on it."""
    shown = table[table["status"] == "shown"]
    low = min(-20, 20 * math.floor(shown["low"].min() / 20)) if len(shown) else -20
    high = max(20, 20 * math.ceil(shown["high"].max() / 20)) if len(shown) else 20
    return Ticks((low, 0, high), tuple(texts.points(value) for value in (low, 0, high)))


def draw(table: pd.DataFrame, texts: Texts, width: int = WIDE) -> Figure:
    """The picture, on a wide sheet or a narrow one for a phone."""
    by_line = lines(table)
    head = heading(headline(table, texts), subtitle(table, texts), width)
    plan = Multiples(table, texts, width, head.height, ticks_of(table, texts))
    page = Page(width, plan.bottom)
    page.heading(head)
    distinct = set(table.loc[table["change_distinct"], "question"])
    for number, question in enumerate(QUESTIONS):
        draw_question(page, plan, number, by_line["", question], texts, bold=question in distinct)
    plan.notes(page, progress.samsyn_notes(table, texts))
    return page.figure


def draw_question(page: Page, plan: Multiples, number: int, own: Sequence[Row], texts: Texts, *, bold: bool) -> None:
    """One question in its panel: the gap, its band and the zero line, what breaks and what is hidden."""
    question = own[0]["question"]
    panel = plan.panel(page, number, bold)
    panel.plot(plan.across, [0, 0], color=style.SOFT, linewidth=1.2, zorder=1, gid=f"zero-{question}")
    plan.breaks(panel, question, breaks(own))
    for run_number, run in enumerate(runs(own)):
        _run(panel, run, f"{question}-{run_number}")
    plan.under(page, panel, number, [own])
    _newest(page, plan, number, own, texts)


def _run(panel: Axes, run: Sequence[Row], gid: str) -> None:
    band(panel, run, style.INK, 0.12)
    x = days(row["date"] for row in run)
    panel.plot(x, [row["gap"] for row in run], color=style.INK, linewidth=1.7, gid=f"line-{gid}")
    sure = [row for row in run if row["distinct"]]
    for name, some, face in (
        ("points", sure, style.INK),
        ("open", [row for row in run if row not in sure], style.PAPER),
    ):
        if some:
            panel.plot(
                days(row["date"] for row in some),
                [row["gap"] for row in some],
                "D",
                markersize=5,
                markerfacecolor=face,
                markeredgecolor=style.INK,
                markeredgewidth=1.2,
                zorder=3,
                clip_on=False,
                gid=f"{name}-{gid}",
            )


def _newest(page: Page, plan: Multiples, number: int, own: Sequence[Row], texts: Texts) -> None:
    """The last number, over the band's end or under it: bold when it can be told from zero."""
    last = own[-1]
    if last["status"] != "shown":
        return
    x, top = plan.corner(number)
    bold, color = bool(last["distinct"]), style.INK if last["distinct"] else style.SOFT
    words = findings.gap_number(last, texts)
    reach = x + plan.width - width_of(words, SMALL + 1, bold) - 6
    covered = sum(plan.x(number, day) >= reach for day in days(row["date"] for row in own))
    # And one round more, for the band's edge slopes in from there.
    near = [row for row in own[-covered - 1 :] if row["status"] == "shown"]
    y = plan.y(number, max(row["high"] for row in near)) - 5
    if y - 10 < top:
        y = plan.y(number, min(row["low"] for row in near)) + 15
    zero = plan.y(number, 0)
    if y - 12 < zero < y + 3:
        y = zero + 14
    page.text(x + plan.width, y, words, SMALL + 1, color=color, bold=bold, align="right")
