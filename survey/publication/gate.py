"""The gate: which cells of a round are shown, how far, and nothing that could be worked out from them.

For the edition. Every cell starts at the most it may say by itself; the attack runs over all equations of a role at once,
and the cheapest cells say less until it comes too close to nothing. It fails closed. Shown counts are taken as exactly
known; nodes nobody is shown ("enheten visas inte") are never known, only worked out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from analysis.protect import Detail, Hiding, Step, System, capped, confirm, detail_of, field_of, protect
from analysis.protect.primary import ALONE, uniform
from survey.domain.scale import QUESTIONS
from survey.publication.counts import Counts
from survey.publication.lattice import (
    INSIDE,
    KINDS,
    OUTSIDE,
    Name,
    channel,
    equations_of,
    offered,
    respondents,
    values_of,
)

Cell = tuple[str, str]

_LEVEL_COST = {"unit": 1.0, "group": 2.0, "municipality": 4.0, "region": 500.0, "channel": 1.0}
_STEP_COST = {"outside": 0.5, "fold": 1.0, "band": 10.0, "field": 5.0, "hide": 40.0, "node": 5000.0}


@dataclass(frozen=True)
class Most:
    """How far a cell may be shown at most, because it was shown so before."""

    detail: Detail = Detail.HIDDEN
    field: bool = False
    outside: bool = False


@dataclass
class Gated:
    """What the gate lets through for one role."""

    counts: Counts
    threshold: int
    system: System
    hiding: Hiding = field(default_factory=Hiding)
    hidden_nodes: set[str] = field(default_factory=set)
    first: dict[Cell, Detail] = field(default_factory=dict)
    safe: int = 0

    def detail(self, node: str, question: str) -> Detail:
        """How much of a cell is shown."""
        hidden = self.hiding.hidden
        if self.empty(node) or ("base", node, question) in hidden:
            return Detail.HIDDEN
        if ("yes", node, question) in hidden:
            return Detail.BAND
        apart = offered(self.counts.role, question, "partly", "no")
        if len(apart) < 2 or ("no", node, question) in hidden or self.first[node, question] < Detail.CODES:
            return Detail.SHARE
        return Detail.CODES

    def outside(self, node: str, question: str) -> bool:
        """Whether don't know and not needed are shown."""
        return self.detail(node, question) > Detail.HIDDEN and ("dont_know", node, question) not in self.hiding.hidden

    def band(self, node: str, question: str) -> tuple[str, tuple[int, int]]:
        """What a band says, in whole percent, and whether it is the cell's own cap or a field for others' sake."""
        yes, base = (self.system.values[kind, node, question] for kind in ("yes", "base"))
        if self.capped(node, question):
            return "uniform", capped(yes, base, self.threshold)[0]
        return "secondary", field_of(yes, base)[0]

    def capped(self, node: str, question: str) -> bool:
        """Whether a cell is shown by its own cap."""
        yes, base = (self.system.values[kind, node, question] for kind in ("yes", "base"))
        known = self.hiding.bounds.get(("yes", node, question))
        return known is not None and uniform(yes, base) and known == capped(yes, base, self.threshold)[1]

    def empty(self, node: str) -> bool:
        """Whether nothing was opened here."""
        return self.counts.nodes[node].n == 0

    def shown_n(self, node: str) -> bool:
        """Whether the number of answers is shown."""
        return not self.empty(node) and respondents(node) not in self.hiding.hidden


def displayed(counts: Counts) -> list[str]:
    """The nodes that are published: places and background groups."""
    return [node for node, level in counts.levels.items() if level in ("region", "municipality", "unit", "group")]


def gate(counts: Counts, threshold: int, most: Mapping[Cell, Most] | None = None) -> Gated:
    """Decide what of a role's counts is shown. `most`: what was shown before, when the round was published before."""
    gated = restore(counts, threshold, most)
    protect(gated.system, gated.hiding, lambda name: _steps(gated, name))
    gated.safe = confirm(gated.system, gated.hiding)
    return gated


def restore(counts: Counts, threshold: int, most: Mapping[Cell, Most] | None) -> Gated:
    """What each cell shows by itself, or what it was shown as before; neighbours are not asked."""
    gated = Gated(counts, threshold, System(values_of(counts), list(equations_of(counts))))
    for step in _start(gated, most):
        gated.hiding.take(step)
    gated.hiding.taken.clear()
    return gated


def _start(gated: Gated, most: Mapping[Cell, Most] | None) -> Iterator[Step]:
    """What each node must leave out by itself."""
    counts, values = gated.counts, gated.system.values
    for name, n in counts.channels.items():
        if 0 < n < gated.threshold:
            yield _node_step(gated, channel(name))
    small = {node for node in displayed(counts) if 0 < counts.nodes[node].n < gated.threshold}
    for node in displayed(counts):
        if gated.empty(node):
            gated.first |= {(node, question): Detail.HIDDEN for question in QUESTIONS}
        elif node in small:
            gated.first |= {(node, question): Detail.HIDDEN for question in QUESTIONS}
            yield _node_step(gated, node)
        else:
            yield from _cell_starts(gated, node, most)
    for node, level in counts.levels.items():
        if level in ("rest", "unseen") and not gated.empty(node):
            for question in QUESTIONS:
                yield _unseen(gated, node, question)
            if small and level == "rest":
                yield Step(("n", node), 0, (respondents(node),), needs=_need_n(gated, node, values))


def _need_n(gated: Gated, node: str, values: Mapping[Name, int]) -> dict[Name, int]:
    return {respondents(node): gated.threshold} if values[respondents(node)] < gated.threshold else {}


def _cell_starts(gated: Gated, node: str, most: Mapping[Cell, Most] | None) -> Iterator[Step]:
    counts, values = gated.counts, gated.system.values
    for question in QUESTIONS:
        kinds = {kind: values[kind, node, question] for kind in KINDS}
        own = _own_detail(gated, question, kinds)
        outside = all(kinds[kind] >= ALONE for kind in offered(counts.role, question, *OUTSIDE[:2]))
        before = Most(own, False, outside) if most is None else most.get((node, question), Most())
        detail = gated.first[node, question] = min(own, before.detail)
        if detail is Detail.HIDDEN:
            hide = _hide(gated, node, question)
            yield hide if own is Detail.HIDDEN else replace(hide, needs={})
            continue
        if detail is Detail.BAND:
            yield _band(gated, node, question, field_=before.field or own is not Detail.BAND)
        if detail is Detail.SHARE:
            yield _fold(gated, node, question)
        if not (outside and before.outside):
            yield _leave_out(gated, node, question)


def _own_detail(gated: Gated, question: str, kinds: Mapping[str, int]) -> Detail:
    detail = detail_of(kinds["yes"], kinds["partly"], kinds["no"], gated.threshold)
    one_not_yes = len(offered(gated.counts.role, question, "partly", "no")) == 1
    return Detail.SHARE if detail is Detail.CODES and one_not_yes else detail


def _need(count: int, whole: int) -> int:
    """A count under three must be one of three at least, or of as many as its own shown whole leaves."""
    return min(ALONE - 1, whole) if count < ALONE else 0


def _part_needs(gated: Gated, node: str, question: str, whole: str, parts: Iterable[str]) -> dict[Name, int]:
    values = gated.system.values
    within = values[whole, node, question]
    return {(part, node, question): _need(values[part, node, question], within) for part in parts}


def _fold(gated: Gated, node: str, question: str) -> Step:
    parts = offered(gated.counts.role, question, "partly", "no")
    cells = tuple((part, node, question) for part in parts) if len(parts) == 2 else ()
    needs = _part_needs(gated, node, question, "not_yes", parts) if cells else {}
    return Step(("fold", node, question), _cost(gated, "fold", node, question), cells, needs=needs)


def _leave_out(gated: Gated, node: str, question: str) -> Step:
    codes = offered(gated.counts.role, question, *OUTSIDE)
    cells = tuple((code, node, question) for code in codes)
    needs = _part_needs(gated, node, question, "outside", [code for code in codes if code != "skipped"])
    return Step(("outside", node, question), _cost(gated, "outside", node, question), cells, needs=needs)


def _band(gated: Gated, node: str, question: str, field_: bool = False) -> Step:
    """A cap or a field instead of a share. What is under three needs all its room; what hides for others needs none."""
    values, kinds = gated.system.values, offered(gated.counts.role, question, *INSIDE)
    yes, base = values["yes", node, question], values["base", node, question]
    own = uniform(yes, base) and not field_
    _, possible = capped(yes, base, gated.threshold) if own else field_of(yes, base)
    needs = {(kind, node, question): ALONE - 1 for kind in ("yes", "not_yes") if own}
    needs |= _part_needs(gated, node, question, "not_yes", [kind for kind in kinds if kind in ("partly", "no")])
    name = "field" if field_ else "band"
    return Step(
        (name, node, question),
        _cost(gated, name, node, question),
        tuple((kind, node, question) for kind in kinds),
        bounds={("yes", node, question): possible},
        needs=needs,
    )


def _hide(gated: Gated, node: str, question: str) -> Step:
    values = gated.system.values
    n = values[respondents(node)]
    needs: dict[Name, int] = {("base", node, question): min(gated.threshold, n)}
    needs |= {(kind, node, question): min(ALONE - 1, n) for kind in ("yes", "not_yes")}
    cells = tuple((kind, node, question) for kind in offered(gated.counts.role, question, *KINDS))
    return Step(("hide", node, question), _cost(gated, "hide", node, question), cells, needs=needs)


def _unseen(gated: Gated, node: str, question: str) -> Step:
    """A node that is never shown: hidden, and kept away from only as far as it could not be shown itself."""
    values, role = gated.system.values, gated.counts.role
    kinds = {kind: values[kind, node, question] for kind in KINDS}
    hide = _hide(gated, node, question)
    needs: dict[Name, int] = {}
    if gated.counts.levels[node] != "unseen":
        detail = detail_of(kinds["yes"], kinds["partly"], kinds["no"], gated.threshold)
        if detail is Detail.HIDDEN:
            needs = dict(hide.needs)
        elif detail is Detail.BAND:
            needs = {(kind, node, question): ALONE - 1 for kind in ("yes", "not_yes")}
        for whole, parts in (("not_yes", ("partly", "no")), ("outside", OUTSIDE[:2])):
            found = offered(role, question, *parts)
            needs |= _part_needs(gated, node, question, whole, found if len(found) > 1 else ())
    return Step(hide.name, 0, hide.cells, needs=needs)


def _node_step(gated: Gated, node: str) -> Step:
    """Hide even how many answered, and with that all of a node's cells."""
    cells, needs = [respondents(node)], {respondents(node): gated.threshold}
    if node in gated.counts.nodes:
        for question in QUESTIONS:
            step = _hide(gated, node, question)
            cells += step.cells
            needs |= step.needs
    level = gated.counts.levels.get(node, "channel")
    return Step(("node", node), _LEVEL_COST[level] * _STEP_COST["node"], tuple(cells), needs=needs)


def _cost(gated: Gated, step: str, node: str, question: str) -> float:
    base = gated.system.values["base", node, question]
    return _LEVEL_COST.get(gated.counts.levels[node], 1.0) * _STEP_COST[step] * (1 + base / 100)


def _steps(gated: Gated, name: Name) -> list[Step]:
    """How a count that is shown could be shown less."""
    kind, node, question = name
    if kind == "n":
        level = gated.counts.levels.get(node, "channel")
        known = gated.system.values[name] > 0 and level in _LEVEL_COST
        return [_node_step(gated, node)] if known else []
    if gated.counts.levels[node] not in _LEVEL_COST or gated.empty(node):
        return []
    hide = replace(_hide(gated, node, question), needs={})
    if kind in offered(gated.counts.role, question, *OUTSIDE):
        return [_leave_out(gated, node, question), hide]
    if kind in ("partly", "no") and gated.detail(node, question) is Detail.CODES:
        return [_fold(gated, node, question), hide]
    if kind in ("yes", "not_yes"):
        return [_band(gated, node, question, field_=True), hide]
    if kind == "base" and gated.capped(node, question):
        return [_band(gated, node, question, field_=True), hide]
    return [hide]
