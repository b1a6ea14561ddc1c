"""How many were asked and how many answered at a place, and which of its units are silent. For the summary.

How many answered (rounded) and how many codes were handed out are the edition's; how many work there is what the
coordinator has said of the units as they are today.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from survey.domain.alphabet import in_order
from survey.domain.questionnaire import ROLES
from survey.followup.place.opened import Opened, Said
from survey.followup.reading import Chosen
from survey.publication.texts import BabelTexts
from survey.store import places
from survey.web.language import current_language

NAMED = 8  # silent units by name; the rest as a number


def asked(connection: Connection, here: Opened) -> list[Said]:
    """Return for each side about how many have answered, how many codes went out, how many work there."""
    chosen, texts = here.chosen, BabelTexts(current_language(), [here.chosen.edition])
    units = units_of(chosen.edition, chosen.node)
    heads = [each.headcount for each in places.all_places(connection) if each.key in units]
    found = []
    for role in ROLES:
        went = chosen.respondents.get((chosen.node, role), {}).get("handed_out")
        of = sum(filter(None, heads)) if role == "provider" and heads and all(heads) else 0
        n = chosen.answered(chosen.node, role)
        found.append(
            {
                "role": role,
                "answered": texts.number(n) if n else "",
                "handed_out": texts.number(went) if went else "",
                "headcount": texts.number(of) if of else "",
                "rate": texts.percent(min(100 * n / of, 100)) if n and of else "",
            }
        )
    return found


def silent(here: Opened) -> list[Said]:
    """Return for each side the units here, by name, from which too few have answered or none."""
    edition, found = here.chosen.edition, []
    for role in ROLES:
        unheard = _unheard(here.chosen, role) & here.may_read
        names = sorted((each["name"] for each in edition["places"] if each["key"] in unheard), key=in_order)
        if names:
            least = edition["thresholds"][role]
            found.append({"role": role, "least": least, "names": names[:NAMED], "more": len(names[NAMED:])})
    return found


def silent_of_all(chosen: Chosen) -> list[Said]:
    """Return for each side how many of the units here are silent, for readers who may not read them all."""
    least, below = chosen.edition["thresholds"], len(units_of(chosen.edition, chosen.node) - {chosen.node})
    counted = [(role, len(_unheard(chosen, role))) for role in ROLES]
    return [{"role": role, "least": least[role], "n": n, "all": below} for role, n in counted if n]


def _unheard(chosen: Chosen, role: str) -> set[str]:
    """The units under the place from which too few have answered."""
    below = units_of(chosen.edition, chosen.node) - {chosen.node}
    return {unit for unit in below if not chosen.answered(unit, role)}


def units_of(edition: Mapping[str, Any], node: str) -> set[str]:
    """Return the keys of the units under a place, or of a group; a unit's own."""
    entries = {entry["key"]: entry for entry in edition["places"]}
    if "units" in entries[node]:
        return set(entries[node]["units"])
    found = set()
    for key, entry in entries.items():
        at: str | None = key if entry["level"] == "unit" else None
        while at and at != node:
            at = entries[at]["parent"]
        if at:
            found.add(key)
    return found
