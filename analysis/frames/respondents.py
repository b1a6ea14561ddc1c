"""Respondents of a region's round by gender and age: against the population, and the effect on the shares.

For the page of who has answered. Answers are not weighted by it anywhere else: the share as it is stands first, and
what it would have been beside it. A group here is one that the edition counts by itself, a rest of a gender too.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.frames.frame import shown_figures
from analysis.frames.resident_groups import OTHER
from analysis.frames.schema import QUESTIONS, WITHOUT_FIGURE, Edition, Row
from analysis.frames.series import between_round_variance, comparable, lines
from analysis.measures.response_rates import compare_with_population
from analysis.measures.standardisation import MixChange, Standardised, mix_change, standardised
from analysis.measures.trend_tests import adjust, is_distinct

GROUPING = "gender_age"
ROLE = "patient"
Population = Mapping[str, float]  # by gender:age


def answers(edition: Edition) -> dict[str, dict[str, Row]]:
    """Return each group's rows by question, with its counts by name."""
    found: dict[str, dict[str, Row]] = {}
    for cell in edition["background"]:
        if cell["grouping"] == GROUPING:
            found.setdefault(cell["group"], {})[cell["question"]] = dict(cell) | shown_figures(cell)
    return found


def population_by_group(names: Iterable[str], population: Population) -> dict[str, float]:
    """Return the population of each group; the rest of a gender are its ages that have no group of their own.

    An age without a group and without a rest to stand in has its own line, with people and without answers.
    """
    standing = set(names)
    found: dict[str, float] = {}
    for band, n in population.items():
        rest = f"{band.partition(':')[0]}:{OTHER}"
        group = rest if band not in standing and rest in standing else band
        found[group] = found.get(group, 0.0) + n
    return found


def population_comparison(edition: Edition, population: Population) -> pd.DataFrame | None:
    """Return each group's parts of answers and population (`compare_with_population`); None with nothing to compare.

    Those who said neither gender nor age live nowhere in the statistics: they have answers and no people.
    """
    own, here = answers(edition), population_by_group(answers(edition), population)
    n = {group: next((row["n"] for row in rows.values()), np.nan) for group, rows in own.items()}
    names = list(dict.fromkeys([*here, *own]))
    table = pd.DataFrame(
        {"answers": [n.get(name, np.nan) for name in names], "population": [here.get(name, np.nan) for name in names]},
        index=pd.Index(names, name="group"),
        dtype=float,
    )
    both = table.dropna()
    if both.empty or not (both["answers"].sum() > 0 and both["population"].sum() > 0):
        return None
    return compare_with_population(table)


def standardised_shares(edition: Edition, population: Population) -> dict[str, Standardised]:
    """Return each question's share standardised to the population."""
    own = answers(edition)
    here = population_by_group(own, population)
    found = {}
    for question in QUESTIONS:
        counts = [_counts(own.get(group, {}).get(question)) for group in here]
        if any(base > 0 for _yes, base, _noise in counts):
            yes, base, noise = (np.array(column, dtype=np.float64) for column in zip(*counts, strict=True))
            found[question] = standardised(yes, base, np.array(list(here.values())), noises=noise)
    return found


def _counts(row: Row | None) -> tuple[float, float, float]:
    """Return a group's yes, base and noise; missing where its figure is hidden or says too little."""
    if row is None or row["status"] in WITHOUT_FIGURE:
        return np.nan, np.nan, 0.0
    return row["yes_count"], row["base"], row["noise"]


def mix_changes(editions: Sequence[Edition], trend: pd.DataFrame) -> dict[str, tuple[str, MixChange]]:
    """Return for each question the round before with the same words, and the change split into real and mix.

    `trend`: the region's table of all rounds. Groups that one of the rounds does not tell apart are one in both.
    """
    by_line = {key: own for key, own in lines(trend).items() if key[0] == ROLE}
    extra, by_round = 2 * between_round_variance(by_line), {each["round"]["key"]: each for each in editions}
    now = editions[-1]["round"]["key"]
    found = {}
    for (_role, question), own in by_line.items():
        same = [row["round"] for row in comparable(own)]
        if len(same) > 1 and same[-1] == now:
            before, after = by_round[same[-2]], editions[-1]
            sides = _common_groups(before, after, question)
            if sides:
                found[question] = same[-2], mix_change(*sides, extra=extra)
    return found


def distinct_at_fixed_mix(found: Mapping[str, tuple[str, MixChange]]) -> set[str]:
    """Return the questions whose change is distinct from zero at fixed weights: all of them as one family."""
    changes = [change for _, change in found.values()]
    p = adjust([each.p_value for each in changes])
    return {
        question for question, each, own in zip(found, changes, p, strict=True) if is_distinct(each.low, each.high, own)
    }


def _common_groups(before: Edition, after: Edition, question: str) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Return both rounds' groups on one question, merged until they mean the same; None where fewer than two do."""
    own = [answers(each) for each in (before, after)]
    common = {group for group in set(own[0]) & set(own[1]) if OTHER not in group.split(":")}
    genders = [{group.partition(":")[0] for group in each} - {OTHER} for each in own]
    both = genders[0] & genders[1]

    def home(group: str) -> str:
        gender = group.partition(":")[0]
        return group if group in common else f"{gender}:{OTHER}" if gender in both else OTHER

    least = after["thresholds"][ROLE]
    sides = [_merge_groups(each, home, question, least) for each in own]
    return (sides[0], sides[1]) if len(sides[0].index.intersection(sides[1].index)) > 1 else None


def _merge_groups(
    own: Mapping[str, Mapping[str, Row]], common_name: Callable[[str], str], question: str, threshold: int
) -> pd.DataFrame:
    """Return a round's groups by their common names; those of which too few answered are missing."""
    regrouped = [(common_name(group), rows[question]) for group, rows in own.items() if question in rows]
    rows = [(group, row["yes_count"], row["base"], row["noise"]) for group, row in regrouped]
    frame = pd.DataFrame(rows, columns=["group", "successes", "base", "noise"]).groupby("group").sum(min_count=1)
    return frame[frame["base"] >= threshold]
