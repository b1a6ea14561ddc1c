"""The chart of external measures, a panel a series: never in the same picture as the seven questions.

For whoever asks what else is known. One value or two are no course of things, so they stand in the table alone; from
three there is a line. It has neither the colours nor the marks of patients and providers. A value that is only known to
be more or less than a number points that way.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.charts.drawing import style
from analysis.charts.drawing.canvas import MARGIN, MIN_TEXT_SIZE, WIDE, Canvas, heading, width_of, wrap
from analysis.charts.drawing.small_multiples import days
from analysis.frames.frame import Row, records
from analysis.localisation import N_, NO_BREAK, Localisation, translate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("series", "date", "qualifier", "value", "unit_of_measure", "respondents", "source")
MARKER = {"exact": "D", "over": "^", "under": "v"}
BOUND = {"exact": "%(value)s", "over": N_("mer än %(value)s"), "under": N_("mindre än %(value)s")}
ONE = N_("%(series)s, %(year)s: %(value)s")
MANY = N_("Mätningar utifrån: %(number)s serier")
DIFFERENT = N_("Mäter inte samma sak som de sju frågorna, och kan inte jämföras med dem.")
ASKED = N_("Tillfrågade: %(asked)s")
DECIMALS = N_("%(whole)s,%(decimals)s")
TITLE, HEIGHT, AXIS_HEIGHT = 16.0, 92.0, 26.0
MIN_VALUES = 3  # values that make a line


def table(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return a row for each value, by series and day."""
    found = pd.DataFrame(list(rows), columns=list(COLUMNS))
    return found.sort_values(["series", "date"], kind="stable").reset_index(drop=True)


def rows_drawn(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the series with three values or more. Empty where there is no picture."""
    found: pd.DataFrame = table.groupby(["series", "unit_of_measure"], sort=False).filter(
        lambda own: len(own) >= MIN_VALUES
    )
    return found.reset_index(drop=True)


def headline(table: pd.DataFrame, texts: Localisation) -> str:
    """Return the newest value of each series while they are few, else the number of series."""
    newest = [own[-1] for own in _series(table)]
    if len(newest) > 2:
        return translate(texts, MANY, number=texts.number(len(newest)))
    return ". ".join(
        translate(texts, ONE, series=row["series"], value=value_text(row, texts), year=str(row["date"].year))
        for row in newest
    )


def subtitle(table: pd.DataFrame, texts: Localisation) -> str:
    """Return that it does not measure the same thing."""
    return translate(texts, DIFFERENT)


def describe(table: pd.DataFrame, texts: Localisation) -> str:
    """Return the picture in words: every value, and who was asked."""
    sentences = []
    for own in _series(table):
        values = ", ".join(f"{_date_label(row, own)} {value_text(row, texts)}" for row in own)
        sentences.append(f"{own[-1]['series']}: {values}. {translate(texts, ASKED, asked=own[-1]['respondents'])}.")
    return " ".join([subtitle(table, texts), *sentences])


def value_text(row: Row, texts: Localisation) -> str:
    """Format the value as it was published: 29 %, more than 55 %, 1 100 and its unit."""
    value = round(float(row["value"]), 3)
    if value == int(value):
        number = texts.number(value)
    else:
        whole, decimals = f"{abs(value):.3f}".rstrip("0").split(".")
        written = translate(texts, DECIMALS, whole=texts.number(int(whole)), decimals=decimals)
        number = f"\u2212{written}" if value < 0 else written
    whole_percent = row["unit_of_measure"] == "%" and value == int(value)
    words = texts.percent(value) if whole_percent else f"{number}{NO_BREAK}{row['unit_of_measure']}"
    return translate(texts, BOUND[row["qualifier"]], value=words)


def draw(table: pd.DataFrame, texts: Localisation, width: int = WIDE) -> "Figure":
    """Draw the picture of rows that `rows_drawn` returns, on a wide sheet or a narrow one for a phone."""
    every = _series(table)
    head = heading(headline(table, texts), subtitle(table, texts), width)
    room = width - 2 * MARGIN
    words = [
        (
            wrap(own[-1]["series"], TITLE, room, bold=True),
            wrap(translate(texts, ASKED, asked=own[-1]["respondents"]), MIN_TEXT_SIZE, room),
        )
        for own in every
    ]
    heights = [(len(name) * TITLE + len(asked) * MIN_TEXT_SIZE) * 1.3 + 16 for name, asked in words]
    canvas = Canvas(width, head.height + sum(heights) + len(every) * (HEIGHT + AXIS_HEIGHT + 18))
    canvas.heading(head)
    dates = days(row["date"] for own in every for row in own)
    year = 366.0
    across = (min(dates) - year / 2, max(dates) + year / 2)
    y = head.height
    for number, (own, (name, asked), tall) in enumerate(zip(every, words, heights, strict=True)):
        canvas.lines(MARGIN, y + TITLE, name, TITLE, bold=True)
        canvas.lines(MARGIN, y + TITLE + len(name) * TITLE * 1.3, asked, MIN_TEXT_SIZE, color=style.SOFT)
        _panel(canvas, own, texts, (y + tall, across, number))
        y += tall + HEIGHT + AXIS_HEIGHT + 18
    return canvas.figure


def _panel(canvas: Canvas, own: list[Row], texts: Localisation, where: tuple[float, tuple[float, float], int]) -> None:
    """Draw one series: a light grid, its values with their numbers, its years at the foot."""
    top, across, number = where
    high = _axis_max(own)
    low = min(0.0, *(float(row["value"]) for row in own))
    ends = [value_text({**own[-1], "qualifier": "exact", "value": value}, texts) for value in (low, high)]
    left = MARGIN + max(width_of(words, MIN_TEXT_SIZE) for words in ends) + 8
    wide = canvas.width - left - MARGIN
    panel = canvas.panel((left, top, wide, HEIGHT), across, (low, high))
    for value, words in zip((low, high), ends, strict=True):
        panel.plot(across, [value] * 2, color=style.GRID, linewidth=1, zorder=0, clip_on=False)
        down = top + HEIGHT * (high - value) / (high - low)
        canvas.text(left - 8, down + 4, words, MIN_TEXT_SIZE, color=style.SOFT, align="right")
    _points(panel, own, number)
    spots = [left + wide * (day - across[0]) / (across[1] - across[0]) for day in days(row["date"] for row in own)]
    numbers = [value_text(row, texts) for row in own]
    for at in _labels_with_room(spots, numbers, canvas.width - MARGIN):
        down = top + HEIGHT * (high - float(own[at]["value"])) / (high - low)
        half = width_of(numbers[at], MIN_TEXT_SIZE, bold=True) / 2
        middle = min(max(spots[at], left + half), canvas.width - MARGIN - half)
        above = down - top > 20
        canvas.text(middle, down - 10 if above else down + 22, numbers[at], MIN_TEXT_SIZE, bold=True, align="center")
    whens = [_date_label(row, own) for row in own]
    for at in _labels_with_room(spots, whens, canvas.width - MARGIN):
        half = width_of(whens[at], MIN_TEXT_SIZE) / 2
        middle = min(spots[at], canvas.width - MARGIN - half)
        canvas.text(middle, top + HEIGHT + 20, whens[at], MIN_TEXT_SIZE, color=style.SOFT, align="center")


def _labels_with_room(spots: list[float], words: list[str], right: float) -> list[int]:
    """Return which words have room: the newest always, and each before it that does not touch the one after."""
    found: list[int] = []
    limit = right + 10
    for at in range(len(words) - 1, -1, -1):
        half = width_of(words[at], MIN_TEXT_SIZE, bold=True) / 2
        middle = min(spots[at], right - half)
        if not found or middle + half + 10 <= limit:
            found.append(at)
            limit = middle - half
    return found


def _points(panel: "Axes", own: list[Row], number: int) -> None:
    x, y = days(row["date"] for row in own), [float(row["value"]) for row in own]
    if len(own) > 1:
        panel.plot(x, y, color=style.SOFT, linewidth=1.6, gid=f"line-{number}")
    for at, row in enumerate(own):
        exact = row["qualifier"] == "exact"
        mark_style: dict[str, Any] = {"markersize": 7, "markeredgecolor": style.INK, "markeredgewidth": 1.4}
        face = style.INK if exact else style.PAPER
        marker = MARKER[row["qualifier"]]
        panel.plot(
            [x[at]], [y[at]], marker, markerfacecolor=face, clip_on=False, gid=f"value-{number}-{at}", **mark_style
        )


def _axis_max(own: list[Row]) -> float:
    """Return the end of the scale: a hundred for a percentage, else the next round number above every value."""
    most = max(float(row["value"]) for row in own)
    if own[-1]["unit_of_measure"] == "%" and most <= 100:
        return 100.0
    if most <= 0:
        return 1.0
    step = 10.0 ** math.floor(math.log10(most))
    return math.ceil(most * 1.05 / step) * step


def _series(table: pd.DataFrame) -> list[list[Row]]:
    """Return the rows of each series; another unit makes another series, with a scale of its own."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in records(table):
        found.setdefault((row["series"], row["unit_of_measure"]), []).append(row)
    return list(found.values())


def _date_label(row: Row, own: list[Row]) -> str:
    """Return the year, or the day where a year has several values."""
    day: date = row["date"]
    alone = sum(other["date"].year == day.year for other in own) == 1
    return str(day.year) if alone else day.isoformat()
