"""The gathering of a source's editions: all that its listing names, verified, or nothing of it.

For the command line. What was gathered once stays as it came; a source may replace an edition by a newer one of the
round, or say that it is withdrawn, and never take it back in silence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from survey.publication.federation.fetching import Fetch
from survey.publication.federation.listing import ListedEdition, Listing
from survey.publication.federation.verifying import GatheringRefused, KnownHere, signed_edition, signed_listing
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.published import gathered
from survey.store.published.gathered import CURRENT, REPLACED, WITHDRAWN, GatheredEdition, Source


@dataclass(frozen=True)
class Outcome:
    """One gathering: why it was refused, or how many editions were new, and how many changed their state."""

    source: Source
    refused: str = ""
    new: int = 0
    changed: int = 0


@dataclass(frozen=True)
class Gatherer:
    """The gathering of one day: what is known here, and where it is kept."""

    engine: Engine
    known: KnownHere
    today: date

    def gather(self, source: Source, fetch: Fetch) -> Outcome:
        """Gather a source's editions; a refusal changes nothing but what the status says of the source."""
        with read_transaction(self.engine) as connection:
            before = {each.number: each for each in gathered.editions_of(connection, source.key)}
        try:
            listing = signed_listing(fetch, source.public_key)
            if listing.serial < source.serial:
                raise GatheringRefused("older_listing")
            new = self._new_editions(source, listing, before, fetch)
            states = _states(listing, before)
        except GatheringRefused as refused:
            with write_transaction(self.engine) as connection:
                gathered.change_source(connection, source.key, refused=refused.code)
            return Outcome(source, refused.code)
        changed = {number: state for number, state in states.items() if before[number].state != state}
        self._save(source, listing, new, changed)
        return Outcome(source, "", len(new), len(changed))

    def _new_editions(
        self, source: Source, listing: Listing, before: Mapping[int, GatheredEdition], fetch: Fetch
    ) -> list[GatheredEdition]:
        """Return the editions that were not here, verified; raise GatheringRefused where one is another now."""
        new = []
        for listed in listing.editions:
            if (there := before.get(listed.number)) is not None:
                _refuse_changed(listed, there)
                continue
            raw, signature = signed_edition(fetch, listed, source.public_key, self.known)
            named = (source.key, listed.number, listed.round)
            new.append(GatheredEdition(*named, CURRENT, self.today, listed.sha256, signature, raw))
        return new

    def _save(
        self, source: Source, listing: Listing, new: Sequence[GatheredEdition], changed: Mapping[int, str]
    ) -> None:
        values = {"serial": listing.serial, "name": listing.name, "gathered_on": self.today, "refused": ""}
        with write_transaction(self.engine) as connection:
            gathered.add_editions(connection, new)
            for number, state in changed.items():
                gathered.set_state(connection, source.key, number, state)
            gathered.change_source(connection, source.key, **values)


def _refuse_changed(listed: ListedEdition, there: GatheredEdition) -> None:
    if (listed.sha256, listed.round) != (there.sha256, there.round):
        raise GatheringRefused("changed")
    if there.state != CURRENT:
        raise GatheringRefused("came_back")


def _states(listing: Listing, before: Mapping[int, GatheredEdition]) -> dict[int, str]:
    """Return the state of each edition that was here; raise GatheringRefused where one is gone without a word."""
    newest = {each.round: each.number for each in listing.editions}
    return {number: _state(there, listing, newest.get(there.round, 0)) for number, there in before.items()}


def _state(there: GatheredEdition, listing: Listing, newest: int) -> str:
    """Return an edition's state, from the number of its round's newest listed one; 0 where none is listed."""
    if there.number in listing.withdrawn:
        return WITHDRAWN
    if newest > there.number:
        return REPLACED
    if newest == there.number:
        return CURRENT
    raise GatheringRefused("gone")
