"""Both sides' shares over the rounds, a panel a question.

For whoever asks whether it is getting better. Each line has its Wilson band; it breaks where the question's
wording changed and where a round is hidden; a capped share is a field and not a point.
"""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis import findings, progress
from analysis.charts import style
from analysis.charts.dumbbell import ROLE_LABEL
from analysis.charts.multiples import (
    Multiples,
    Ticks,
    days,
    hidden_kinds,
    new_wordings,
    runs,
)
from analysis.charts.page import MARGIN, WIDE, Page, heading, width_of
from analysis.frame import QUESTIONS, ROLES
from analysis.over_time import first_against_last, segments
from analysis.texts import Texts, say

COLUMNS = ("n", "share", "low", "high", "cap_low", "cap_high")


def table(cells: pd.DataFrame, gaps: pd.DataFrame, place: str) -> pd.DataFrame:
    """A row for each question, role and round of the place; rounds without a figure stand as hidden."""
    here = cells[cells["place"] == place]
    # A place stands among the gaps in every round it existed, also where all its cells are hidden.
    existed = gaps[gaps["place"] == place]
    if existed.empty:
        raise ValueError(f"{place} is in none of these editions")
    rounds = existed.drop_duplicates("round").sort_values("date")[["round", "date"]]
    parts = []
    for question in QUESTIONS:
        for role in ROLES:
            own = here[(here["question"] == question) & (here["role"] == role)]
            part = rounds.merge(
                own.drop(columns=["date", "place", "role", "question"]), on="round", how="left"
            )
            part.insert(2, "place", place)
            part.insert(3, "role", role)
            part.insert(4, "question", question)
            part["status"] = part["status"].fillna("hidden")
            part["segment"] = segments(part["wording"])
            parts.append(part)
    names = ["round", "date", "place", "role", "question", "status", *COLUMNS, "wording", "segment"]
    return pd.concat(parts, ignore_index=True)[names]


def headline(table: pd.DataFrame, texts: Texts) -> str:
    """What has changed, as far as the intervals carry."""
    return progress.trend_headline(first_against_last(table), texts)


def subtitle(table: pd.DataFrame, texts: Texts) -> str:
    """Measure, place, rounds, how many answers, and what the marks are."""
    return progress.trend_subtitle(table, texts)


def describe(table: pd.DataFrame, texts: Texts) -> str:
    """The picture in words: first and last of every line, its breaks and its hidden rounds."""
    return " ".join([headline(table, texts) + ".", *progress.trend_lines(table, texts)])


def draw(table: pd.DataFrame, texts: Texts, width: int = WIDE) -> Figure:
    """The picture, on a wide sheet or a narrow one for a phone."""
    changes = first_against_last(table)
    head = heading(progress.trend_headline(changes, texts), subtitle(table, texts), width)
    ticks = Ticks((0, 50, 100), (texts.number(0), texts.number(50), texts.percent(100)))
    plan = Multiples(table, texts, width, head.height, ticks)
    spot = _room_for_names(plan, table, texts)
    if spot is None:
        plan = Multiples(table, texts, width, head.height + 26, ticks)
    page = Page(width, plan.bottom)
    page.heading(head)
    distinct = set(changes.loc[changes["distinct"], "question"])
    for number, question in enumerate(QUESTIONS):
        own = table[table["question"] == question]
        panel = plan.panel(page, number, bold=question in distinct)
        plan.breaks(panel, question, sorted(set(new_wordings_of_roles(own))))
        for role in ROLES:
            _series(panel, own[own["role"] == role], role, plan)
        plan.hidden(page, panel, number, hidden_kinds(own))
    plan.notes(page, progress.trend_notes(table, texts))
    if spot is None:
        _key(page, texts, head.height + 10)
    else:
        for role, (x, y) in spot.items():
            words = say(texts, ROLE_LABEL[role])
            page.text(x, y, words, 12.5, color=style.ROLE_COLOR[role], bold=True, align="right")
    return page.figure


def new_wordings_of_roles(own: pd.DataFrame) -> list[str]:
    """Rounds in which the question's wording was new for either side."""
    return [key for role in ROLES for key in new_wordings(own[own["role"] == role])]


def _series(panel: Axes, own: pd.DataFrame, role: str, plan: Multiples) -> None:
    color, gid = style.ROLE_COLOR[role], f"{role}-{own['question'].iloc[0]}"
    for number, run in enumerate(runs(own)):
        x = days(run["date"])
        if len(run) > 1:
            panel.fill_between(x, run["low"], run["high"], color=color, alpha=style.BAND_ALPHA, linewidth=0)
        else:
            ends = [run["low"].iloc[0], run["high"].iloc[0]]
            panel.plot(
                x * 2, ends, color=color, alpha=style.BAND_ALPHA * 2, linewidth=5, solid_capstyle="butt"
            )
        line = style.ROLE_LINE[role]
        panel.plot(x, run["share"], color=color, linewidth=1.9, linestyle=line, gid=f"line-{gid}-{number}")
        for few, face in ((False, color), (True, style.PAPER)):
            some = run[(run["n"] < findings.SURE) == few]
            if len(some):
                panel.plot(
                    days(some["date"]),
                    some["share"],
                    style.ROLE_MARKER[role],
                    markersize=5.5,
                    markerfacecolor=face,
                    markeredgecolor=color if few else style.PAPER,
                    markeredgewidth=1.4 if few else 0.7,
                    zorder=3,
                    clip_on=False,
                    gid=f"{'few' if few else 'points'}-{gid}-{number}",
                )
    _fields(panel, own, role, plan)


def _fields(panel: Axes, own: pd.DataFrame, role: str, plan: Multiples) -> None:
    wide = (plan.across[1] - plan.across[0]) * 7 / plan.width
    capped = own[own["status"] == "band"]
    for day, key, low, high in zip(
        days(capped["date"]), capped["round"], capped["cap_low"], capped["cap_high"], strict=True
    ):
        # Each side to its own side of the day, so that two fields are seen as two.
        start = day - wide if role == "patient" else day
        gid = f"band-{role}-{own['question'].iloc[0]}-{key}"
        panel.add_patch(Rectangle((start, low), wide, high - low, **style.field(role), gid=gid))


def _room_for_names(
    plan: Multiples, table: pd.DataFrame, texts: Texts
) -> dict[str, tuple[float, float]] | None:
    """Where the names can stand over and under their lines and touch nothing, in the first row."""
    reach = max(width_of(say(texts, words), 12.5, bold=True) for words in ROLE_LABEL.values()) + 8
    for number, question in enumerate(QUESTIONS[: plan.columns]):
        own = table[table["question"] == question]
        right = plan.corner(number)[0] + plan.width
        near = own[[plan.x(number, day) >= right - reach for day in days(own["date"])]]
        counts = near.groupby("role").size()
        if near.empty or (near["status"] != "shown").any() or counts.nunique() != 1 or len(counts) < 2:
            continue
        if set(new_wordings_of_roles(own)) & set(near["round"]):
            continue
        share = near.pivot_table(index="date", columns="role", values="share")
        for upper, lower in (("provider", "patient"), ("patient", "provider")):
            if not (share[upper] - share[lower] > 6).all():
                continue
            over = plan.y(number, near["high"].max()) - 5
            under = plan.y(number, near["low"].min()) + 14
            top = plan.corner(number)[1]
            if over - 11 >= top - 4 and under <= top + plan.height - 3:
                return {upper: (right, over), lower: (right, under)}
    return None


def _key(page: Page, texts: Texts, y: float) -> None:
    """Where no panel of the first row has room for the names: both marks with them, over the panels."""
    x: float = MARGIN
    for role in ROLES:
        color, words = style.ROLE_COLOR[role], say(texts, ROLE_LABEL[role])
        page.sheet.plot([x, x + 30], [y - 4] * 2, color=color, linewidth=1.9, linestyle=style.ROLE_LINE[role])
        page.sheet.plot([x + 15], [y - 4], style.ROLE_MARKER[role], color=color, markersize=6.5)
        page.text(x + 38, y, words, 12.5, color=color, bold=True)
        x += 38 + width_of(words, 12.5, bold=True) + 24
