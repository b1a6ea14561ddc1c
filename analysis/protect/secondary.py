"""What more must be hidden, so that no sum gives back what is hidden already.

For the publication. As long as the attack comes too close to a count, the cheapest step that keeps it away is taken: a
cell hidden, shown as a band, or its codes put together. Which steps there are and what they cost is told by the caller;
`suppress` is the plain case, where a step hides one cell and costs what is lost. Nothing is published that fails.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.protect.audit import narrow, ranges
from analysis.protect.hiding import Hiding, Pattern, Step, Unprotectable
from analysis.protect.system import Component, Equation, Id, Range, System, steps_between

_TRIED = 40
_AT_ONCE = 8
_CHAINED = 12

Steps = Callable[[Id], Iterable[Step]]


def protect(system: System, hiding: Hiding, steps: Steps) -> Hiding:
    """Take steps until the attack comes too close to nothing; raises Unprotectable when no step is left.

    Steps that later ones have made needless are taken back, so that no more is hidden than must be.
    """
    start = hiding.copy()
    targets = _widen(system, hiding, steps)
    for target, step in reversed(list(zip(targets, hiding.taken, strict=True))):
        without = start.copy()
        for other in hiding.taken:
            if other is not step:
                without.take(other)
        if _still_safe(system, without, target, step):
            hiding.become(without)
    return hiding


def _still_safe(system: System, without: Hiding, target: Id, step: Step) -> bool:
    # What the step was taken for is most often enough to see that it is needed.
    own = {target: without.needs[target]}
    if narrow(system, system.around([target], without.hidden), without.bounds, own):
        return False
    near = [name for cell in step.cells for row in system.at.get(cell, ()) for name in system.rows[row]]
    return not narrow(system, system.around(near, without.hidden), without.bounds, without.needs)


def _widen(system: System, hiding: Hiding, steps: Steps) -> list[Id]:
    """Take steps until nothing is too close; tells what each was taken for."""
    targets: list[Id] = []
    pending = [name for name, need in hiding.needs.items() if need > 0]
    while pending:
        touched: dict[Id, None] = {}
        for target, found in narrow(system, system.around(pending, hiding.hidden), hiding.bounds, hiding.needs).items():
            # What hangs together with a step just taken is looked at again before it gets a step of its own.
            if target not in touched:
                step = _next_step(system, hiding, steps, target, found)
                targets.append(target)
                hiding.take(step)
                touched |= dict.fromkeys(system.around([target, *step.cells], hiding.hidden))
        pending = [name for name in touched if hiding.needs.get(name, 0) > 0]
    return targets


def confirm(system: System, hiding: Hiding) -> int:
    """Attack everything once more from the beginning; raises Unprotectable, or tells how many counts were safe."""
    around = system.around(sorted(hiding.needs, key=str), hiding.hidden)
    exposed = [name for name, need in hiding.needs.items() if need > 0 and name not in hiding.hidden]
    failing = narrow(system, around, hiding.bounds, hiding.needs)
    if failing or exposed:
        raise Unprotectable(f"{len(failing) + len(exposed)} counts can be worked out too closely")
    return len(hiding.needs)


def _next_step(system: System, hiding: Hiding, steps: Steps, target: Id, found: Range) -> Step:
    """The step that keeps the attack furthest away for its cost: never a region for the sake of a unit's cell."""
    trial = _Trial(system, hiding, target, steps_between(*found))
    beside = _steps_beside(system, hiding, steps, [target])
    pairs = _chains(system, hiding, steps, beside)
    best: Best = (None, 0.0)
    for among in (beside, pairs, _chains(system, hiding, steps, pairs)):
        best = _best(trial, among, best)
    if best[0] is None:
        further = _steps_beside(system, hiding, steps, system.around([target], hiding.hidden))
        for among in (further, _chains(system, hiding, steps, further)):
            best = _best(trial, among, best)
    return best[0] or _nearest(system, hiding, steps, target)


def _nearest(system: System, hiding: Hiding, steps: Steps, target: Id) -> Step:
    """Where several sums give the count back, nothing widens it yet: what stands nearest goes, the cheapest of it."""
    for name in system.around([target], hiding.hidden):
        for step in _steps_beside(system, hiding, steps, [name]):
            if step.via in step.cells:
                return step
    raise Unprotectable(f"{target} can be worked out and nothing is left to hide")


@dataclass(frozen=True)
class _Trial:
    """A count that must get more room: what is hidden now, and how many steps there are to its range."""

    system: System
    hiding: Hiding
    target: Id
    was: float


Best = tuple[Step | None, float]


def _best(trial: _Trial, among: list[Step], best: Best) -> Best:
    """The step among these with the most gain for its cost, if it beats the best so far."""
    need = trial.hiding.needs[trial.target]
    for start in range(0, min(len(among), _TRIED), _AT_ONCE):
        some = [step for step in among[start : start + _AT_ONCE] if (need - trial.was) / step.cost > best[1]]
        if not some:
            break
        for step, width in zip(some, _widths_after(trial, some), strict=True):
            gain = (min(width, need) - trial.was) / step.cost
            if gain > best[1]:
                best = (step, gain)
    return best


def _chains(system: System, hiding: Hiding, steps: Steps, firsts: list[Step]) -> list[Step]:
    """One step more after each of these: what is hidden beside the target may itself be given back by its own sums."""
    found: dict[Id, Step] = {}
    for first in [step for step in firsts if step.via in step.cells][:_CHAINED]:
        beside = _steps_beside(system, hiding, steps, [first.via])
        for second in [step for step in beside if step.via in step.cells][:_CHAINED]:
            if not set(first.cells) & set(second.cells):
                both = first.together_with(second)
                found[both.name] = both
    return sorted(found.values(), key=lambda step: (step.cost, str(step.name)))


def _steps_beside(system: System, hiding: Hiding, steps: Steps, names: Iterable[Id]) -> list[Step]:
    """The steps that hide something which stands in a sum with these, the cheapest first."""
    found: dict[Id, Step] = {}
    for name in names:
        for row in system.at.get(name, ()):
            for other in system.rows[row]:
                if other not in hiding.hidden:
                    for step in steps(other):
                        if step.name not in found and (step.bounds or not hiding.hidden.issuperset(step.cells)):
                            found[step.name] = replace(step, via=other)
    return sorted(found.values(), key=lambda step: (step.cost, str(step.name)))


def _widths_after(trial: _Trial, some: Sequence[Step]) -> list[float]:
    """How wide the target would be after each of these steps."""
    system, target = trial.system, trial.target
    asked: list[tuple[Component, Id]] = []
    at: list[int] = []
    for number, step in enumerate(some):
        hidden, bounds = trial.hiding.with_step(step)
        component = system.component_of(target, system.around([target], hidden), bounds)
        if component is not None:
            asked.append((component, target))
            at.append(number)
    widths = [0.0] * len(some)
    for number, found in zip(at, ranges(asked), strict=True):
        widths[number] = steps_between(*found)
    return widths


def suppress(cells: Mapping[Id, int], equations: Iterable[Equation], threshold: int) -> Pattern:
    """Hide every count under the threshold, and what else it takes that each hidden count can still be a range of
    at least that width. `equations` are (total, parts); a cell may stand in any number of them.
    """
    system = System(cells, equations)
    small = [name for name, count in cells.items() if count < threshold]
    hiding = Hiding(set(small), {}, dict.fromkeys(small, threshold))

    def hide(name: Id) -> list[Step]:
        return [Step(name, cells[name], (name,), needs={name: threshold})]

    protect(system, hiding, hide)
    confirm(system, hiding)
    return Pattern(frozenset(small), frozenset(hiding.hidden) - frozenset(small))
