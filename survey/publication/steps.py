"""All ways to show less: codes put together, a band, a cell hidden, a whole place; what each hides and what it costs.

For the gate. Each step tells which counts it hides, what its print still says of them, and how much room they need.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from analysis.protect import Detail, Step, capped, detail_of, field_of
from analysis.protect.primary import ALONE, uniform
from survey.domain.scale import QUESTIONS
from survey.publication.gated import Gated
from survey.publication.lattice import INSIDE, KINDS, OUTSIDE, Name, offered, respondents

_LEVEL_COST = {"unit": 1.0, "group": 2.0, "municipality": 4.0, "region": 500.0, "channel": 1.0}
_STEP_COST = {"outside": 0.5, "fold": 1.0, "band": 10.0, "field": 5.0, "hide": 40.0, "node": 5000.0}


def _need(count: int, whole: int) -> int:
    """A count under three must be one of three at least, or of as many as its own shown whole leaves."""
    return min(ALONE - 1, whole) if count < ALONE else 0


def _part_needs(gated: Gated, node: str, question: str, whole: str, parts: Iterable[str]) -> dict[Name, int]:
    values = gated.system.values
    within = values[whole, node, question]
    return {(part, node, question): _need(values[part, node, question], within) for part in parts}


def fold(gated: Gated, node: str, question: str) -> Step:
    """Put the codes that are not yes together."""
    parts = offered(gated.counts.role, question, "partly", "no")
    cells = tuple((part, node, question) for part in parts) if len(parts) == 2 else ()
    needs = _part_needs(gated, node, question, "not_yes", parts) if cells else {}
    return Step(("fold", node, question), _cost(gated, "fold", node, question), cells, needs=needs)


def leave_out(gated: Gated, node: str, question: str) -> Step:
    """Leave out those who take no stand."""
    codes = offered(gated.counts.role, question, *OUTSIDE)
    cells = tuple((code, node, question) for code in codes)
    needs = _part_needs(gated, node, question, "outside", [code for code in codes if code != "skipped"])
    return Step(("outside", node, question), _cost(gated, "outside", node, question), cells, needs=needs)


def band(gated: Gated, node: str, question: str, field_: bool = False) -> Step:
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


def hide(gated: Gated, node: str, question: str) -> Step:
    """Show nothing of a cell. How many answered at all is shown, so who took a stand is a count like the others."""
    values, counts = gated.system.values, ("base", "yes", "not_yes")
    room = min(ALONE - 1, values[respondents(node)])
    cells = tuple((kind, node, question) for kind in offered(gated.counts.role, question, *KINDS))
    needs: dict[Name, int] = {(kind, node, question): room for kind in counts}
    for whole, parts in (("not_yes", ("partly", "no")), ("outside", OUTSIDE[:2])):
        needs |= _part_needs(gated, node, question, whole, offered(gated.counts.role, question, *parts))
    return Step(("hide", node, question), _cost(gated, "hide", node, question), cells, needs=needs)


def unseen(gated: Gated, node: str, question: str) -> Step:
    """A node that is never shown: hidden, its answers kept away from where they could not be shown themselves.

    How many of it took a stand may be known: no share is printed that could stand on too few.
    """
    values, role = gated.system.values, gated.counts.role
    kinds = {kind: values[kind, node, question] for kind in KINDS}
    whole = hide(gated, node, question)
    needs: dict[Name, int] = {}
    if gated.counts.levels[node] != "unseen":
        if detail_of(kinds["yes"], kinds["partly"], kinds["no"], gated.threshold) < Detail.SHARE:
            room = min(ALONE - 1, kinds["base"])
            needs = {(kind, node, question): room for kind in ("yes", "not_yes")}
        for within, parts in (("not_yes", ("partly", "no")), ("outside", OUTSIDE[:2])):
            found = offered(role, question, *parts)
            needs |= _part_needs(gated, node, question, within, found if len(found) > 1 else ())
    return Step(whole.name, 0, whole.cells, needs=needs)


def hide_node(gated: Gated, node: str) -> Step:
    """Hide even how many answered, and with that all of a node's cells."""
    cells: list[Name] = [respondents(node)]
    needs: dict[Name, int] = {respondents(node): gated.threshold}
    if node in gated.counts.nodes:
        for question in QUESTIONS:
            step = hide(gated, node, question)
            cells += step.cells
            needs |= {**step.needs, ("base", node, question): min(gated.threshold, gated.counts.nodes[node].n)}
    level = gated.counts.levels.get(node, "channel")
    return Step(("node", node), _LEVEL_COST[level] * _STEP_COST["node"], tuple(cells), needs=needs)


def _cost(gated: Gated, step: str, node: str, question: str) -> float:
    base = gated.system.values["base", node, question]
    return _LEVEL_COST.get(gated.counts.levels[node], 1.0) * _STEP_COST[step] * (1 + base / 100)


def steps_of(gated: Gated, name: Name) -> list[Step]:
    """How a count that is shown could be shown less."""
    kind, node, question = name
    if gated.counts.levels.get(node, "channel") not in _LEVEL_COST or not gated.system.values[respondents(node)]:
        return []
    if kind == "n":
        return [_once(gated, _node_for_others, node)]
    return [*_milder(gated, kind, node, question), _once(gated, _cell_for_others, node, question)]


def _milder(gated: Gated, kind: str, node: str, question: str) -> Iterator[Step]:
    """Steps short of hiding the whole cell."""
    if kind in offered(gated.counts.role, question, *OUTSIDE):
        yield _once(gated, leave_out, node, question)
    if kind in ("partly", "no") and gated.detail(node, question) is Detail.CODES:
        yield _once(gated, fold, node, question)
    if kind in ("yes", "not_yes") or (kind == "base" and gated.capped(node, question)):
        yield _once(gated, _field, node, question)


def _once(gated: Gated, make: Callable[..., Step], *where: str) -> Step:
    # The search asks for the same steps again and again, and the counts they are made of never change.
    key = make.__name__, *where
    if key not in gated.made:
        gated.made[key] = make(gated, *where)
    return gated.made[key]


def _field(gated: Gated, node: str, question: str) -> Step:
    return band(gated, node, question, field_=True)


# What is hidden for others' sake needs no room of its own.
def _cell_for_others(gated: Gated, node: str, question: str) -> Step:
    return replace(hide(gated, node, question), needs={})


def _node_for_others(gated: Gated, node: str) -> Step:
    return replace(hide_node(gated, node), needs={})
