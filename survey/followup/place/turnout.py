"""Turnout at a place: numbers asked and answered, and the silent units. For the summary.

All of it is the edition's: how many answered (rounded), how many codes were handed out, how many worked there then.
"""

from collections.abc import Mapping
from typing import Any

from survey.domain.questions.questionnaire import ROLES
from survey.domain.text.collation import collation_key
from survey.followup.place.opened import Opened, Said
from survey.followup.selection import Chosen
from survey.publication.localised_texts import BabelTexts
from survey.web.i18n.language import current_language

NAMED = 8  # silent units by name; the rest as a number


def asked(here: Opened) -> list[Said]:
    """Return for each side the rounded number of answers, the codes handed out, and the headcount."""
    chosen, texts = here.chosen, BabelTexts(current_language(), [here.chosen.edition])
    work_here = headcount(chosen.edition, chosen.node)
    found = []
    for role in ROLES:
        went = chosen.respondents.get((chosen.node, role), {}).get("handed_out")
        of = work_here if role == "provider" else None
        n = chosen.answered(chosen.node, role)
        found.append(
            {
                "role": role,
                "answered": texts.number(n) if n else "",
                "handed_out": texts.number(went) if went else "",
                "headcount": texts.number(of) if of else "",
                "rate": texts.percent(100 * n / of) if n and of else "",
            }
        )
    return found


def silent(here: Opened, named: int | None = NAMED) -> list[Said]:
    """Return for each side the units here, so many by name, from which too few have answered or none."""
    edition, found = here.chosen.edition, []
    for role in ROLES:
        unheard = _unheard(here.chosen, role) & here.may_read
        names = sorted((each["name"] for each in edition["places"] if each["key"] in unheard), key=collation_key)
        if names:
            least = edition["thresholds"][role]
            found.append(
                {"role": role, "least": least, "names": names[:named], "more": len(names) - len(names[:named])}
            )
    return found


def silent_of_all(chosen: Chosen) -> list[Said]:
    """Return for each side how many of the units here are silent, for readers who may not read them all."""
    least, below = chosen.edition["thresholds"], len(units_of(chosen.edition, chosen.node) - {chosen.node})
    counted = [(role, len(_unheard(chosen, role))) for role in ROLES]
    return [{"role": role, "least": least[role], "n": n, "all": below} for role, n in counted if n]


def _unheard(chosen: Chosen, role: str) -> set[str]:
    """Return the units under the place from which too few have answered."""
    below = units_of(chosen.edition, chosen.node) - {chosen.node}
    return {unit for unit in below if not chosen.answered(unit, role)}


def headcount(edition: Mapping[str, Any], node: str) -> int | None:
    """Return a place's headcount when its edition was made; None where one of its units has not said."""
    units = units_of(edition, node)
    heads = [entry.get("headcount") for entry in edition["places"] if entry["key"] in units]
    return sum(heads) if heads and all(heads) else None


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
