"""The cost of an answer where there are many units and languages: 1 217 units in all of them, beside one in one.

Each walk of the many is another unit in another language. A unit's first answer looks up the keys that it is sealed to,
so it stands in a column of its own.
"""

import tempfile
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from flask import Flask

from bench.instance import open_instance
from bench.sheet import Row, show
from bench.walking import UNIT, Walker, take_turns
from survey.domain.places.place_tree import Place
from survey.web.i18n.language import offered_languages

UNITS = 1_217
COLUMNS = ("first answer", "the next")


def many_units(number: int = UNITS) -> list[Place]:
    """So many units of the demo's municipality, beside its own."""
    return [
        Place(f"enhet-{each}", f"Hälsocentralen nummer {each}", "unit", "ostersund", headcount=20)
        for each in range(number)
    ]


def addresses_of(app: Flask, units: Sequence[Place]) -> Iterator[str]:
    """Each unit after the other, round and round, in each language after the other."""
    with app.app_context():
        tags = [language.tag for language in offered_languages()]
    return (f"/s/{units[n % len(units)].key}/{tags[n % len(tags)]}" for n in count())


def walked(app: Flask, units: Sequence[Place]) -> list[Row]:
    """Walk through them twice, in turns with the one."""
    with app.app_context():
        languages = len(offered_languages())
    one, many = Walker(app), Walker(app, addresses_of(app, units))
    # Every language once, before anything is counted: that is when its pages are drawn.
    take_turns([one, Walker(app, addresses_of(app, units[:1] * languages))], languages, warm=0)
    found = []
    for _ in COLUMNS:
        bare = take_turns([one, many], len(units), warm=0)
        found.append((many.mean / one.mean, many.cpu / one.cpu, many.mean / bare.cpu))
    first, again = found
    return [
        Row("CPU of questions and answers ÷ one unit, one language", (first[0], again[0]), 2),
        Row("  of it, without a unit's first: at most", (again[0],), 2, at_most=1.3),
        Row("CPU of a whole answer, 10th percentile ÷ the one's", (first[1], again[1]), 2),
        Row("CPU of questions and answers ÷ bare request", (first[2], again[2])),
    ]


def main() -> None:
    """Measure and print."""
    units = many_units()
    with tempfile.TemporaryDirectory() as folder:
        app = open_instance(Path(folder) / "instance", more=units)
        show(f"{UNITS:,} units in every language, beside {UNIT} in Swedish", walked(app, units), COLUMNS)
