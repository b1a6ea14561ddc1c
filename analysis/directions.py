"""Whether a share rises or falls through all the rounds of one wording, and the sentence for it.

For the chart `trend`, beside first against last. A unit's rounds vary by chance alone (Cochran and Armitage); a
municipality's and a region's by more than that (an overdispersed logistic line, t on the rounds less two).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.findings import SURE
from analysis.frame import Row, records
from analysis.over_time import Lines, lines
from analysis.progress import listed
from analysis.texts import N_, Texts, say
from analysis.trend import adjust, cochran_armitage, logistic_trend

LEAST = 4  # rounds of one wording
THROUGH = {
    ("patient", 1): N_("Sett över omgångarna stiger andelen patienter som svarar ja: %(questions)s."),
    ("patient", -1): N_("Sett över omgångarna sjunker andelen patienter som svarar ja: %(questions)s."),
    ("provider", 1): N_("Sett över omgångarna stiger andelen i vården som svarar ja: %(questions)s."),
    ("provider", -1): N_("Sett över omgångarna sjunker andelen i vården som svarar ja: %(questions)s."),
}
NO_DIRECTION = N_("Sett över omgångarna går ingen stigande eller sjunkande andel att skilja från slump.")


def directions(by_line: Lines, unit: bool) -> pd.DataFrame:
    """A row for each role and question with at least four rounds of its newest wording, the newest one among them.

    `by_line` is the trend's. Rounds with few answers are left out; the p are adjusted together, by Holm.
    """
    rows = []
    for (role, question), own in by_line.items():
        same = [row for row in own if row["segment"] == own[-1]["segment"]]
        usable = [row for row in same if row["status"] == "shown" and row["n"] >= SURE]
        if len(usable) >= LEAST and usable[-1] is own[-1]:
            rows.append({"role": role, "question": question, "rounds": len(usable), **_tested(usable, unit)})
    found = pd.DataFrame(rows, columns=["role", "question", "rounds", "direction", "p"])
    found["p"] = adjust(found["p"].to_numpy(dtype=np.float64))
    return found.assign(distinct=found["p"] < 0.05)


def _tested(own: Sequence[Row], unit: bool) -> dict[str, float]:
    shares, n = (np.array([row[name] for row in own], dtype=np.float64) for name in ("share", "n"))
    dates = np.array([row["date"].toordinal() for row in own], dtype=np.float64)
    if unit or shares.max() == 0 or shares.min() == 100:
        test = cochran_armitage(shares * n / 100, n, dates)
        return {"direction": test.direction, "p": test.p}
    line = logistic_trend(shares * n / 100, n, dates, overdispersed=True)
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
