"""What was said of earlier rounds' counts, so that a figure over two rounds gives neither away.

For the publication. An earlier round's counts are read again, hidden as its edition hides them, with every gap and
every change of a gap that has been published of them.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection

from survey.domain.places import LEVELS, Place
from survey.domain.scale import ROLES
from survey.publication import gaps
from survey.publication.cells import shown_before
from survey.publication.counts import Counts, gather
from survey.publication.figures import Said
from survey.publication.gate import restore as restore_gate
from survey.publication.gated import Gated
from survey.publication.unit_groups import added, groups_of
from survey.store import tally


class History:
    """Published rounds by key, read when asked for."""

    def __init__(self, connection: Connection, bodies: Iterable[Mapping[str, Any]]) -> None:
        """`bodies`: each round's newest edition."""
        self.connection = connection
        self.bodies = {body["round"]["key"]: body for body in bodies}
        self._gated = cache(self._read)

    def pooled(self, key: str) -> gaps.Pooled:
        """A round's gaps, and all that has been said of its counts."""
        pooled = self._bare(key)
        for body in self.bodies.values():
            for row in body["gap_changes"]:
                after = body["round"]["key"] == key
                other = row["since"] if after else body["round"]["key"]
                if (after or row["since"] == key) and other in self.bodies:
                    self._say_again(pooled, self._bare(other), row, after)
        return pooled

    def _bare(self, key: str) -> gaps.Pooled:
        return gaps.restore(self._gated(key), self.bodies[key])

    def _say_again(self, mine: gaps.Pooled, other: gaps.Pooled, row: Mapping[str, Any], after: bool) -> None:
        place, question = row["place"], row["question"]
        one, two = mine.gaps.get((place, question)), other.gaps.get((place, question))
        if one is None or two is None:
            return
        both = [unit for unit in one.units if unit in two.units]
        now, before = (mine, other) if after else (other, mine)
        seen = gaps.changes(now, before, both, question)
        mine.say(Said(seen[0] if after else seen[1], row["step"], row["loose"]))

    def _read(self, key: str) -> dict[str, Gated]:
        body = self.bodies[key]
        counts = counts_of(self.connection, body)
        return {role: restore_gate(counts[role], body["thresholds"][role], shown_before(body, role)) for role in ROLES}


def counts_of(connection: Connection, body: Mapping[str, Any]) -> dict[str, Counts]:
    """The counts that an edition was made from, its groups among them. Restricted."""
    there = [
        Place(**{name: row[name] for name in ("key", "name", "level", "parent", "huvudman")})
        for row in body["places"]
        if row["level"] in LEVELS
    ]
    key = body["round"]["key"]
    rows, background = tally.wide(connection, [key]), tally.background(connection, key)
    return {role: added(gather(role, rows, background, there), groups_of(body)) for role in ROLES}
