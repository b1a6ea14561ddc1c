"""The grouping of background answers: done before anything is written, so that no small group exists at rest.

For the closing, and for who reads the groups. Each grouping divides the same respondents into parts of no
fewer than the round was opened with; gender and age are read from the one division by gender and age, never from two of
their own (see docs/decisions/0012-background-groups.md).
"""

from collections import Counter
from collections.abc import Callable, Mapping

from survey.domain.questions.responses import AGES, HELP, Background

OTHER = "other"
GROUPINGS = ("gender_age", "language", "help")
SMALLEST_BATCH = 50

Assign = Callable[[Background], str]


def groups_as_stated(background: Background) -> dict[str, str]:
    """Return the group that a respondent stated, in each grouping; in memory alone, for it may be a group of one."""
    return {grouping: raw(background) for grouping, raw in _RAW.items()}


def folded(sizes: Mapping[str, int], smallest: int) -> dict[str, str]:
    """Map each stated group of one grouping to the group it is counted in, of `smallest` respondents at the least.

    Small ones join others, first within their gender, then all.
    """
    target = {group: group for group in sizes}
    for gender in ("woman", "man"):
        within = {group for group in sizes if of_gender(group, gender) and ":" in group}
        _fold(target, sizes, within, f"{gender}:{OTHER}", smallest)
    _fold(target, sizes, set(target), OTHER, smallest)
    return target


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
