"""Pictures of many places, units and groups: no text meets another, leaves the sheet or is too small; same bytes.

With names of 120 letters, one round and twelve, and most of it hidden: what the pictures must bear.
"""

import re
from itertools import product
from xml.etree import ElementTree

import pytest

from analysis.charts import NARROW, WIDE, chart_of, drawing
from analysis.charts.drawing import style
from tests.analysis.placed import TEXTS, table_of
from tests.analysis.test_chart_layout import boxes, overlapping, too_small

SHEETS = (("sv", WIDE), ("en", NARROW), ("long", WIDE), ("long", NARROW))
CASES = (
    ("municipalities-patient", "region", 5, False),
    ("municipalities-provider", "region", 12, True),
    ("municipalities-gap", "region", 5, False),
    ("municipalities-nasta_steg", "region", 5, False),
    ("control", "region", 12, False),
    ("control-provider", "are", 1, False),
    ("control-gap", "ostersund", 9, False),
    ("funnel", "region", 1, False),
    ("funnel-provider", "ostersund", 1, True),
    ("units-overblick", "region", 1, False),
    ("units-fast_vardkontakt", "are", 1, True),
    ("groups-gender", "region", 1, False),
    ("groups-gender_age", "region", 1, False),
    ("groups-language", "region", 1, False),
)


@pytest.mark.slow
@pytest.mark.parametrize(("case", "sheet"), list(product(CASES, SHEETS)), ids=str)
def test_letters_are_apart_on_the_sheet_and_large_enough(
    case: tuple[str, str, int, bool], sheet: tuple[str, int]
) -> None:
    (name, place, rounds, hidden), (language, width) = case, sheet
    own = "ostersund-3" if name.startswith(("funnel", "units")) else ""
    figure = chart_of(name).draw(table_of(name, place, rounds, hidden=hidden, own=own), TEXTS[language], width)
    assert overlapping(figure) == []
    assert too_small(figure) == []
    for words, box in boxes(figure):
        assert box.x0 >= 0 and box.x1 <= width + 0.5 and box.y0 >= 0, words
        assert box.y1 <= figure.get_size_inches()[1] * 72, words
    ids = [each.get_gid() for each in figure.findobj() if each.get_gid()]
    assert len(ids) == len(set(ids)), "each mark has a name of its own"


@pytest.mark.parametrize("name", ["municipalities-gap", "control-gap", "units-overblick", "groups-gender"])
def test_the_file_is_the_same_each_time_speaks_for_itself_and_has_a_dark_twin(name: str) -> None:
    table, texts = table_of(name, rounds=2), TEXTS["sv"]
    light = drawing(name, table, texts)
    assert light == drawing(name, table, texts)
    root = ElementTree.fromstring(light)
    assert (root[0].text, root[1].text) == (
        chart_of(name).headline(table, texts),
        chart_of(name).describe(table, texts),
    )
    twin = style.dark(light).decode()
    assert set(re.findall(r"#[0-9a-f]{6}\b", twin)) <= set(style.DARK.values())
