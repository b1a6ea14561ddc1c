"""An edition says by its format which keys it has: whoever has taken one home knows which program reads it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import Engine

from analysis.frames.schema import FORMAT
from survey.domain.questions.answer_scale import ANSWER_CODES, QUESTIONS
from survey.publication.publish import publish
from tests.publication.test_publish import SETTINGS, TODAY, VERSIONS, fill, published

CELL = "counts high low n noise noise_part question share status"
GAP = "gap high low place question se"
# The keys of each format, by where they stand. One that a version has been released with never changes: another name of
# a key is a number more. 0.4.0 was released with format 2.
KEYS = {
    3: {
        "": "background cells collection_modes format gap_changes gaps gaps_together groups_left_out noise"
        " non_substantive number places respondents round smallest_group thresholds translations versions wordings",
        "background": f"{CELL} group grouping",
        "cells": f"{CELL} place role",
        "collection_modes": "cells collection_mode n role",
        "collection_modes.cells": CELL,
        "gap_changes": "after_gap after_high after_low after_se before_gap before_high before_low before_se place"
        " question since source units",
        "gaps": f"{GAP} kind only patients providers shrunk shrunk_high shrunk_low status units units_excluded",
        "gaps_together": f"{GAP} rounds",
        "noise": "background gap_residents gap_staff municipality region unit",
        "non_substantive": "patient provider",
        "places": "headcount huvudman key level name parent",
        "respondents": "handed_out n place role status",
        "round": "closes key name opens",
        "thresholds": "patient provider",
        "versions": "patient provider",
        "wordings": "patient provider",
        "*.counts": "non_substantive not_yes",
    }
}
DATA = {*QUESTIONS, *ANSWER_CODES}  # keys that a version of the questionnaire brings with it


def keys_in(value: object, at: str = "") -> Iterator[tuple[str, str]]:
    """Yield each key of an edition with where it stands; what is kept by question, option or language is data."""
    for row in value if isinstance(value, list) else [value]:
        for key, below in row.items() if isinstance(row, Mapping) else ():
            if key not in DATA and at != "translations":
                yield ("*.counts" if at.endswith(".counts") else at), key
                yield from keys_in(below, f"{at}.{key}".removeprefix("."))


def keys_of(*bodies: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the keys that some editions have together, by where they stand."""
    found = defaultdict(set)
    for body in bodies:
        for at, key in keys_in(body):
            found[at].add(key)
    return {at: sorted(keys) for at, keys in found.items()}


@pytest.fixture
def two(sqlite_url: str, open_engine: Any) -> list[dict[str, Any]]:
    """The editions of two rounds, with residents' groups and what has changed."""
    engine: Engine = open_engine(sqlite_url)
    for number, key in enumerate(("h-25", "h-26")):
        fill(engine, key, 20 + number, 2025 + number, background=True)
        publish(engine, SETTINGS, VERSIONS, key, TODAY)
    return [published(engine, 1), published(engine, 2)]


def test_an_edition_has_the_keys_of_its_format(two: list[dict[str, Any]]) -> None:
    assert {body["format"] for body in two} == {FORMAT}
    assert keys_of(*two) == {at: sorted(keys.split()) for at, keys in KEYS[FORMAT].items()}


def test_a_key_by_another_name_is_noticed(two: list[dict[str, Any]]) -> None:
    first, second = two
    renamed = {("channels" if key == "collection_modes" else key): value for key, value in first.items()}
    assert keys_of(renamed, second) != keys_of(first, second)
    deeper = [{("came" if key == "n" else key): value for key, value in row.items()} for row in first["cells"]]
    assert keys_of(first | {"cells": deeper}, second) != keys_of(first, second)
    assert keys_of(first | {"cells": first["cells"][:1]}, second) == keys_of(first, second)
