"""Response rates, and the make-up of those who answered against that of the population.

For the summary and the method: what the shares speak for. Nothing is weighted by it in silence (`standardisation`
shows what a share would be), and nothing is tested: who answers is no draw.
"""

import numpy as np
import pandas as pd


def response_rates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows (handed_out, received, headcount; missing where unknown) with rate and headcount_rate.

    `rate`: of the codes handed out, how many were answered. `headcount_rate`: of all who work or are listed there, how
    many. A link that was passed on or a headcount that has grown old can make more than all: it is said as it is.
    """
    received = rows["received"].to_numpy(dtype=np.float64)
    found = rows.copy()
    for name, of in (("rate", "handed_out"), ("headcount_rate", "headcount")):
        whole = rows[of].to_numpy(dtype=np.float64) if of in rows else np.full(len(rows), np.nan)
        found[name] = np.divide(received, whole, out=np.full(len(rows), np.nan), where=whole > 0)
    return found


def compare_with_population(groups: pd.DataFrame) -> pd.DataFrame:
    """Return the groups with their parts of the answers and of the population, and the ratio of the two.

    `groups`: answers and population, with gender × age as index. A group that was too small to be counted on its own
    has no answers of its own: it stands as missing, and the others' parts are parts of those that have.
    """
    answers, people = (groups[name].to_numpy(dtype=np.float64) for name in ("answers", "population"))
    there = np.isfinite(answers) & np.isfinite(people)
    if not (answers[there].sum() > 0 and people[there].sum() > 0 and (answers[there] >= 0).all()):
        raise ValueError("somebody has answered, and somebody lives here")
    own, theirs = (np.where(there, column / column[there].sum(), np.nan) for column in (answers, people))
    times = np.divide(own, theirs, out=np.full(len(own), np.nan), where=there & (theirs > 0))
    return groups.assign(answers_share=own, population_share=theirs, times=times)
