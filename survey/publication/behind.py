"""Whether the rounding of figures over several units hides the counts behind them.

For the gaps. A gap over units is no sum, so the attack by sums does not see it. A figure may be published when each
protected count still has at least three values in worlds that fit everything shown and give the very same figures.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from math import inf
from typing import cast

import numpy as np

from analysis.protect import Figure, System, Worlds, narrow
from analysis.protect.primary import ALONE
from analysis.protect.system import Floats
from survey.domain.scale import ROLES
from survey.publication.figures import Exact, Name, Said, Slope, Values, rounded
from survey.publication.gated import Gated
from survey.publication.lattice import equations_of

_MARGIN = 1e-3
_TRIES = 4
_FOLDED = ("partly", "no", "dont_know", "not_needed", "skipped")


class Behind:
    """One question's counts of both roles in one round, and what may be known of them."""

    def __init__(self, gated: Mapping[str, Gated], question: str) -> None:
        """Put both roles' equations together."""
        self.question = question
        self.values: dict[Name, int] = {}
        self.bounds: dict[Name, tuple[float, float]] = {}
        self.needs: dict[Name, int] = {}
        self.hidden: set[Name] = set()
        equations = []
        for role in ROLES:
            one = gated[role]
            self.values |= {(role, *name): n for name, n in one.system.values.items() if self._mine(name)}
            self.bounds |= {(role, *name): b for name, b in one.hiding.bounds.items() if self._mine(name)}
            self.needs |= {(role, *name): n for name, n in one.hiding.needs.items() if self._mine(name) and n}
            self.hidden |= {(role, *name) for name in one.hiding.hidden if self._mine(name)}
            equations += [
                ((role, *whole), tuple((role, *part) for part in parts))
                for whole, parts in equations_of(one.counts)
                if all(self._mine(name) for name in (whole, *parts))
            ]
        self.system = System(self.values, equations)
        self._gave_way: Name | None = None
        # The same units and figures are asked about once for each way to round them.
        self._touched = cache(self._find_touched)
        self.slope = cache(self._find_slope)

    def _mine(self, name: tuple[str, str, str]) -> bool:
        return name[2] in ("", self.question)

    def _find_slope(self, figure: Exact) -> Slope:
        """How a figure moves with each hidden count of yes, from one step of it."""
        values = dict(self.values)
        estimate, reach = figure.exact(values)
        slope = Slope(estimate, reach, {}, {})
        for name in [(role, "yes", unit, self.question) for role in ROLES for unit in figure.units]:
            if name in self.hidden:
                way = 1 if values[name] < self.bounds.get(name, (0, inf))[1] else -1
                values[name] += way
                moved, moved_reach = figure.exact(values)
                values[name] -= way
                slope.shift[name], slope.widen[name] = way * (moved - estimate), way * (moved_reach - reach)
        return slope

    def hides(self, figures: Sequence[Said]) -> bool:
        """Whether every protected count keeps its values behind these figures, all published together."""
        starts = [
            (role, "yes", unit, self.question)
            for role in ROLES
            for unit in dict.fromkeys(unit for figure in figures for unit in figure.units)
        ]
        around, left = self._touched(tuple(starts))
        if not left:
            return True
        search = _Search(self, figures, around)
        # What gave way to a finer figure gives way to the next one first.
        for name in sorted(left, key=lambda name: name != self._gave_way):
            if not search.keeps(name, left[name]):
                self._gave_way = name
                return False
        return True

    def _find_touched(self, starts: Sequence[Name]) -> tuple[list[Name], dict[Name, int]]:
        """What hangs together with these counts, and which needs in it a figure could touch."""
        around = cast(list[Name], self.system.around(starts, self.hidden))
        return around, self._open_needs(around)

    def _open_needs(self, around: Sequence[Name]) -> dict[Name, int]:
        """The needs that a figure could touch: those that do not hold already with every yes standing still."""
        folded = {name for name in around if name[1] in _FOLDED}
        inside = self.system.around([name for name in around if name in folded], folded)
        needs = {name: self.needs[name] for name in around if name in self.needs}
        loose = {name: need for name, need in needs.items() if name in folded}
        failing = narrow(self.system, inside, self.bounds, loose)
        twin = {name for name in needs if name[1] == "not_yes" and (name[0], "base", *name[2:]) not in self.hidden}
        return {
            name: need for name, need in needs.items() if (name in failing or name not in folded) and name not in twin
        }


class _Search:
    """Worlds found so far, and the values they give each count."""

    def __init__(self, behind: Behind, figures: Sequence[Said], around: Sequence[Name]) -> None:
        self.behind, self.figures = behind, figures
        self.said = [figure.says(behind.values) for figure in figures]
        lines = [line for figure in figures for line in _lines(behind, figure)]
        self.worlds = Worlds(behind.system, around, behind.bounds, lines)
        self.seen: dict[Name, set[int]] = {name: {behind.values[name]} for name in around}

    def keeps(self, name: Name, need: int) -> bool:
        """Whether worlds are found in which this count takes as many values as it needs."""
        true, seen = self.behind.values[name], self.seen[name]
        if need < ALONE:
            wanted = [true + 1, true - 1, true + 2, true - 2]
            return any(len(seen) > need or (self._look(name, value) and len(seen) > need) for value in [true, *wanted])
        for down in range(need + 1):
            if max(seen) - min(seen) >= need:
                break
            self._look(name, true - down)
            self._look(name, true + need - down)
        return max(seen) - min(seen) >= need

    def _look(self, name: Name, value: int) -> bool:
        """Look for a world with this value; where a figure moved more than foreseen, look again with that in mind."""
        low, high = self.behind.bounds.get(name, (0, inf))
        if value in self.seen[name] or not low <= value <= high:
            return False
        off = None
        for _ in range(_TRIES):
            world = self.worlds.other({name: value}, off)
            if world is None:
                return False
            values = {**self.behind.values, **world}
            if all(figure.says(values) == said for figure, said in zip(self.figures, self.said, strict=True)):
                for each, found in world.items():
                    self.seen[each].add(found)
                return True
            off = np.concatenate([self._drift(figure, values) for figure in self.figures])
        return False

    def _drift(self, figure: Said, values: Values) -> Floats:
        """How far each of a figure's lines is from what its slope says of these counts."""
        slope = self.behind.slope(figure.unrounded)
        moved = {name: values[name] - self.behind.values[name] for name in slope.shift}
        estimate, reach = figure.unrounded.exact(values)
        shift = estimate - slope.estimate - sum(slope.shift[name] * by for name, by in moved.items())
        widen = reach - slope.reach - sum(slope.widen[name] * by for name, by in moved.items())
        return np.array([shift, widen + shift, widen - shift])


def _lines(behind: Behind, figure: Said) -> list[Figure]:
    """Where the figure and both ends of its interval may go before they print differently, as weighted sums.

    The figure is a weighted sum; how far it reaches is nearly one, so what is found is tried on the figure itself.
    """
    slope = behind.slope(figure.unrounded)
    said, _, high = rounded(slope.estimate, slope.reach, figure.step, figure.loose)
    half, off = figure.step / 2, slope.estimate - said
    wide = high - said - half * figure.loose
    lines = [Figure(slope.shift, max(half + off - _MARGIN, 0), max(half - off - _MARGIN, 0))]
    for sign in (1, -1):
        end = slope.reach + sign * off
        # The end that reaches further decides what is printed, so it may not come closer either.
        down = max(end - (wide - figure.step) - _MARGIN, 0) if sign * off >= 0 else inf
        weights = {name: slope.widen[name] + sign * slope.shift[name] for name in slope.shift}
        lines.append(Figure(weights, down, max(wide - end - _MARGIN, 0)))
    return lines
