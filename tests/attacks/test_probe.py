"""Nobody can probe who has answered: the time of a reply does not tell a spent code from a fresh one.

Both are sent in random order over one line to one worker, so that whatever drifts drifts for both; a classifier sees
nothing but the time of each reply. How well it tells them apart is its AUC: 0.5 is guessing. That the bytes are the
same is in `test_scanner`. The control is the same survey with the usual short cut, where a spent code is thanked
without a write.
"""

import random
import time
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import rankdata

from tests.attacks.full import FULL, Shown, sized
from tests.attacks.running import ANSWERS, SHEET, Client, Instance, client, instance, running

pytestmark = pytest.mark.xdist_group("web")
OF_EACH, CONTROLS, SEED = sized(120, 5_000), sized(60, 1_000), 5
FLUSH = sized("0.03", "0")  # on a busy machine, few replies tell nothing finer
KINDS = ("sqlite", "postgresql")


def sent(person: Client, code: str, form_id: str) -> float:
    """Send an answer with a code: the seconds until the thank-you is there."""
    posted = {**ANSWERS, "form_id": form_id, "code": code}
    begun = time.perf_counter()
    status = person.post(SHEET, posted).status
    assert status == 303
    return time.perf_counter() - begun


def times(made: Instance, person: Client, of_each: int) -> tuple[list[float], list[float]]:
    """The times of replies to spent codes and to fresh ones."""
    chance = random.Random(SEED)
    codes = made.codes(2 * of_each)
    chance.shuffle(codes)
    spent, form_id = set(codes[:of_each]), person.form_id()
    for code in spent:
        sent(person, code, form_id)
    found: tuple[list[float], list[float]] = ([], [])
    for code in chance.sample(codes, len(codes)):
        found[code not in spent].append(sent(person, code, form_id))
    return found


def told_apart(spent: list[float], fresh: list[float]) -> float:
    """How often the reply to a fresh code takes longer than the one to a spent code: the AUC of their times."""
    ranks = rankdata([*fresh, *spent])
    n = len(fresh)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * len(spent)))


def probed(folder: Path, database: str, of_each: int, target: str = "wsgi:app") -> tuple[float, str]:
    """The AUC over a running web of one worker, and the medians in milliseconds."""
    with instance(folder / "instance", database) as made:
        environ = {"INSTANCE": str(made.folder), "PART": "resident", "FLUSH": FLUSH}
        with running(folder, environ, target, workers=1) as web, client(web) as person:
            spent, fresh = times(made, person, of_each)
    return told_apart(spent, fresh), f"{np.median(spent) * 1000:.2f} and {np.median(fresh) * 1000:.2f} ms"


@pytest.mark.parametrize("kind", KINDS)
def test_the_time_of_a_reply_tells_nothing(
    kind: str, request: pytest.FixtureRequest, shown: Shown, tmp_path: Path
) -> None:
    database = request.getfixturevalue("postgres_url") if kind == "postgresql" else ""
    auc, medians = probed(tmp_path, database, OF_EACH)
    shown("probe", f"spent and fresh, timed, {kind}", f"AUC {auc:.3f}, medians {medians}", n=2 * OF_EACH, seed=SEED)
    # A few replies on a busy machine would say little either way.
    assert not FULL or 0.45 <= auc <= 0.55


def test_control_a_spent_code_that_is_thanked_without_a_write_is_told_apart(shown: Shown, tmp_path: Path) -> None:
    auc, medians = probed(tmp_path, "", CONTROLS, "tests.attacks.hasty:app")
    result = f"AUC {auc:.3f}, medians {medians}"
    shown("probe", "thanked without a write, timed", result, n=2 * CONTROLS, seed=SEED, control=True)
    assert auc > 0.6
