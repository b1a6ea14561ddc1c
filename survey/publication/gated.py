"""What the gate lets through: how far each cell of a round and role is shown.

For the cells, the gaps and the edition, which ask here and nowhere else.
"""

from dataclasses import dataclass, field

from analysis.protect import Detail, Hiding, Step, System, capped, field_of
from analysis.protect.primary import uniform
from survey.domain.unit_groups import LEVEL
from survey.publication.counts import Counts
from survey.publication.lattice import offered, respondents

Cell = tuple[str, str]
DISPLAYED = ("region", "municipality", "unit", LEVEL, "group")


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
    made: dict[tuple[str, ...], Step] = field(default_factory=dict)

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
    """The nodes that are published: places, groups of units and background groups."""
    return [node for node, level in counts.levels.items() if level in DISPLAYED]
