"""The dumbbell: patients and providers side by side on the seven questions, in one round.

For whoever asks where the two see things differently. A difference that cannot be told from zero is grey and
says so; a capped share is a field and not a point; too few answers say so.
"""

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from analysis import findings
from analysis.charts import style
from analysis.charts.dumbbell import marks, name_sides, words_narrow, words_wide
from analysis.charts.page import MARGIN, NARROW, WIDE, Page, heading, wrap
from analysis.frame import QUESTIONS, ROLES, records
from analysis.texts import Texts

_SIDE = ("status", "n", "share", "low", "high", "cap_low", "cap_high")
_GAP = (
    *("status", "kind", "units", "units_out", "gap", "gap_low", "gap_high"),
    *("low", "high", "step", "p", "distinct", "wording_patient", "wording_provider"),
)
TICKS = (0, 25, 50, 75, 100)


def table(cells: pd.DataFrame, gaps: pd.DataFrame, place: str, round_key: str = "") -> pd.DataFrame:
    """A row a question: both sides' cells and the gap, in the newest round or the one named."""
    gaps = gaps[gaps["place"] == place]
    if gaps.empty:
        raise ValueError(f"{place} is in none of these editions")
    if not round_key:
        round_key = str(gaps.sort_values("date", kind="stable")["round"].iloc[-1])
    return by_round(cells, gaps, place, [round_key])


def by_round(cells: pd.DataFrame, gaps: pd.DataFrame, place: str, rounds: Sequence[str]) -> pd.DataFrame:
    """The same rows for several rounds, one after the other, at hardly more than the cost of one."""
    every = pd.MultiIndex.from_product([rounds, QUESTIONS], names=["round", "question"])
    here = cells[cells["place"] == place]
    sides = [(f"{role}_", here[here["role"] == role], _SIDE) for role in ROLES]
    columns: dict[str, object] = {
        "round": every.get_level_values("round").astype("str"),
        "place": place,
        "question": every.get_level_values("question").astype("str"),
    }
    for prefix, rows, names in (*sides, ("", gaps[gaps["place"] == place], _GAP)):
        found = rows.set_index(list(every.names))[list(names)].reindex(every)
        found["status"] = found["status"].fillna("hidden")
        if "distinct" in names:
            found["distinct"] = found["distinct"].eq(True)
        columns |= {prefix + name: found[name].to_numpy() for name in names}
    return pd.DataFrame(columns)


def headline(table: pd.DataFrame, texts: Texts) -> str:
    """What the picture shows, as far as the intervals carry."""
    return findings.gap_headline(table, texts)


def subtitle(table: pd.DataFrame, texts: Texts) -> str:
    """Measure, place, round, how many answers, and what the marks are."""
    return findings.gap_subtitle(table, texts)


def describe(table: pd.DataFrame, texts: Texts) -> str:
    """The picture in words, question by question."""
    rows = records(table)
    return " ".join([headline(table, texts) + ".", *(findings.gap_line(row, texts) for row in rows)])


def draw(table: pd.DataFrame, texts: Texts, width: int = WIDE) -> Figure:
    """The picture, on a wide sheet or a narrow one for a phone."""
    head = heading(headline(table, texts), subtitle(table, texts), width)
    wide = width > NARROW
    row_height = 54.0 if wide else 96.0
    top = head.height + 22
    bottom = top + row_height * len(table)
    notes = wrap(findings.gap_notes(table, texts), 12, width - 2 * MARGIN)
    page = Page(width, bottom + 40 + 15 * len(notes))
    page.heading(head)
    page.lines(MARGIN, bottom + 48, notes, 12, color=style.SOFT)
    left, right = (178.0, 528.0) if wide else (22.0, width - 26.0)
    panel = page.panel((left, top, right - left, bottom - top), (0, 100), (bottom - top, 0))
    _scale(page, texts, (left, right, bottom))
    # On a narrow sheet the words stand above and below the marks; the lines keep clear of them.
    middle = row_height * (0.5 if wide else 0.52)
    places = [(number * row_height + middle, row) for number, row in enumerate(records(table))]
    for first, last in [(0.0, bottom - top)] if wide else [(y - 16, y + 15) for y, _ in places]:
        for share in TICKS:
            panel.plot([share, share], [first, last], color=style.GRID, linewidth=1, zorder=0, clip_on=False)
    for y, row in places:
        marks(panel, row, y)
        (words_wide if wide else words_narrow)(page, row, top + y, texts)
    name_sides(page, [(top + y, row) for y, row in places], texts, (left, right), 20 if wide else 15)
    return page.figure


def _scale(page: Page, texts: Texts, edges: tuple[float, float, float]) -> None:
    left, right, bottom = edges
    for share in TICKS:
        words = texts.percent(share) if share == 100 else texts.number(share)
        x = left + (right - left) * share / 100
        page.text(x, bottom + 20, words, 12.5, color=style.SOFT, align="center")
