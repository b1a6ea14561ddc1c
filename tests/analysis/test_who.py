"""Who answered beside who lives here: which people a group stands for, and a change apart from its mix."""

from typing import Any

import pandas as pd
import pytest

from analysis.frames import collection_modes, respondents
from analysis.frames.schema import QUESTIONS
from analysis.measures.standardisation import MixChange

PEOPLE = {"woman:18-34": 100.0, "woman:35-49": 200.0, "man:18-34": 300.0, "man:35-49": 400.0}
ASKED = "trygghet"


def edition(key: str, date: str, groups: dict[str, tuple[float, float]]) -> dict[str, Any]:
    """A round with these groups' yes and base."""
    background = [
        {
            **{"grouping": "gender_age", "group": group, "question": ASKED, "n": base, "status": "shown"},
            **{"share": 100 * yes / base, "low": 0.0, "high": 100.0, "noise": 0.0},
            "counts": {"yes": yes, "not_yes": base - yes, "non_substantive": 0},
        }
        for group, (yes, base) in groups.items()
    ]
    return {"round": {"key": key, "closes": date}, "thresholds": {"patient": 10}, "background": background}


def line(*rounds: dict[str, Any]) -> pd.DataFrame:
    """The region's trend of the one question, in one wording."""
    return pd.DataFrame(
        {
            **{"round": each["round"]["key"], "date": pd.Timestamp(each["round"]["closes"]), "role": "patient"},
            **{"question": ASKED, "status": "shown", "segment": 0, "noise": 0.0},
            "steady_yes": sum(row["counts"]["yes"] for row in each["background"]),
            **dict.fromkeys(("base", "steady_base"), sum(row["n"] for row in each["background"])),
        }
        for each in rounds
    )


def test_the_rest_of_a_gender_stands_for_its_other_ages() -> None:
    assert respondents.population_by_group(["woman:18-34", "woman:other", "man:18-34", "other"], PEOPLE) == {
        **{"woman:18-34": 100, "woman:other": 200},
        **{"man:18-34": 300, "man:35-49": 400},
    }


def test_only_groups_with_both_are_parts_of_a_whole() -> None:
    table = respondents.population_comparison(
        edition("r", "2024-01-01", {"woman:18-34": (10, 30), "man:35-49": (10, 10), "other": (9, 20)}), PEOPLE
    )
    assert table is not None
    assert table.loc["woman:18-34", "answers_share"] == pytest.approx(0.75)
    assert table.loc["woman:18-34", "population_share"] == pytest.approx(0.2)
    assert table.loc[["man:18-34", "other"], "times"].isna().all()
    assert respondents.population_comparison(edition("r", "2024-01-01", {"other": (9, 20)}), PEOPLE) is None


def test_the_same_answers_from_others_are_all_mix() -> None:
    before = edition("a", "2024-01-01", {"woman:18-34": (80, 100), "man:18-34": (20, 100)})
    after = edition("b", "2024-09-01", {"woman:18-34": (240, 300), "man:18-34": (20, 100)})
    (earlier, found) = respondents.mix_changes([before, after], line(before, after))[ASKED]
    assert earlier == "a" and found.real == pytest.approx(0) and found.mix == pytest.approx(0.15)


def test_a_group_that_one_round_does_not_tell_apart_is_one_in_both() -> None:
    before = edition("a", "2024-01-01", {"woman:18-34": (40, 50), "woman:35-49": (40, 50), "man:other": (20, 100)})
    after = edition("b", "2024-09-01", {"woman:other": (80, 100), "man:18-34": (10, 50), "man:other": (10, 50)})
    (_earlier, found) = respondents.mix_changes([before, after], line(before, after))[ASKED]
    assert found.left_out == 0 and found.real == pytest.approx(0) and found.mix == pytest.approx(0)


def test_ways_are_compared_as_one_family() -> None:
    def cells(yes: float) -> list[dict[str, Any]]:
        counts = {"yes": yes, "not_yes": 200 - yes, "non_substantive": 0}
        return [{"question": q, "status": "shown", "counts": counts, "noise": 3.2} for q in (ASKED, "overblick")]

    rows = [
        {"role": "patient", "collection_mode": way, "n": 200, "cells": cells(yes)}
        for way, yes in (("invited", 80), ("open", 120))
    ]
    found = collection_modes.difference({"collection_modes": rows})
    assert found["difference"].tolist() == [20, 20] and found["distinct"].all()
    rows[1]["cells"][0]["status"] = "unsure"
    assert collection_modes.difference({"collection_modes": rows})["question"].tolist() == ["overblick"]
    rows[1]["cells"][0]["status"] = "hollow"
    assert collection_modes.difference({"collection_modes": rows})["question"].tolist() == ["overblick"], (
        "uncertain figures are not tested"
    )
    assert collection_modes.difference({"collection_modes": rows[:1]}).empty


def test_what_is_left_of_seven_changes_is_told_of_them_all_together() -> None:
    """An interval of its own leaves zero out; among seven it may be chance."""
    weak, strong, none = (MixChange(0.1, real, real - 0.08, real + 0.08, 0, 0, 0.041) for real in (0.09, 0.16, 0.0))
    still = dict.fromkeys(QUESTIONS[2:], ("before", none))
    found = {QUESTIONS[0]: ("before", weak), QUESTIONS[1]: ("before", strong)} | still
    assert respondents.distinct_at_fixed_mix(found) == {QUESTIONS[1]}
    assert respondents.distinct_at_fixed_mix({QUESTIONS[0]: ("before", weak)}) == {QUESTIONS[0]}
    assert respondents.distinct_at_fixed_mix({}) == set()
