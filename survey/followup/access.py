"""Reading rights to a place's published results. For the follow-up views.

The follow-up group works for the region and all its municipalities together, so its members read every published
place, whichever place they belong to; so does the coordinator. A care unit reads its own results beside those of its
municipality and the region: its filialer and the units that were merged into it count as its own. A national edition
holds nations and regions alone, and is made of what is public: whoever reads results reads all of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from survey.domain.places.place_tree import Place
from survey.domain.staff.roles import may
from survey.publication.edition_reader import is_national
from survey.store.core import places

Edition = Mapping[str, Any]


def reads_all(role: str) -> bool:
    """Return whether a person with this role may read every published place."""
    return may(role, "read_everywhere")


def known_to(connection: Connection, role: str) -> Sequence[Place]:
    """Return the places that tell what is a person's own; none for those who read all, who need no mergers."""
    return () if reads_all(role) else places.all_places(connection)


def readable(role: str, place: str, edition: Edition, known: Iterable[Place]) -> set[str]:
    """Return the keys of the edition's places that a person with this role at this place may read."""
    published = {entry["key"]: entry for entry in edition["places"]}
    if reads_all(role) or is_national(edition):
        return set(published)
    own = {place} | {other.key for other in known if place in (other.filial_of, other.merged_into)}
    above: set[str] = set()
    for key in own & set(published):
        up = published[key]["parent"]
        while up:
            above.add(up)
            up = published[up]["parent"]
    region = {key for key, entry in published.items() if entry["level"] == "region"}
    return (own | above | region) & set(published)


def may_read_all_below(level: str, node: str, edition: Edition, may_read: set[str]) -> bool:
    """Return whether the person may read every place of the level under this one, and so compare them."""
    published = {entry["key"]: entry for entry in edition["places"]}
    if "units" in published[node]:
        return set(published[node]["units"]) <= may_read
    # A unit stands beside the others of its topmost place.
    alone = published[node]["level"] == level
    while alone and published[node]["parent"]:
        node = published[node]["parent"]
    for key, entry in published.items():
        up = entry["parent"]
        while entry["level"] == level and up and up != node:
            up = published[up]["parent"]
        if entry["level"] == level and up == node and key not in may_read:
            return False
    return True


def home_place(place: str, edition: Edition, may_read: set[str]) -> str:
    """Return the place where a person's reading starts: their own, or the topmost when the edition lacks it."""
    if place in may_read:
        return place
    top = "nation" if is_national(edition) else "region"
    return next(str(entry["key"]) for entry in edition["places"] if entry["level"] == top)
