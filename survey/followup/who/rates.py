"""Response rates at a place and at each one right under it, and the silent units.

All from the edition. What is not known stands as nothing, never as zero: an open link is handed out to nobody, so
where some came without a code, nobody knows how large a part of those asked has answered.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from survey.domain.questions.questionnaire import ROLES
from survey.followup.place import bar, compared, figure_text, turnout
from survey.followup.place.figure_text import Context
from survey.followup.place.place_access import PlaceAccess
from survey.followup.selection import PlaceReport
from survey.publication.sample_size import code_response_rate

INVITED = "invited"


def rates_context(report: PlaceReport, access: PlaceAccess) -> Context:
    """Return each role's line for the place and those under it, and the units that are silent."""
    entries = [report.place, *compared.readable_below(report, access)]
    by_role = {role: _role_rows(report, entries, role) for role in ROLES}
    return {
        "places": [
            {
                "name": entry["name"],
                "address": bar.page_address(report.number, entry["key"], bar.WHO) if at else "",
                "sides": [by_role[role][at] for role in ROLES],
            }
            for at, entry in enumerate(entries)
        ],
        "without_code": [role for role in ROLES if answered_without_code(report.edition, role)],
        "silent": turnout.silent_units(access, None) if access.may_compare("unit") else [],
        "silent_of_all": [] if access.may_compare("unit") else turnout.count_silent_units(access.selection),
    }


def answered_without_code(edition: Mapping[str, Any], role: str) -> bool:
    """Return whether some of a role answered without a code of their own, so that answers are no part of codes."""
    return any(row["collection_mode"] != INVITED for row in edition["collection_modes"] if row["role"] == role)


def _role_rows(report: PlaceReport, entries: Sequence[Mapping[str, Any]], role: str) -> list[Context]:
    """Return each place's line for one role."""
    import pandas as pd

    from analysis.frames.frame import records
    from analysis.measures.response_rates import response_rates

    rows_of_role = [report.respondents.get((entry["key"], role), {}) for entry in entries]
    heads = [turnout.headcount(report.edition, entry["key"]) if role == "provider" else None for entry in entries]
    rows = pd.DataFrame(
        {
            "handed_out": [row.get("handed_out") for row in rows_of_role],
            "received": [row.get("n") for row in rows_of_role],
            "headcount": heads,
        },
        dtype=float,
    )
    open_too = answered_without_code(report.edition, role)
    found = [_rate_row(row, report, open_too) for row in records(response_rates(rows))]
    by_code = code_response_rate(report.edition, report.respondents, role) if report.place["level"] == bar.TOP else None
    if by_code is not None:  # of the whole region it is known how many came by code
        found[0]["rate"] = figure_text.rate_text(100 * by_code, report)
    return found


def _rate_row(row: Mapping[str, Any], report: PlaceReport, open_too: bool) -> Context:
    return {
        "n": figure_text.count_text(row["received"], report),
        "handed_out": figure_text.count_text(row["handed_out"], report),
        "headcount": figure_text.count_text(row["headcount"], report),
        "rate": "" if open_too else figure_text.rate_text(100 * row["rate"], report),
        "headcount_rate": figure_text.rate_text(100 * row["headcount_rate"], report),
    }
