"""Response rates at a place and at each one right under it, and the silent units.

All from the edition. What is not known stands as nothing, never as zero: an open link is handed out to nobody, so
where some came without a code, nobody knows how large a part of those asked has answered.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from survey.domain.questions.questionnaire import ROLES
from survey.followup.place import bar, compared, turnout, words
from survey.followup.place.opened import Opened
from survey.followup.place.words import Said
from survey.followup.selection import Reading
from survey.publication.hand_outs import code_rate

CODE = "invited"


def said(reading: Reading, here: Opened) -> Said:
    """Return each role's line for the place and those under it, and the units that are silent."""
    entries = [reading.place, *compared.below(reading, here)]
    by_role = {role: _of_role(reading, entries, role) for role in ROLES}
    return {
        "places": [
            {
                "name": entry["name"],
                "address": bar.address(reading.number, entry["key"], bar.WHO) if at else "",
                "sides": [by_role[role][at] for role in ROLES],
            }
            for at, entry in enumerate(entries)
        ],
        "without_code": [role for role in ROLES if others_than_codes(reading.edition, role)],
        "silent": turnout.silent(here, None) if here.may_compare("unit") else [],
        "silent_of_all": [] if here.may_compare("unit") else turnout.silent_of_all(here.chosen),
    }


def others_than_codes(edition: Mapping[str, Any], role: str) -> bool:
    """Return whether some of a role answered without a code of their own, so that answers are no part of codes."""
    return any(row["collection_mode"] != CODE for row in edition["collection_modes"] if row["role"] == role)


def _of_role(reading: Reading, entries: Sequence[Mapping[str, Any]], role: str) -> list[Said]:
    """Return each place's line for one role."""
    import pandas as pd

    from analysis.frames.frame import records
    from analysis.measures.response_rates import response_rates

    told = [reading.respondents.get((entry["key"], role), {}) for entry in entries]
    heads = [turnout.headcount(reading.edition, entry["key"]) if role == "provider" else None for entry in entries]
    rows = pd.DataFrame(
        {
            "handed_out": [row.get("handed_out") for row in told],
            "received": [row.get("n") for row in told],
            "headcount": heads,
        },
        dtype=float,
    )
    open_too = others_than_codes(reading.edition, role)
    found = [_line(row, reading, open_too) for row in records(response_rates(rows))]
    by_code = code_rate(reading.edition, reading.respondents, role) if reading.place["level"] == bar.TOP else None
    if by_code is not None:  # of the whole region it is known how many came by code
        found[0]["rate"] = words.part(100 * by_code, reading)
    return found


def _line(row: Mapping[str, Any], reading: Reading, open_too: bool) -> Said:
    return {
        "n": words.about(row["received"], reading),
        "handed_out": words.about(row["handed_out"], reading),
        "headcount": words.about(row["headcount"], reading),
        "rate": "" if open_too else words.part(100 * row["rate"], reading),
        "reached": words.part(100 * row["reached"], reading),
    }
