"""Which units stand behind a pooled gap: the places below, however the region is divided besides."""

from survey.publication.counts import BESIDE, EVERYONE, Count, Counts
from survey.publication.gaps import units_below

LEVELS = {"r": "region", "m": "municipality", "m-u1": "unit", "m-u2": "unit", EVERYONE: "whole", BESIDE: "unseen"}
PLACES = (("r", ("m",)), ("m", ("m-u1", "m-u2")))
BACKGROUND = (("r", (EVERYONE, BESIDE)),)


def counts(sums: tuple[tuple[str, tuple[str, ...]], ...]) -> Counts:
    return Counts("patient", dict.fromkeys(LEVELS, Count(0)), LEVELS, sums, {}, "r")


def test_background_groups_lead_to_no_unit_and_hide_none() -> None:
    for sums in (PLACES, PLACES + BACKGROUND, BACKGROUND + PLACES):
        assert units_below(counts(sums), "r") == ["m-u1", "m-u2"]
    assert units_below(counts(PLACES), "m") == ["m-u1", "m-u2"]
