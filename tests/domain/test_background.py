"""No small group is ever written, and none comes back as a difference between written ones."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from survey.domain.questions.background import GROUPINGS, OTHER, SMALLEST_BATCH, of_age, of_gender
from survey.domain.questions.responses import AGES, GENDERS, HELP, Background
from tests.opened import groups

BACKGROUNDS = st.builds(
    Background,
    st.none() | st.sampled_from(GENDERS),
    st.none() | st.sampled_from(AGES[:3]) | st.sampled_from(AGES),
    st.none() | st.sampled_from(["sv", "sv", "en", "ar"]),
    st.none() | st.sampled_from(HELP),
)
CROWDS = st.lists(st.tuples(BACKGROUNDS, st.integers(1, 40)), min_size=1, max_size=25).map(
    lambda parts: [background for background, times in parts for _ in range(times)]
)


def sizes(everyone: list[Background], smallest: int = 10) -> dict[str, Counter[str]]:
    rules = groups(everyone, smallest)
    return {grouping: Counter(rules[grouping](one) for one in everyone) for grouping in GROUPINGS}


@given(CROWDS.filter(lambda crowd: len(crowd) >= SMALLEST_BATCH), st.sampled_from([10, 30, 45]))
@settings(max_examples=300, deadline=None)
def test_no_group_is_smaller_than_the_round_was_opened_with(everyone: list[Background], smallest: int) -> None:
    for found in sizes(everyone, smallest).values():
        assert sum(found.values()) == len(everyone)
        assert min(found.values()) >= smallest


@given(CROWDS)
@settings(deadline=None)
def test_nobody_is_counted_as_what_they_are_not(everyone: list[Background]) -> None:
    rule = groups(everyone, 30)["gender_age"]
    for one in everyone:
        gender, _, age = rule(one).partition(":")
        assert gender in (one.gender, OTHER)
        assert age in ("", one.age, OTHER)


def crowd(**times: int) -> list[Background]:
    kinds = {
        "women": Background("woman", "35-49"),
        "old_women": Background("woman", "80+"),
        "men": Background("man", "35-49"),
        "old_men": Background("man", "80+"),
        "unstated": Background(),
        "others": Background("other", "35-49"),
    }
    return [kinds[kind] for kind, n in times.items() for _ in range(n)]


def test_small_ages_join_their_gender_first() -> None:
    assert sizes(crowd(women=30, old_women=9, men=30, old_men=12, unstated=11))["gender_age"] == {
        "woman:other": 39,
        "man:35-49": 30,
        "man:80+": 12,
        "other": 11,
    }


def test_a_small_rest_takes_the_smallest_group_with_it() -> None:
    assert sizes(crowd(women=30, old_women=15, men=20, unstated=1))["gender_age"] == {
        "woman:35-49": 30,
        "man:35-49": 20,
        "other": 16,
    }


def test_who_says_another_gender_stands_with_the_unstated_of_the_same_age() -> None:
    assert sizes(crowd(women=30, men=20, others=12, unstated=10))["gender_age"] == {
        "woman:35-49": 30,
        "man:35-49": 20,
        "other:35-49": 12,
        "other": 10,
    }


def test_margins_are_read_from_the_one_division() -> None:
    found = sizes(crowd(women=30, old_women=9, men=30, old_men=12, unstated=11))["gender_age"]
    assert sum(n for group, n in found.items() if of_gender(group, "woman")) == 39
    assert sum(n for group, n in found.items() if of_age(group, "80+")) == 12
