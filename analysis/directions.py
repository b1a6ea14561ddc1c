"""Whether a share, or the gap, rises or falls through all the rounds of one wording, and the sentence for it.

For the charts `trend` and `control`. A unit's rounds vary by chance, noise and what rounds vary beside that (Cochran
and Armitage); a municipality's and a region's are an overdispersed logistic line, t on the rounds less two.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.frame import Row, known, records
from analysis.moves import columns
from analysis.over_time import Lines, between, comparable, lines
from analysis.progress import listed
from analysis.texts import N_, Texts, say
from analysis.trend import FEWEST, adjust, cochran_armitage, gap_trend, logistic_trend

THROUGH = {
    ("patient", 1): N_("Sett över omgångarna stiger andelen patienter som svarar ja: %(questions)s."),
    ("patient", -1): N_("Sett över omgångarna sjunker andelen patienter som svarar ja: %(questions)s."),
    ("provider", 1): N_("Sett över omgångarna stiger andelen i vården som svarar ja: %(questions)s."),
    ("provider", -1): N_("Sett över omgångarna sjunker andelen i vården som svarar ja: %(questions)s."),
}
NO_DIRECTION = N_("Sett över omgångarna går ingen stigande eller sjunkande andel att skilja från slump.")


def directions(by_line: Lines, unit: bool) -> pd.DataFrame:
    """A row for each role and question with at least four rounds of its newest wording, the newest one among them.

    `by_line` is the trend's. Rounds without a share are left out; the p are adjusted together, by Holm.
    """
    tau2, rows = between(by_line), []
    for (role, question), own in by_line.items():
        rounds = comparable(own)
        if len(rounds) >= FEWEST and rounds[-1] is own[-1]:
            tested = _tested(rounds, unit, tau2)
            rows.append({"role": role, "question": question, "rounds": len(rounds), **tested})
    return _adjusted(rows)


def gap_directions(by_line: Lines) -> pd.DataFrame:
    """The same of the gaps; `by_line` has their `se`. The gap's own test, on the gaps and how sure each is."""
    rows = []
    for (role, question), own in by_line.items():
        rounds = usable_gaps(own)
        if len(rounds) >= FEWEST and rounds[-1] is own[-1]:
            test = gap_trend([row["gap"] for row in rounds], errors(rounds), scores(rounds))
            found = {"rounds": len(rounds), "direction": test.direction, "p": test.p}
            rows.append({"role": role, "question": question, **found})
    return _adjusted(rows)


def usable_gaps(own: Sequence[Row]) -> list[Row]:
    """The rounds of a gap's newest wording that have a gap to show."""
    return [row for row in own if row["segment"] == own[-1]["segment"] and known(row["gap"])]


def errors(rounds: Sequence[Row]) -> list[float]:
    """The standard error of each gap, in points."""
    return [float(row["se"]) for row in rounds]


def scores(rounds: Sequence[Row]) -> list[float]:
    """The rounds' dates as numbers."""
    return [float(row["date"].toordinal()) for row in rounds]


def _adjusted(rows: Sequence[dict[str, object]]) -> pd.DataFrame:
    found = pd.DataFrame(rows, columns=["role", "question", "rounds", "direction", "p"])
    found["p"] = adjust(found["p"].to_numpy(dtype=np.float64))
    return found.assign(distinct=found["p"] < 0.05)


def _tested(own: Sequence[Row], unit: bool, tau2: float) -> dict[str, float]:
    yes, base, noises = columns(own)
    if unit or max(row["share"] for row in own) == 0 or min(row["share"] for row in own) == 100:
        test = cochran_armitage(yes, base, scores(own), noises=noises, between=tau2)
        return {"direction": test.direction, "p": test.p}
    line = logistic_trend(yes, base, scores(own), overdispersed=True, noises=noises)
    return {"direction": int(np.sign(line.slope)), "p": line.p_value}


def direction_sentence(table: pd.DataFrame, texts: Texts) -> str:
    """What rises and falls through the rounds, that nothing does, or nothing where no question has enough rounds."""
    tests = directions(lines(table), unit=bool((table["level"] == "unit").all()))
    if tests.empty:
        return ""
    groups: dict[tuple[str, int], list[str]] = {}
    for row in records(tests[tests["distinct"]]):
        groups.setdefault((row["role"], int(row["direction"])), []).append(row["question"])
    said = [say(texts, THROUGH[key], questions=listed(groups[key], texts)) for key in THROUGH if key in groups]
    return " ".join(said) or say(texts, NO_DIRECTION)
