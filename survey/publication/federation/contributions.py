"""Contributions to a national edition: of each trusted installation an edition of the period, or why there is none.

For the national edition. Nothing is guessed: an installation without an edition of the period is named with its reason.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from survey.domain.records.record_types import normalised
from survey.publication.federation.signing_key import fingerprint
from survey.store.published.gathered import CURRENT, WITHDRAWN, GatheredEdition, Source

INCLUDED, LATE, MISSING, TAKEN_BACK = "included", "late", "missing", "withdrawn"


@dataclass(frozen=True)
class Period:
    """The days that a national edition is of: the rounds whose last day lies in them."""

    key: str
    name: str
    opens: date
    closes: date

    def holds(self, body: Mapping[str, Any]) -> bool:
        """Return whether a round ended in the period."""
        return self.opens.isoformat() <= str(body["round"]["closes"]) <= self.closes.isoformat()

    def is_after(self, body: Mapping[str, Any]) -> bool:
        """Return whether a round had ended before the period began."""
        return str(body["round"]["closes"]) < self.opens.isoformat()


@dataclass(frozen=True)
class Contribution:
    """One installation in a period: its status, and the body of its edition where it is included."""

    source: Source
    status: str
    edition: GatheredEdition | None = None
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def top(self) -> Mapping[str, Any]:
        """The installation's place above all others."""
        found: Mapping[str, Any] = next(place for place in self.body["places"] if place["parent"] is None)
        return found

    def row(self) -> dict[str, Any]:
        """Return what the national edition says of the installation."""
        about: dict[str, Any] = {"key": self.source.key, "name": self.source.name, "status": self.status}
        about |= {"public_key": fingerprint(self.source.public_key), "refused": self.source.refused or None}
        if self.edition is None:
            return about | dict.fromkeys(("edition", "sha256", "round", "closes", "versions", "noise"))
        figures = {name: self.body[name] for name in ("versions", "noise")}
        when = {"round": self.edition.round, "closes": self.body["round"]["closes"]}
        return about | {"edition": self.edition.number, "sha256": self.edition.sha256} | when | figures


class ChangedBytes(Exception):
    """A gathered edition whose bytes are no longer those that were verified."""


def contribution(source: Source, editions: Iterable[GatheredEdition], period: Period) -> Contribution:
    """Return an installation's contribution: the current edition of its last round that ended in the period."""
    bodies = [(each, _body(each)) for each in editions]
    current = [pair for pair in bodies if pair[0].state == CURRENT]
    there = [pair for pair in current if period.holds(pair[1])]
    if there:
        newest = max(there, key=lambda pair: (pair[1]["round"]["closes"], pair[0].number))
        return Contribution(source, INCLUDED, *newest)
    if any(each.state == WITHDRAWN and period.holds(body) for each, body in bodies):
        return Contribution(source, TAKEN_BACK)
    return Contribution(source, LATE if any(period.is_after(body) for _, body in current) else MISSING)


def included(contributions: Iterable[Contribution]) -> list[Contribution]:
    """Return those that have an edition in the period."""
    return [each for each in contributions if each.status == INCLUDED]


def same_regions(contributions: Iterable[Contribution]) -> list[list[Contribution]]:
    """Return those that are of one region, under several names: its answers would be added up more than once."""
    found: dict[str, list[Contribution]] = defaultdict(list)
    for each in included(contributions):
        found[normalised(each.top["name"])].append(each)
    return [those for those in found.values() if len(those) > 1]


def _body(edition: GatheredEdition) -> dict[str, Any]:
    if hashlib.sha256(edition.body).hexdigest() != edition.sha256:
        raise ChangedBytes(f"{edition.source}, edition {edition.number}")
    body: dict[str, Any] = json.loads(edition.body)
    return body
