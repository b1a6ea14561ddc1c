"""Residents' groups on each question: a dot with its interval for every group, a panel a question.

For the page of residents' groups. Women against men are tested, all seven questions together as one family; the other
groups are too many for that, and the picture says so by leaving them plain.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.charts.drawing import style
from analysis.charts.drawing.canvas import MARGIN, NARROW, WIDE, Canvas, heading, width_of, wrap
from analysis.charts.drawing.grid import LINE, SMALL, TITLE, Ticks
from analysis.charts.drawing.names import clipped
from analysis.frames import resident_groups
from analysis.frames.frame import QUESTIONS, Row, is_known, records
from analysis.frames.schema import WITHOUT_FIGURE
from analysis.localisation import Localisation, translate
from analysis.sentences import findings
from analysis.sentences import groups as groups_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TALL = 25.0  # from one group to the next


class GroupsChart:
    """The chart of one grouping; much like the other chart modules, with the groups' own frame."""

    def __init__(self, grouping: str) -> None:
        """Choose the grouping by its key: gender, age, gender_age, language or help."""
        self.grouping = grouping

    def table(self, groups: pd.DataFrame) -> pd.DataFrame:
        """Return the grouping's rows in the newest round, in the questionnaire's order, women and men with a test."""
        own = groups[groups["grouping"] == self.grouping]
        newest = own[own["date"] == own["date"].max()]
        order = {key: at for at, key in enumerate(sorted(set(newest["group"]), key=resident_groups.sort_key))}
        rows = newest.assign(at=newest["group"].map(order), question_at=newest["question"].map(QUESTIONS.index))
        found = rows.sort_values(["question_at", "at"], kind="stable").drop(columns=["at", "question_at"])
        return resident_groups.with_tests(found.reset_index(drop=True))

    def headline(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return on which questions women and men differ; for other groupings only the subject of the picture."""
        return groups_words.headline(table, self.grouping, texts)

    def subtitle(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return measure, round, and whether the groups are tested."""
        return groups_words.subtitle(table, self.grouping, texts)

    def describe(self, table: pd.DataFrame, texts: Localisation) -> str:
        """Return the picture in words, panel by panel."""
        sentences = [self.headline(table, texts) + ".", *groups_words.lines_of(table, texts)]
        return " ".join(sentences)

    def draw(self, table: pd.DataFrame, texts: Localisation, width: int = WIDE) -> "Figure":
        """Draw the picture, on a wide sheet or a narrow one for a phone."""
        head = heading(self.headline(table, texts), self.subtitle(table, texts), width)
        rows = {question: records(table[table["question"] == question]) for question in QUESTIONS}
        keys = list(dict.fromkeys(table["group"]))
        names = {key: resident_groups.group_name(key, texts) for key in keys}
        layout = Layout(rows, names, texts, (width, head.height))
        notes = [line for note in groups_words.notes(table, texts) for line in wrap(note, SMALL, width - 2 * MARGIN)]
        canvas = Canvas(width, layout.bottom + LINE * len(notes) + 10)
        canvas.heading(head)
        for number, question in enumerate(QUESTIONS if names else ()):
            layout.panel(canvas, number, question)
        canvas.lines(MARGIN, layout.bottom + 10, notes, SMALL, color=style.SOFT)
        return canvas.figure


class Layout:
    """The layout: the groups' names once a row of panels on a wide sheet, in each panel on a narrow one."""

    def __init__(
        self,
        rows: Mapping[str, Sequence[Row]],
        names: Mapping[str, str],
        texts: Localisation,
        sheet: tuple[float, float],
    ) -> None:
        """Lay out the panels; `sheet`: its width, and where the heading ends."""
        width, top = sheet
        self.rows, self.texts = rows, texts
        self.columns = 3 if width > NARROW else 1
        room = 210.0 if self.columns > 1 else 138.0
        self.lines = {key: clipped(name, SMALL, room, 2) for key, name in names.items()}
        widest = max((width_of(line, SMALL) for lines in self.lines.values() for line in lines), default=0.0)
        self.left, self.number = MARGIN + widest + 12, 56.0
        self.pitch = (width - MARGIN - self.left) / self.columns
        self.width = self.pitch - self.number - (14 if self.columns > 1 else 0)
        self.tall = {key: max(TALL, len(lines) * LINE + 6) for key, lines in self.lines.items()}
        self.height = sum(self.tall.values())
        room = self.pitch - 14 if self.columns > 1 else width - MARGIN - self.left
        self.titles = [wrap(texts.question(question), TITLE, room, bold=True) for question in QUESTIONS]
        self.findings_by_panel = [self._findings(question, room) for question in QUESTIONS]
        self.tops: list[float] = []
        for at in range(0, len(QUESTIONS) if names else 0, self.columns):
            heads = zip(
                self.titles[at : at + self.columns], self.findings_by_panel[at : at + self.columns], strict=True
            )
            top += max(len(title) * TITLE * 1.25 + len(finding) * LINE for title, finding in heads) + 16
            self.tops.append(top)
            top += self.height + 30
        self.bottom = top + 6

    def _findings(self, question: str, room: float) -> list[str]:
        words = groups_words.finding(self.rows[question], self.texts)
        return wrap(words, SMALL, room) if words else []

    def panel(self, canvas: Canvas, number: int, question: str) -> None:
        """Draw one question: its title and its finding, a light grid, and a dot a group."""
        row, column = divmod(number, self.columns)
        x, y = self.left + column * self.pitch, self.tops[row]
        panel = canvas.panel((x, y, self.width, self.height), (0, 100), (self.height, 0))
        title, finding_lines = self.titles[number], self.findings_by_panel[number]
        canvas.lines(
            x,
            y - 10 - len(finding_lines) * LINE - (len(title) - 1) * TITLE * 1.25,
            title,
            TITLE,
            bold=bool(finding_lines),
        )
        canvas.lines(x, y - 10 - (len(finding_lines) - 1) * LINE, finding_lines, SMALL)
        ticks = Ticks((0, 50, 100), (self.texts.number(0), self.texts.number(50), self.texts.percent(100)))
        for value, words in zip(ticks.values, ticks.words, strict=True):
            panel.plot([value, value], [0, self.height], color=style.GRID, linewidth=1, zorder=0, clip_on=False)
            across = x + self.width * value / 100
            canvas.text(across, y + self.height + 18, words, SMALL, color=style.SOFT, align="center")
        by_group = {each["group"]: each for each in self.rows[question]}
        spot = 0.0
        for key, lines in self.lines.items():
            middle = spot + self.tall[key] / 2
            if column == 0:
                first = y + middle + 5 - (len(lines) - 1) * LINE / 2
                canvas.lines(self.left - 12, first, lines, SMALL, align="right")
            self._group(canvas, panel, by_group.get(key), (x, y, middle))
            spot += self.tall[key]

    def _group(self, canvas: Canvas, panel: "Axes", row: Row | None, at: tuple[float, float, float]) -> None:
        x, y, middle = at
        baseline = y + middle + 5
        if row is None or row["status"] in WITHOUT_FIGURE:
            words = findings.share_text(row, self.texts) if row else translate(self.texts, findings.FEW)
            canvas.text(x + 4, baseline, words, SMALL, color=style.SOFT)
            return
        gid, distinct = f"{row['group']}-{row['question']}", bool(row["distinct"])
        panel.plot([row["low"], row["high"]], [middle] * 2, color=style.PATIENT, linewidth=2, gid=f"interval-{gid}")
        words = self.texts.number(row["share"]) if is_known(row["share"]) else ""
        if words:
            panel.plot([row["share"]], [middle], **style.point("patient", row["status"], 8), gid=f"point-{gid}")
        else:
            mark_style: dict[str, Any] = {"color": style.PATIENT, "markersize": 8, "markeredgewidth": 1.6}
            panel.plot([row["low"], row["high"]], [middle] * 2, "|", clip_on=False, **mark_style)
            words = f"{self.texts.number(row['low'])}–{self.texts.number(row['high'])}"
        color = style.INK if row["status"] == "shown" else style.SOFT
        canvas.text(x + self.width + 9, baseline, words, SMALL, color=color, bold=distinct)
