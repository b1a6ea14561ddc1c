"""The grouping of background answers: done before anything is written, so that no small group exists at rest.

For the closing, and for who reads the groups. Each grouping divides the same respondents into parts of no
fewer than the round was opened with; gender and age are read from the one division by gender and age, never from two of
their own (see docs/decisions/0012-background-groups.md).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from survey.domain.questions.responses import AGES, HELP, Background

OTHER = "other"
GROUPINGS = ("gender_age", "language", "help")
SMALLEST_BATCH = 50

Assign = Callable[[Background], str]


def groups(backgrounds: Iterable[Background], smallest: int) -> dict[str, Assign]:
    """Make a rule for each grouping that assigns a respondent to a group, from all backgrounds of the round.

    `smallest`: the least number of respondents in a group.
    """
    everyone = list(backgrounds)
    rules: dict[str, Assign] = {}
    for grouping, raw in _RAW.items():
        target = _folded(Counter(raw(background) for background in everyone), smallest)
        rules[grouping] = lambda background, raw=raw, target=target: target[raw(background)]  # type: ignore[misc]
    return rules


def of_gender(group: str, gender: str) -> bool:
    """Return whether a gender_age group is part of the gender's margin."""
    return group.partition(":")[0] == gender


def of_age(group: str, age: str) -> bool:
    """Return whether a gender_age group is part of the age band's margin."""
    return group.partition(":")[2] == age


def _gender_age(background: Background) -> str:
    gender = background.gender if background.gender in {"woman", "man"} else OTHER
    age = background.age if background.age in AGES else OTHER
    return OTHER if gender == age == OTHER else f"{gender}:{age}"


def _language(background: Background) -> str:
    return background.language or OTHER


def _help(background: Background) -> str:
    return background.help if background.help in HELP else OTHER


_RAW: Mapping[str, Assign] = {"gender_age": _gender_age, "language": _language, "help": _help}


def _folded(sizes: Mapping[str, int], smallest: int) -> dict[str, str]:
    """Map each raw group to its final one: small ones join, first within their gender, then all."""
    target = {group: group for group in sizes}
    for gender in ("woman", "man"):
        within = {group for group in sizes if of_gender(group, gender) and ":" in group}
        _fold(target, sizes, within, f"{gender}:{OTHER}", smallest)
    _fold(target, sizes, set(target), OTHER, smallest)
    return target


def _fold(target: dict[str, str], sizes: Mapping[str, int], within: set[str], rest: str, smallest: int) -> None:
    """Let small groups of `within` join `rest`, and the smallest standing ones while the rest is small."""
    while True:
        now: Counter[str] = Counter()
        for group in within:
            now[target[group]] += sizes[group]
        small = [group for group, size in now.items() if size < smallest and group != rest]
        if not small and 0 < now[rest] < smallest:
            standing = [group for group in now if group != rest]
            small = [min(standing, key=lambda group: (now[group], group))] if standing else []
        if not small:
            return
        for group in within:
            if target[group] in small:
                target[group] = rest
