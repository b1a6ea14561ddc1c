"""Both sides' shares over the rounds, a panel a question.

For whoever asks whether it is getting better. Each line has its Wilson band; it breaks where the question's
wording changed and where a round is hidden; a capped share is a field and not a point.
"""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis import progress
from analysis.charts import style
from analysis.charts.dumbbell import ROLE_LABEL
from analysis.charts.marks import NOTE, Mark
from analysis.charts.multiples import Multiples, Ticks, band, days
from analysis.charts.page import MARGIN, WIDE, Page, heading, width_of
from analysis.directions import direction_sentence
from analysis.frame import QUESTIONS, ROLES, Row
from analysis.over_time import Lines, breaks, first_against_last, lines, runs, segments
from analysis.texts import Texts, say

NAMES = {"shown": "points", "hollow": "few"}
COLUMNS = ("n", "yes_count", "outside_count", "base", "noise", "share", "low", "high")


def table(cells: pd.DataFrame, gaps: pd.DataFrame, place: str) -> pd.DataFrame:
    """A row for each question, role and round of the place; rounds without a figure stand as hidden."""
    here = cells[cells["place"] == place]
    # A place stands among the gaps in every round it existed, also where all its cells are hidden.
    existed = gaps[gaps["place"] == place]
    if existed.empty:
        raise ValueError(f"{place} is in none of these editions")
    rounds = existed.drop_duplicates("round").sort_values("date")[["round", "date", "joined"]]
    every = pd.MultiIndex.from_product([QUESTIONS, ROLES, rounds["round"]], names=["question", "role", "round"])
    found = here.drop(columns=["date", "place"]).set_index(list(every.names)).reindex(every).reset_index()
    found["date"] = found["round"].map(rounds.set_index("round")["date"])
    found["place"] = place
    found["level"] = existed["level"].iloc[-1]
    found["status"] = found["status"].fillna("hidden")
    said, joined = found["wording"].tolist(), rounds["joined"].tolist()
    found["joined"] = joined * (len(said) // len(rounds))
    found["segment"] = [
        n for at in range(0, len(said), len(rounds)) for n in segments(said[at : at + len(rounds)], joined)
    ]
    ours = ["round", "date", "place", "level", "role", "question", "status", *COLUMNS, "wording", "segment", "joined"]
    return found[ours]


def headline(table: pd.DataFrame, texts: Texts) -> str:
    """What has changed, as far as the intervals carry."""
    return progress.trend_headline(first_against_last(lines(table)), texts)


def subtitle(table: pd.DataFrame, texts: Texts) -> str:
    """Measure, place, rounds, how many answers, what the bands are, and what rises or falls through all rounds."""
    return " ".join(filter(None, (progress.trend_subtitle(table, texts), direction_sentence(table, texts))))


def describe(table: pd.DataFrame, texts: Texts) -> str:
    """The picture in words: first and last of every line, its breaks and its hidden rounds."""
    said = [headline(table, texts) + ".", direction_sentence(table, texts), *progress.trend_lines(table, texts)]
    return " ".join(filter(None, said))


def draw(table: pd.DataFrame, texts: Texts, width: int = WIDE, marks: Sequence[Mark] = ()) -> Figure:
    """The picture, on a wide sheet or a narrow one for a phone; with numbered days, if there are any."""
    by_line = lines(table)
    changes = first_against_last(by_line)
    head = heading(progress.trend_headline(changes, texts), subtitle(table, texts), width)
    ticks = Ticks((0, 50, 100), (texts.number(0), texts.number(50), texts.percent(100)))
    plan = Multiples(table, texts, width, head.height, ticks, marks)
    spot = _room_for_names(plan, by_line, texts)
    if spot is None:
        plan = Multiples(table, texts, width, head.height + 26, ticks, marks)
    page = Page(width, plan.bottom)
    page.heading(head)
    distinct = set(changes.loc[changes["distinct"], "question"])
    for number, question in enumerate(QUESTIONS):
        draw_question(page, plan, number, question, by_line, bold=question in distinct)
    plan.notes(page, [*progress.trend_notes(table, texts), *([say(texts, NOTE)] if marks else [])])
    if spot is None:
        draw_key(page, texts, head.height + 10)
    else:
        for role, (x, y) in spot.items():
            words = say(texts, ROLE_LABEL[role])
            page.text(x, y, words, 12.5, color=style.ROLE_COLOR[role], bold=True, align="right")
    return page.figure


def draw_question(page: Page, plan: Multiples, number: int, question: str, by_line: Lines, *, bold: bool) -> None:
    """One question in its panel: both lines, their bands and fields, what breaks and what is hidden."""
    sides = {role: by_line[role, question] for role in ROLES}
    panel = plan.panel(page, number, bold)
    plan.breaks(panel, question, sorted({key for own in sides.values() for key in breaks(own)}))
    for role, own in sides.items():
        _series(panel, own, f"{role}-{question}")
    plan.under(page, panel, number, list(sides.values()))


def _series(panel: Axes, own: Sequence[Row], gid: str) -> None:
    role = own[0]["role"]
    color, line = style.ROLE_COLOR[role], style.ROLE_LINE[role]
    for number, run in enumerate(runs(own)):
        band(panel, run, color, style.BAND_ALPHA)
        shares = [row["share"] for row in run]
        x = days(row["date"] for row in run)
        panel.plot(x, shares, color=color, linewidth=1.9, linestyle=line, gid=f"line-{gid}-{number}")
        for status in style.POINTS:
            some = [row for row in run if row["status"] == status]
            if some:
                at, shares = days(row["date"] for row in some), [row["share"] for row in some]
                panel.plot(at, shares, gid=f"{NAMES[status]}-{gid}-{number}", **style.point(role, status, 5.5))


def _room_for_names(plan: Multiples, by_line: Lines, texts: Texts) -> dict[str, tuple[float, float]] | None:
    """Where the names can stand over and under their lines and touch nothing, in the first row."""
    reach = max(width_of(say(texts, words), 12.5, bold=True) for words in ROLE_LABEL.values()) + 8
    for number, question in enumerate(QUESTIONS[: plan.columns]):
        x, top = plan.corner(number)
        right = x + plan.width
        sides = {role: by_line[role, question] for role in ROLES}
        covered = sum(plan.x(number, day) >= right - reach for day in plan.days)
        # And one round more, for the bands' edges slope in from there.
        near = {role: own[-covered - 1 :] for role, own in sides.items()}
        rows = [row for own in near.values() for row in own]
        broken = {key for role in ROLES for key in breaks(sides[role])}
        if not covered or any(row["status"] != "shown" or row["round"] in broken for row in rows):
            continue
        for upper, lower in (("provider", "patient"), ("patient", "provider")):
            above = zip(near[upper], near[lower], strict=True)
            over = plan.y(number, max(row["high"] for row in rows)) - 5
            under = plan.y(number, min(row["low"] for row in rows)) + 14
            inside = over - 11 >= top - 4 and under <= top + plan.height - 3
            if inside and all(one["share"] - other["share"] > 6 for one, other in above):
                return {upper: (right, over), lower: (right, under)}
    return None


def draw_key(page: Page, texts: Texts, y: float) -> None:
    """Where no panel has room for the names: both marks with them, over the panels."""
    x: float = MARGIN
    for role in ROLES:
        color, words = style.ROLE_COLOR[role], say(texts, ROLE_LABEL[role])
        page.sheet.plot([x, x + 30], [y - 4] * 2, color=color, linewidth=1.9, linestyle=style.ROLE_LINE[role])
        page.sheet.plot([x + 15], [y - 4], style.ROLE_MARKER[role], color=color, markersize=6.5)
        page.text(x + 38, y, words, 12.5, color=color, bold=True)
        x += 38 + width_of(words, 12.5, bold=True) + 24
