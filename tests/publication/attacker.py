"""An attacker who reads one edition, knows every rule, and takes what is shown as exactly known.

For the tests. It builds what is hidden from the published body alone; the true counts stand in only for what is shown.
"""

from collections.abc import Mapping
from typing import Any

from analysis.protect import attack, capped, field_of
from survey.domain.scale import QUESTIONS, codes_of
from survey.publication.cells import background_cells, place_cells
from survey.publication.gated import Gated
from survey.publication.lattice import Name, equations_of, values_of

Row = Mapping[str, Any]
INSIDE, OUTSIDE = ("yes", "not_yes", "partly", "no"), ("dont_know", "not_needed", "skipped")
ALL = ("base", "outside", *INSIDE, *OUTSIDE)


def rows_of(gated: Gated) -> dict[tuple[str, str], Row]:
    """Everything published of a role, by node and question."""
    rows = {(row["place"], row["question"]): row for row in place_cells(gated)}
    if gated.counts.role == "patient":
        for row in background_cells(gated):
            rows[f"background/{row['grouping']}/{row['group']}", row["question"]] = row
    return rows


def unknown(row: Row, role: str) -> list[str]:
    """Which counts a published cell leaves open."""
    codes = codes_of(role, row["question"])
    offered = [kind for kind in ALL if kind not in ("partly", "no", "dont_know", "not_needed") or kind in codes]
    if row["status"] == "hidden":
        return offered
    open_: set[str] = set(OUTSIDE) if row["outside"] is None else set()
    if row["status"] == "band":
        open_ |= set(INSIDE)
    elif "partly" in codes and "partly" not in (row["codes"] or ()):
        open_ |= {"partly", "no"}
    return [kind for kind in offered if kind in open_]


class Attack:
    """What can be worked out of one role's published cells."""

    def __init__(self, gated: Gated) -> None:
        """Read the published cells, and work out a range for everything that is not in them."""
        self.gated, self.values = gated, values_of(gated.counts)
        self.rows = rows_of(gated)
        self.hidden: list[Name] = []
        self.bounds: dict[Name, tuple[int, int]] = {}
        for (node, question), row in self.rows.items():
            if gated.counts.nodes[node].n:
                self._read(node, question, row)
        nodes = dict.fromkeys(node for node, _ in self.rows)
        nameless = [node for node in nodes if not gated.shown_n(node) and not gated.empty(node)]
        unseen = [node for node, level in gated.counts.levels.items() if level in ("rest", "unseen")]
        for node in unseen:
            if gated.counts.nodes[node].n:
                for question in QUESTIONS:
                    row = {"status": "hidden", "question": question}
                    self.hidden += [(kind, node, question) for kind in unknown(row, gated.counts.role)]
                nameless += [node] if nameless else []
        self.hidden += [("n", node, "") for node in nameless]
        self.ranges = attack(self.values, equations_of(gated.counts), self.hidden, self.bounds)

    def _read(self, node: str, question: str, row: Row) -> None:
        self.hidden += [(kind, node, question) for kind in unknown(row, self.gated.counts.role)]
        if row["status"] == "band":
            yes, base = (self.values[kind, node, question] for kind in ("yes", "base"))
            own = row["why"] == "uniform"
            known = capped(yes, base, self.gated.threshold) if own else field_of(yes, base)
            assert known[0] == (row["cap_low"], row["cap_high"])
            self.bounds["yes", node, question] = known[1]

    def values_left(self, name: Name) -> float:
        """How many whole values a hidden count can have."""
        low, high = self.ranges[name]
        return high + 1e-6 - low + 1e-6

    def exposed(self) -> list[Name]:
        """What had to be hidden, capped or put together for what it is, and has too few values left."""
        found = [
            name
            for name in self.ranges
            if name[0] == "n" and 0 < self.values[name] < self.gated.threshold
            if self.values_left(name) < self.gated.threshold
        ]
        for (node, question), row in self.rows.items():
            n = self.gated.counts.nodes[node].n
            if not n:
                continue
            counts = {kind: self.values[kind, node, question] for kind in ALL}
            wanted: dict[str, int] = {}
            if row["status"] == "hidden" and counts["base"] < self.gated.threshold:
                wanted |= dict.fromkeys(("base", "yes", "not_yes"), min(2, n))
            if row["status"] == "band" and row["why"] == "uniform":
                wanted |= {"yes": 2, "not_yes": 2}
            for whole, parts in (("not_yes", ("partly", "no")), ("outside", ("dont_know", "not_needed"))):
                small = [part for part in parts if counts[part] < 3 and (part, node, question) in self.ranges]
                wanted |= dict.fromkeys(small, min(2, counts[whole]))
            found += [
                (kind, node, question)
                for kind, need in wanted.items()
                if (kind, node, question) not in self.ranges or self.values_left((kind, node, question)) < need
            ]
        return found
