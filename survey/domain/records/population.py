"""The region's population by gender and the survey's age bands, from a file of SCB (Statistics Sweden).

The file may have an age a row, as SCB's own tables do, or bands that lie within the survey's; either way it is kept as
one number for each gender and band. Nothing of a respondent.
"""

import csv
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from survey.domain.questions.responses import AGES, LABELS
from survey.domain.records.record_types import Column, Record, normalised
from survey.domain.text.csv_rows import Faults, Row, RowFault, by_fault, read_rows
from survey.domain.text.fault import Fault
from survey.domain.text.i18n import N_

WOMEN_MEN = {"woman": N_("Kvinnor"), "man": N_("Män")}
AGE_WORDS = {code: LABELS["age"][code] for code in AGES}
HEADERS = ("kön", "ålder", "antal")
SINGLE_VALUED = ("region", "år")  # columns of an SCB table with one value in all rows
TOTALS = {"totalt", "samtliga", "båda könen", "totalt ålder", "samtliga åldrar", "män och kvinnor", "kvinnor och män"}
MAX_PEOPLE = 20_000_000
_GENDERS = {"woman": {"kvinnor", "kvinna", "k", "2"}, "man": {"män", "man", "m", "1"}}
_AGE = re.compile(
    r"(?P<first>\d{1,3})(?:\s*[-–−]\s*(?P<last>\d{1,3})|(?P<up>\s*\+))?(?:\s*år)?(?P<older>\s*eller äldre)?"
)
_COUNT = re.compile(r"\d{1,3}(?:[\s\u202f\u00a0]\d{3})*|\d+")
OLDEST = 150
_BANDS = {
    code: (int(code.rstrip("+").split("-")[0]), OLDEST if code.endswith("+") else int(code.split("-")[1]))
    for code in AGES
}


@dataclass(frozen=True, kw_only=True)
class Population(Record):
    """The number of residents of one gender and age band."""

    gender: str
    age: str
    people: int

    COLUMNS: ClassVar[tuple[Column, ...]] = (
        Column("gender", N_("Kön"), "kön", "choice", required=True, options=WOMEN_MEN),
        Column("age", N_("Ålder"), "ålder", required=True),
        Column("people", N_("Antal invånare"), "antal", "number", required=True),
    )

    @property
    def label(self) -> str:
        """The gender and the age."""
        return f"{WOMEN_MEN[self.gender]}, {AGE_WORDS[self.age]}"

    def identity(self) -> tuple[str, ...]:
        """Return gender and age: there is one number for each."""
        return self.gender, self.age


def read_population(text: str, _today: date) -> tuple[list[Population], list[RowFault]]:
    """Read the whole population in the file; return it and the faults, and save nothing when there is any fault."""
    faults: Faults = []
    found: Counter[tuple[str, str]] = Counter()
    seen: dict[tuple[str, int], int] = {}
    values: dict[str, set[str]] = {name: set() for name in SINGLE_VALUED}
    try:
        for line, row in read_rows(_plain_header(text), HEADERS, SINGLE_VALUED, faults):
            for name in SINGLE_VALUED:
                values[name].add(normalised(row.get(name, "")))
            _take(line, row, found, seen, faults)
    except csv.Error as error:
        faults.append((len(text.splitlines()), Fault("no_csv", error=str(error))))
    for name, words in values.items():
        if len(words) > 1:
            faults.append((0, Fault("several_values", column=name)))
    if not faults:
        missing = [(g, a) for g in WOMEN_MEN for a in AGES if not _whole(g, a, seen)]
        faults += [(0, Fault("band_missing", gender=g, age_band=a)) for g, a in missing]
    everyone = [Population(gender=g, age=a, people=found[g, a]) for g in WOMEN_MEN for a in AGES]
    return ([] if faults else everyone), by_fault(faults)


def _plain_header(text: str) -> str:
    """Return the text with SCB's header `Folkmängd 2025` renamed `antal`."""
    return re.sub(r"(?im)^(?=.*kön)(.*?)\b(?:folkmängd|befolkning)\b[^;,\t\"\r\n]*", r"\1antal", text, count=1)


def _take(
    line: int, row: Row, found: Counter[tuple[str, str]], seen: dict[tuple[str, int], int], faults: Faults
) -> None:
    """Add a row to its gender and band; skip totals."""
    who, age, number = (normalised(row.get(name, "")) for name in HEADERS)
    if who in TOTALS or age in TOTALS:
        return
    gender = next((code for code, words in _GENDERS.items() if who in words), "")
    years, fault = _years(age)
    count = _COUNT.fullmatch(number)
    n = int(re.sub(r"\D", "", number)) if count and len(number) < 20 else -1
    wrong = [
        *([] if gender else [Fault("bad_gender", gender_written=who)]),
        *([fault] if fault else []),
        *([] if 0 <= n <= MAX_PEOPLE else [Fault("bad_count", count=number)]),
    ]
    if years and gender:
        twice = {seen[gender, year] for year in years if (gender, year) in seen}
        wrong += [Fault("age_twice", line=min(twice))] if twice else []
        seen.update(dict.fromkeys(((gender, year) for year in years), line))
    faults += [(line, each) for each in wrong]
    if not wrong and years:
        found[gender, _band(years)] += n


def _years(age: str) -> tuple[range, Fault | None]:
    """Parse an age cell into the years it covers; return them and the fault, if any."""
    read = _AGE.fullmatch(age)
    if not read:
        return range(0), Fault("bad_age", age=age)
    first = int(read["first"])
    last = OLDEST if read["up"] or read["older"] else int(read["last"] or first)
    years = range(first, min(last, OLDEST) + 1)
    if not years:
        return years, Fault("bad_age", age=age)
    if not _band(years):
        return range(0), Fault("age_in_several_bands", age=age, age_bands=tuple(AGES))
    return years, None


def _band(years: range) -> str:
    """Return the survey's age band that holds all these years; None where they lie in several."""
    return next((code for code, (low, high) in _BANDS.items() if low <= years[0] and years[-1] <= high), "")


def _whole(gender: str, age: str, seen: dict[tuple[str, int], int]) -> bool:
    """Return whether the file covered each year of the band, the oldest with all who are older."""
    low, high = _BANDS[age]
    return all((gender, year) in seen for year in range(low, high + 1))
