"""First against last: changes over the rounds, for as long as the question was the same.

For the trend and the gap over time. A question whose wording has changed starts anew, and goes on where the wording
comes back; uncertain figures are not tested; what rounds vary beside chance is part of every change; and what is tested
on one page is adjusted for how much that is.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, zip_longest

import numpy as np
import pandas as pd

from analysis.frames.schema import WITH_SHARE, Row, records
from analysis.localisation import N_, Localisation, translate
from analysis.measures.intervals import difference_interval, difference_p_value
from analysis.measures.trend_tests import MIN_ROUNDS, adjust, between_rounds, is_distinct, share_line


def segments(wordings: Iterable[object], joined: Iterable[bool] = ()) -> list[int]:
    """Number the stretches that can be compared: 0, 0, 1, 1; one wording has one number, also where it comes back.

    A round without the question does not break it. `joined`: whether others have gone up in the place before each
    round, after which nothing is comparable with what was before.
    """
    pairs = [
        (wording if isinstance(wording, str) else "", larger)
        for wording, larger in zip_longest(wordings, joined, fillvalue=False)
    ]
    known = next((wording for wording, _ in pairs if wording), "")
    numbers: dict[tuple[int, str], int] = {}
    found: list[int] = []
    era = 0
    for wording, larger in pairs:
        era += bool(larger and found)
        known = wording or known
        found.append(numbers.setdefault((era, known), len(numbers)))
    return found


Lines = Mapping[tuple[str, str], Sequence[Row]]


def lines(table: pd.DataFrame) -> dict[tuple[str, str], list[Row]]:
    """Return the table's rows by role ("" where it has none) and question, oldest first.

    Drawing asks for a hundred small parts of a table; as rows each takes microseconds, as frames a
    millisecond.
    """
    found: dict[tuple[str, str], list[Row]] = {}
    for row in sorted(records(table), key=lambda row: row["date"]):
        found.setdefault((row.get("role", ""), row["question"]), []).append(row)
    return found


def runs(own: Sequence[Row]) -> list[list[Row]]:
    """Return the stretches a line may be drawn through: rounds with a figure in a row, one wording."""
    found: list[list[Row]] = []
    before: Row | None = None
    for row in own:
        if row["status"] in WITH_SHARE:
            joined = before and before["status"] in WITH_SHARE and before["segment"] == row["segment"]
            if joined:
                found[-1].append(row)
            else:
                found.append([row])
        before = row
    return found


def breaks(own: Sequence[Row]) -> list[str]:
    """Return the rounds in which a line begins anew: another wording, or a merger into the place."""
    return [row["round"] for before, row in pairwise(own) if row["segment"] != before["segment"]]


def new_wordings(own: Sequence[Row]) -> list[str]:
    """Return the rounds in which a question's stretch of one wording begins anew."""
    larger = set(mergers(own))
    return [key for key in breaks(own) if key not in larger]


def mergers(own: Sequence[Row]) -> list[str]:
    """Return the rounds from which on others have been merged into the place."""
    return [row["round"] for row in own[1:] if row.get("joined")]


def break_notes(table: pd.DataFrame, texts: Localisation) -> list[str]:
    """Return the legend of a dotted line in this picture, as far as it occurs."""
    every = lines(table).values()
    meanings = (
        (N_("Prickad linje: ny formulering."), new_wordings),
        (N_("Prickad linje: enheter har gått upp i platsen."), mergers),
    )
    return [translate(texts, meaning) for meaning, found in meanings if any(found(own) for own in every)]


def counts(row: Row) -> tuple[float, float, float]:
    """Return successes and base, as the printed share is worked out, and the variance of their noise."""
    return float(row["steady_yes"]), float(row["steady_base"]), float(row["noise"])


def comparable(own: Sequence[Row]) -> list[Row]:
    """Return the rounds of a line's newest wording that have a share, and a base that noise has not eaten."""
    same = (row for row in own if row["segment"] == own[-1]["segment"])
    return [row for row in same if row["status"] in WITH_SHARE and row["base"] > 0]


def comparable_gaps(own: Sequence[Row]) -> list[Row]:
    """Return the rounds of a gap's newest wording that have a gap to show."""
    return [row for row in own if row["segment"] == own[-1]["segment"] and row["status"] == "shown"]


def fitted(own: Sequence[Row]) -> list[Row]:
    """Return the rounds of a gap's fitted line: at least four of its newest wording, the newest among them."""
    same = comparable_gaps(own)
    return same if len(same) >= MIN_ROUNDS and same[-1] is own[-1] else []


def between_round_variance(by_line: Lines) -> float:
    """Return the between-round variance τ² of shares: one figure for all lines."""
    every = [
        list(zip(*map(counts, rounds), strict=True)) for own in by_line.values() if len(rounds := comparable(own)) > 1
    ]
    return between_rounds([share_line(yes, base, noises) for yes, base, noises in every])


def first_against_last(by_line: Lines) -> pd.DataFrame:
    """Return the change in each share since the first round with the same wording, up to the newest round.

    Takes the trend's `lines`. Gives one row for each role and question that can be tested: both rounds are shown and
    not uncertain. Twice what rounds vary beside chance is in each interval; the p are adjusted together, by Holm.
    """
    rows, extra = [], 2 * between_round_variance(by_line)
    for (role, question), own in by_line.items():
        pair = tested_ends(own)
        if pair:
            rows.append({"role": role, "question": question, **change_of(*pair, extra)})
    columns = ("role", "question", "first", "last", "change", "low", "high", "p")
    return with_adjusted_p(pd.DataFrame(rows, columns=list(columns)))


def with_adjusted_p(found: pd.DataFrame, low: str = "low", high: str = "high") -> pd.DataFrame:
    """Return the rows with their p adjusted by Holm, and whether each is distinct from zero: by interval and p."""
    found["p"] = adjust(found["p"].to_numpy(dtype=np.float64))
    found["distinct"] = is_distinct(found[low], found[high], found["p"])
    return found


def tested_ends(own: Sequence[Row]) -> tuple[Row, Row] | None:
    """Return the first round with the newest one's wording and the newest, where both are sure enough for a test."""
    same = comparable(own)
    if len(same) < 2 or same[-1] is not own[-1]:
        return None
    return (same[0], same[-1]) if same[0]["status"] == same[-1]["status"] == "shown" else None


def change_of(first: Row, last: Row, extra: float = 0.0) -> dict[str, object]:
    """Return the change of a share between two rounds, its interval, and the p of no change, not yet adjusted.

    `extra`: the variance that rounds have beside chance, twice over.
    """
    (now, base, noise), (then, base_then, noise_then) = counts(last), counts(first)
    noises = {"noise_1": noise, "noise_2": noise_then, "extra": extra}
    limits = difference_interval(now, base, then, base_then, **noises)
    return {
        "first": first["round"],
        "last": last["round"],
        "change": round(last["share"] - first["share"], 1),
        "low": round(100 * limits.low, 1),
        "high": round(100 * limits.high, 1),
        "p": difference_p_value(now, base, then, base_then, **noises),
    }
