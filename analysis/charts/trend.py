"""The chart of both sides' shares over the rounds, a panel a question.

For whoever asks whether it is getting better. From four rounds on the trend speaks, and what it tells is marked in its
panel. A line has its band and its newest figure at its end; it breaks where the wording changed and where a round is
hidden; what is too uncertain for a mark is an interval alone.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analysis.charts.drawing import labels, style
from analysis.charts.drawing.annotations import NOTE, Annotation
from analysis.charts.drawing.canvas import MARGIN, WIDE, Canvas, heading, width_of
from analysis.charts.drawing.sides import ROLE_LABEL
from analysis.charts.drawing.small_multiples import SMALL, SmallMultiples, Ticks, band, days
from analysis.frames.frame import QUESTIONS, ROLES, Row
from analysis.frames.schema import WITH_SHARE
from analysis.frames.series import Lines, breaks, first_against_last, lines, runs, segments
from analysis.frames.trend_direction import directions
from analysis.localisation import N_, Localisation, translate
from analysis.sentences import findings, trend
from analysis.sentences.over_rounds import (
    Headline,
    RoundFindings,
    join_tests,
    panel_findings,
    share_changes,
    share_headline,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAMES = {"shown": "points", "hollow": "few"}
COLUMNS = (
    *("n", "yes_count", "non_substantive_count", "base", "steady_yes", "steady_base", "noise", "share", "low", "high"),
)


def section() -> tuple[str, str]:
    """Return its heading on the page of all charts, and a sentence under it; empty: none."""
    return N_("Andelarna över mätomgångarna"), ""


def table(cells: pd.DataFrame, gaps: pd.DataFrame, place: str) -> pd.DataFrame:
    """Return a row for each question, role and round of the place; rounds without a figure stand as hidden."""
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
    wordings, joined = found["wording"].tolist(), rounds["joined"].tolist()
    found["joined"] = joined * (len(wordings) // len(rounds))
    found["segment"] = [
        n for at in range(0, len(wordings), len(rounds)) for n in segments(wordings[at : at + len(rounds)], joined)
    ]
    ours = ["round", "date", "place", "level", "role", "question", "status", *COLUMNS, "wording", "segment", "joined"]
    return found[ours]


def findings_of(by_line: Lines) -> RoundFindings:
    """Return the findings of the rounds, by trend tests and first against last."""
    return join_tests(directions(by_line), first_against_last(by_line))


def headline(table: pd.DataFrame, texts: Localisation) -> str:
    """Return what rises, falls or has changed, as far as the tests carry."""
    return headline_with_outcome(table, texts).sentence


def headline_with_outcome(table: pd.DataFrame, texts: Localisation) -> Headline:
    """Return the headline, and what it finds."""
    return share_headline(findings_of(lines(table)), texts)


def share_change_sentences(table: pd.DataFrame, question: str, texts: Localisation) -> list[str]:
    """Return the findings on one question's shares over the rounds, for its own page."""
    by_line = lines(table)
    return share_changes(findings_of(by_line), by_line, question, texts)


def subtitle(table: pd.DataFrame, texts: Localisation) -> str:
    """Return measure, place, rounds, number of answers, and the meaning of the bands."""
    return trend.trend_subtitle(table, texts)


def describe(table: pd.DataFrame, texts: Localisation) -> str:
    """Return the picture in words: first and last of every line, its breaks and its hidden rounds."""
    return " ".join([headline(table, texts) + ".", *trend.trend_lines(table, texts)])


def draw(
    table: pd.DataFrame, texts: Localisation, width: int = WIDE, annotations: Sequence[Annotation] = ()
) -> "Figure":
    """Draw the picture, on a wide sheet or a narrow one for a phone; with numbered days, if there are any."""
    by_line = lines(table)
    found = findings_of(by_line)
    head = heading(share_headline(found, texts).sentence, subtitle(table, texts), width)
    findings_by_question = {
        question: [(words, style.ROLE_COLOR[role]) for role, words in own]
        for question, own in panel_findings(found, by_line, texts).items()
    }
    ends = {question: end_labels(by_line, question, texts) for question in QUESTIONS}
    room = labels.label_width([each for own in ends.values() for each in own])
    layout = SmallMultiples(
        table, texts, width, head.height + 30, ticks_of(texts), annotations, findings_by_question, room
    )
    notes = [*trend.trend_notes(table, texts), *([translate(texts, NOTE)] if annotations else [])]
    canvas = Canvas(width, layout.end_of(notes, width))
    canvas.heading(head)
    draw_key(canvas, texts, head.height + 14)
    for number, question in enumerate(QUESTIONS):
        draw_question(canvas, layout, number, question, by_line, bold=question in findings_by_question)
        labels.draw(canvas, layout, number, ends[question])
    layout.notes(canvas, notes)
    return canvas.figure


def ticks_of(texts: Localisation) -> Ticks:
    """Return the scale from none to all."""
    return Ticks((0, 50, 100), (texts.number(0), texts.number(50), texts.percent(100)))


def end_labels(by_line: Lines, question: str, texts: Localisation) -> list[labels.Label]:
    """Return the label of each side's newest share, where it has one to show."""
    found = []
    for role in ROLES:
        last = by_line[role, question][-1]
        if last["status"] in {"shown", "hollow", "interval"}:
            at = last["share"] if last["status"] != "interval" else (last["low"] + last["high"]) / 2
            found.append(labels.Label(at, findings.share_number(last, texts), style.ROLE_COLOR[role], bold=True))
    return found


def draw_question(
    canvas: Canvas, layout: SmallMultiples, number: int, question: str, by_line: Lines, *, bold: bool
) -> None:
    """Draw one question: both lines, their bands and intervals, breaks and hidden rounds."""
    sides = {role: by_line[role, question] for role in ROLES}
    panel = layout.panel(canvas, number, bold)
    layout.breaks(panel, question, sorted({key for own in sides.values() for key in breaks(own)}))
    for role, own in sides.items():
        _series(panel, own, f"{role}-{question}")
        _intervals(panel, own, layout)
    layout.draw_breaks_and_hidden(canvas, panel, number, list(sides.values()))


def _series(panel: "Axes", own: Sequence[Row], gid: str) -> None:
    role = own[0]["role"]
    color, line = style.ROLE_COLOR[role], style.ROLE_LINE[role]
    for number, run in enumerate(runs(own)):
        band(panel, run, color, style.BAND_ALPHA)
        shares = [row["share"] for row in run]
        x = days(row["date"] for row in run)
        panel.plot(x, shares, color=color, linewidth=1.9, linestyle=line, gid=f"line-{gid}-{number}")
        for status in WITH_SHARE:
            some = [row for row in run if row["status"] == status]
            if some:
                at, shares = days(row["date"] for row in some), [row["share"] for row in some]
                panel.plot(at, shares, gid=f"{NAMES[status]}-{gid}-{number}", **style.point(role, status, 5.5))


def _intervals(panel: "Axes", own: Sequence[Row], layout: SmallMultiples) -> None:
    """Draw the rounds too uncertain for a mark: their interval alone, each side to its own side of the day."""
    step = (layout.across[1] - layout.across[0]) * 3 / layout.width
    for row in own:
        if row["status"] == "interval":
            color, line = style.ROLE_COLOR[row["role"]], style.ROLE_LINE[row["role"]]
            x = days([row["date"]])[0] + (step if row["role"] == "provider" else -step)
            gid, limits = f"interval-{row['role']}-{row['question']}-{row['round']}", [row["low"], row["high"]]
            panel.plot([x, x], limits, color=color, linewidth=1.4, linestyle=line, clip_on=False, gid=gid)
            panel.plot([x, x], limits, "_", color=color, markersize=6, markeredgewidth=1.4, clip_on=False)


def draw_key(canvas: Canvas, texts: Localisation, y: float) -> None:
    """Draw both marks with their names, over the panels."""
    x: float = MARGIN
    for role in ROLES:
        color, words = style.ROLE_COLOR[role], translate(texts, ROLE_LABEL[role])
        canvas.sheet.plot([x, x + 34], [y - 4] * 2, color=color, linewidth=1.9, linestyle=style.ROLE_LINE[role])
        canvas.sheet.plot([x + 17], [y - 4], style.ROLE_MARKER[role], color=color, markersize=6.5)
        canvas.text(x + 42, y, words, SMALL, color=color, bold=True)
        x += 42 + width_of(words, SMALL, bold=True) + 24
