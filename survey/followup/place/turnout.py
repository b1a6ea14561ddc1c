"""Turnout at a place: numbers asked and answered, and the silent units. For the summary.

All of it is the edition's: how many answered (rounded), how many codes were handed out, how many worked there then.
"""

from collections.abc import Mapping
from typing import Any

from survey.domain.questions.questionnaire import ROLES
from survey.domain.text.collation import collation_key
from survey.followup.place.figure_text import Context
from survey.followup.place.place_access import PlaceAccess
from survey.followup.selection import Selection
from survey.publication.localised_texts import BabelLocalisation
from survey.web.i18n.language import current_language

MAX_NAMED = 8  # silent units by name; the rest as a number


def invited_and_answered(access: PlaceAccess) -> list[Context]:
    """Return for each side the rounded number of answers, the codes handed out, and the headcount."""
    selection, texts = access.selection, BabelLocalisation(current_language(), [access.selection.edition])
    work_here = headcount(selection.edition, selection.node)
    found = []
    for role in ROLES:
        went = selection.respondents.get((selection.node, role), {}).get("handed_out")
        of = work_here if role == "provider" else None
        n = selection.rounded_answers(selection.node, role)
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


def silent_units(access: PlaceAccess, named: int | None = MAX_NAMED) -> list[Context]:
    """Return for each side the units here, so many by name, from which too few have answered or none."""
    edition, found = access.selection.edition, []
    for role in ROLES:
        unheard = _silent_keys(access.selection, role) & access.may_read
        names = sorted((each["name"] for each in edition["places"] if each["key"] in unheard), key=collation_key)
        if names:
            least = edition["thresholds"][role]
            found.append(
                {"role": role, "least": least, "names": names[:named], "more": len(names) - len(names[:named])}
            )
    return found


def count_silent_units(selection: Selection) -> list[Context]:
    """Return for each side how many of the units here are silent, for readers who may not read them all."""
    least, below = selection.edition["thresholds"], len(units_of(selection.edition, selection.node) - {selection.node})
    counted = [(role, len(_silent_keys(selection, role))) for role in ROLES]
    return [{"role": role, "least": least[role], "n": n, "all": below} for role, n in counted if n]


def _silent_keys(selection: Selection, role: str) -> set[str]:
    """Return the units under the place from which too few have answered."""
    below = units_of(selection.edition, selection.node) - {selection.node}
    return {unit for unit in below if not selection.rounded_answers(unit, role)}


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
