"""The gate: which cells of a round are shown, how far, and nothing that could be worked out from them.

For the edition. Every cell starts at the most it may say by itself; the attack runs over all equations of a role at
once, and the cheapest cells say less until it comes too close to nothing. It fails closed. Shown counts are taken as
exactly known; nodes nobody is shown ("enheten visas inte") are never known, only worked out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from analysis.protect import Detail, Step, System, confirm, detail_of, protect
from analysis.protect.primary import ALONE
from survey.domain.scale import QUESTIONS
from survey.publication.counts import Counts
from survey.publication.gated import Cell, Gated, Most, displayed
from survey.publication.lattice import KINDS, OUTSIDE, Name, channel, equations_of, offered, respondents, values_of
from survey.publication.steps import band, fold, hide, hide_node, leave_out, steps_of, unseen


def gate(counts: Counts, threshold: int, most: Mapping[Cell, Most] | None = None) -> Gated:
    """Decide what of a role's counts is shown. `most`: what was shown before, when the round was published before."""
    gated = restore(counts, threshold, most)
    protect(gated.system, gated.hiding, lambda name: steps_of(gated, name))
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
            yield hide_node(gated, channel(name))
    small = {node for node in displayed(counts) if 0 < counts.nodes[node].n < gated.threshold}
    for node in displayed(counts):
        if gated.empty(node):
            gated.first |= {(node, question): Detail.HIDDEN for question in QUESTIONS}
        elif node in small:
            gated.first |= {(node, question): Detail.HIDDEN for question in QUESTIONS}
            yield hide_node(gated, node)
        else:
            yield from _cell_starts(gated, node, most)
    for node, level in counts.levels.items():
        if level in ("rest", "unseen") and not gated.empty(node):
            for question in QUESTIONS:
                yield unseen(gated, node, question)
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
            whole = hide(gated, node, question)
            yield whole if own is Detail.HIDDEN else replace(whole, needs={})
            continue
        if detail is Detail.BAND:
            yield band(gated, node, question, field_=before.field or own is not Detail.BAND)
        if detail is Detail.SHARE:
            yield fold(gated, node, question)
        if not (outside and before.outside):
            yield leave_out(gated, node, question)


def _own_detail(gated: Gated, question: str, kinds: Mapping[str, int]) -> Detail:
    detail = detail_of(kinds["yes"], kinds["partly"], kinds["no"], gated.threshold)
    one_not_yes = len(offered(gated.counts.role, question, "partly", "no")) == 1
    return Detail.SHARE if detail is Detail.CODES and one_not_yes else detail
