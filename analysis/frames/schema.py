"""The schema of the frames of `analysis`: their columns and types.

For everything else in `analysis`, and for the pages that read it. A frame is long: one row a figure, rounds
in order of time. Shares, gaps and their intervals are in percent and percentage points; counts have noise.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from survey.domain.questions.answer_scale import NON_SUBSTANTIVE, NOT_YES, QUESTIONS, ROLES, TOLD_APART

__all__ = [
    "CELLS",
    "FORMAT",
    "GAPS",
    "PARTS",
    "QUESTIONS",
    "ROLES",
    "WITHOUT_FIGURE",
    "WITH_SHARE",
    "Edition",
    "FrameError",
    "Row",
    "check",
    "is_known",
    "newest_by_round",
    "records",
    "to_frame",
]

FORMAT = 3  # of the editions that are read: the publication writes it in each, and another name of a key raises it

WITH_SHARE = ("shown", "hollow")  # statuses with a share as a number; others have an interval, or words
WITHOUT_FIGURE = ("hidden", "unsure")  # statuses without any number

# The parts of an answer's base, and of all answers, in percent.
PARTS = ("yes", *NOT_YES, "not_yes", *(code for code in TOLD_APART if code in NON_SUBSTANTIVE))

Edition = Mapping[str, Any]
Row = Mapping[str, Any]

CELLS = {
    "round": "text",
    "date": "date",
    "place": "text",
    "level": "text",
    "role": "text",
    "question": "text",
    "status": "text",  # shown, hollow, interval, unsure or hidden
    "n": "number",
    "base": "number",
    "steady_yes": "number",  # what the share and every test of it are worked out from, with the same noise:
    "steady_base": "number",  # yes and base as they are known best (`noise.steady_counts`)
    "noise": "number",
    "noise_part": "number",
    "yes_count": "number",
    "not_yes_count": "number",
    "non_substantive_count": "number",
    **{f"{code}_count": "number" for code in TOLD_APART},
    "share": "number",
    "low": "number",
    "high": "number",
    **dict.fromkeys(PARTS, "number"),
    "wording": "text",
}

GAPS = {
    "round": "text",
    "date": "date",
    "place": "text",
    "level": "text",
    "question": "text",
    "status": "text",  # shown, unsure (both sides answered, but too few of them took a stand) or hidden
    "kind": "text",  # unit, units (pooled from them) or matched (from sums over matched units)
    "units": "number",
    "units_excluded": "number",
    "only": "text",  # the one unit that the gap is worked out from, or ""
    "patients": "number",
    "providers": "number",
    "gap": "number",
    "se": "number",
    "low": "number",
    "high": "number",
    "p": "number",
    "distinct": "truth",
    "shrunk": "number",
    "shrunk_low": "number",
    "shrunk_high": "number",
    "detectable": "number",  # the smallest gap that as many answers could have set apart from zero, four times in five
    "since": "text",  # the earlier round that the change of the gap is counted from, or ""
    "change": "number",
    "change_low": "number",
    "change_high": "number",
    "change_p": "number",
    "change_distinct": "truth",
    "change_units": "number",  # how many units stand in both rounds' gaps, where the change is of fewer than the gap
    "partly_yes": "number",  # the gap where "partly" counts as yes, and as no, to the question whose scales differ
    "partly_no": "number",
    "wording_patient": "text",
    "wording_provider": "text",
    "joined": "truth",  # other units have been merged into this one since the round before
}

_TYPE_CHECKS = {
    "text": pd.api.types.is_string_dtype,
    "number": pd.api.types.is_float_dtype,
    "date": pd.api.types.is_datetime64_any_dtype,
    "truth": pd.api.types.is_bool_dtype,
}


class FrameError(ValueError):
    """A frame that breaks its schema."""


def check(frame: pd.DataFrame, schema: Mapping[str, str]) -> pd.DataFrame:
    """Return the frame, or raise FrameError with every fault at once. More columns than the schema's are fine."""
    faults = [f"the column {name} is missing" for name in schema if name not in frame.columns]
    faults += [
        f"the column {name} holds {frame[name].dtype}, not {kind}"
        for name, kind in schema.items()
        if name in frame.columns and not _TYPE_CHECKS[kind](frame[name].dtype)
    ]
    if faults:
        raise FrameError("; ".join(faults))
    return frame


def to_frame(rows: Iterable[Mapping[str, Any]], schema: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows as a frame of this schema; what a row does not have is missing."""
    rows = list(rows)
    columns: dict[str, Any] = {}
    for name, kind in schema.items():
        values = [row.get(name) for row in rows]
        if kind == "number":
            columns[name] = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
        elif kind == "date":
            columns[name] = pd.to_datetime(pd.Series(values, dtype="str"), format="%Y-%m-%d")
        elif kind == "truth":
            columns[name] = np.array([bool(v) for v in values], dtype=bool)
        else:
            columns[name] = pd.Series(["" if v is None else v for v in values], dtype="str")
    return check(pd.DataFrame(columns), schema)


def records(frame: pd.DataFrame) -> list[Row]:
    """Return the frame's rows, one mapping each."""
    # Column by column: pandas' own way takes each value apart three times.
    columns = [frame[name].tolist() for name in frame.columns]
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def is_known(value: object) -> bool:
    """Return whether a frame's number is there."""
    return isinstance(value, (int, float)) and not math.isnan(value)


def newest_by_round(editions: Sequence[Edition]) -> list[Edition]:
    """Return one edition a round, the last of each, in order of the rounds' closing days."""
    by_round = {edition["round"]["key"]: edition for edition in sorted(editions, key=lambda e: e["number"])}
    return sorted(by_round.values(), key=lambda e: (e["round"]["closes"], e["round"]["key"]))
