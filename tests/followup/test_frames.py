"""A page makes each frame of figures once, and not again for each place, picture and sentence on it."""

import cProfile
import pstats
from collections.abc import Callable

import pytest
from flask import Flask

from survey.web.pages.page_cache import PageCache
from tests.followup.staffed import StaffBrowser


def made(browser: StaffBrowser, address: str) -> dict[str, int]:
    """How often a page that is not kept, but whose pictures are, walks through editions for gaps and for cells."""
    browser.get(address)
    browser.client.application.extensions["followup_pages"] = PageCache()
    profile = cProfile.Profile()
    profile.runcall(browser.get, address)
    calls = {
        function: count
        for (path, _line, function), (count, *_rest) in pstats.Stats(profile).stats.items()  # type: ignore[attr-defined]
        if path.endswith("analysis/frames/frame.py")
    }
    return {name: calls.get(name, 0) for name in ("gaps", "cells")}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "gaps", "cells"),
    [
        ("jh", 1, 1),
        ("jh/trygghet", 4, 4),  # its own; the places below; the units, and the municipalities over the rounds
        ("jh/charts", 1, 1),
        ("jh/places", 4, 3),  # the places; three sheets of them; two of units, for which the gaps are of one place
        ("brunflo/charts", 3, 2),
        ("brunflo/trygghet", 3, 3),
    ],
)
def test_a_page_makes_each_frame_once(
    as_person: Callable[[str], StaffBrowser], app: Flask, path: str, gaps: int, cells: int
) -> None:
    found = made(as_person("Freja"), f"/staff/followup/5/{path}")
    assert 0 < found["gaps"] <= gaps and 0 < found["cells"] <= cells, found
