"""k - 1 own codes at a unit, and everybody else's answers known: nobody can be certain of what the last one answered.

Tried on what stands in the database and on what is published, of residents and of staff; over many closings; on
a row of rounds in which the same person answers the same. The controls: the same insider where nothing is added, and
where the noise is cut.
"""

import math
import random
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from survey.config import ROOT
from survey.domain.disclosure.noised import Figures, Noised
from survey.domain.disclosure.protection import DEFAULT_PROTECTION
from survey.domain.questions.answer_scale import QUESTIONS
from survey.domain.questions.background import GROUPINGS
from survey.domain.questions.questionnaire import read_versions
from survey.publication.publish import publish
from survey.sealing.intake.submit import Outcome
from survey.sealing.keys.registry import registry_of
from survey.sealing.rounds import noising
from survey.sealing.rounds.decrypt_round import count_round
from survey.sealing.rounds.noising import noised
from survey.store.core import rounds
from survey.store.database.engine import read_transaction
from survey.store.published import editions
from tests.attacks.full import Shown, sized
from tests.attacks.insider import Insider, Victim, by_three, certain, exact, prior, right
from tests.denoised import dice_of, written_in
from tests.factories import UNITS
from tests.opened import groups
from tests.sealed import ROUND, Sealed, make_sealed, responses

UNIT, SEED = "vast-ett", 4
OWN, OTHERS = {"patient": 9, "provider": 4}, {"patient": 14, "provider": 6}
CHANNEL = {"patient": "open", "provider": "invited"}
CLOSINGS = sized(60, 2_000)
# Staff 2.25 and residents 2.75 from yes to no; a code that is told apart above the units costs up to one more.
MOST = {"provider": 3.25, "patient": 3.75}
VERSIONS = read_versions(ROOT / "survey" / "questionnaires")
TODAY = date(2026, 11, 1)


@dataclass(frozen=True)
class Attacked:
    """An open round in which one person's answers are sought in each role, and the insider of each."""

    sealed: Sealed
    insiders: dict[str, Insider]

    def close(self) -> tuple[Noised, dict[tuple[str, str, str], dict[str, float]]]:
        """Close and publish; what stands in the database, and what was published of places."""
        self.sealed.close()
        written = written_in(self.sealed.engine)
        number = publish(self.sealed.engine, self.sealed.settings, VERSIONS, ROUND, TODAY)
        return written, cells(self.sealed.engine, number)


def cells(engine: Engine, number: int) -> dict[tuple[str, str, str], dict[str, float]]:
    """An edition's figures by place, role and question; those that are shown."""
    with read_transaction(engine) as connection:
        found = editions.get(connection, number)
    assert found is not None
    rows = [row for row in found.content["cells"] if row["counts"]]
    return {(row["place"], row["role"], row["question"]): row["counts"] for row in rows}


def attacked(engine: Engine, folder: Path) -> Attacked:
    """At the unit all but one have answered with codes of the insider's own."""
    sealed = make_sealed(engine, folder)
    for role, channel in CHANNEL.items():
        sealed.fill({UNIT: OWN[role]}, role, channel, seed=SEED)
        sealed.fill(dict.fromkeys(UNITS[1:], OTHERS[role]), role, channel, seed=SEED)
        (code,) = sealed.codes(UNIT, 1, role)
        (victim,) = responses(1, role, seed=f"{SEED} victim")
        code_or_none = code if channel == "invited" else None
        assert sealed.send(UNIT, victim, code_or_none, channel) is Outcome.ACCEPTED
    registry = registry_of(sealed.volumes, ROUND)
    with read_transaction(engine) as connection:
        round_ = rounds.get_round(connection, ROUND)
        assert round_ is not None
        counted = count_round(connection, sealed.volumes, round_, random.Random(dice_of(sealed.volumes).key))
    victims = {role: Victim(role, CHANNEL[role], UNIT, *_said(role)) for role in CHANNEL}
    return Attacked(sealed, {role: Insider(counted, registry, victims[role]) for role in victims})


def _said(role: str) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """The victim's answers, and the groups of residents that they are counted in."""
    (victim,) = responses(1, role, seed=f"{SEED} victim")
    if role != "patient":
        return dict(victim.answers), ()
    everyone = [victim, *responses(OWN[role], role, seed=f"{SEED} {UNIT}")]
    everyone += [each for unit in UNITS[1:] for each in responses(OTHERS[role], role, seed=f"{SEED} {unit}")]
    rules = groups((each.background for each in everyone), DEFAULT_PROTECTION.smallest_group)
    return dict(victim.answers), tuple((grouping, rules[grouping](victim.background)) for grouping in GROUPINGS)


def from_edition(published: dict[tuple[str, str, str], dict[str, float]], written: Noised) -> Noised:
    """What an insider has who knows the edition alone: the unit's figures, as they are published."""
    found = {
        (place, "all", role, question): Figures(
            *(round(counts[name]) for name in ("yes", "not_yes", "non_substantive"))
        )
        for (place, role, question), counts in published.items()
        if place == UNIT
    }
    return replace(written, figures=dict(written.figures) | found)


@pytest.fixture
def none_added(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A house that adds nothing, as it was."""
    monkeypatch.setattr(noising, "draw_three", lambda bits, epsilon: (0, 0, 0))
    monkeypatch.setattr(noising, "discrete_laplace", lambda bits, epsilon: 0)
    return


def test_who_knows_all_others_is_certain_of_nothing(engine: Engine, tmp_path: Path, shown: Shown) -> None:
    made = attacked(engine, tmp_path)
    written, published = made.close()
    for role, insider in made.insiders.items():
        everything = insider.guesses(written)
        edition = insider.guesses(from_edition(published, written), only=UNIT)
        for what, guesses in (("all that is written", everything), ("the edition", edition)):
            best = max(max(by_three(guess).values()) for guess in guesses.values())
            shown("insider", f"{role}, k - 1 own codes and all others known; {what}; {engine.dialect.name}",
                  f"certain of {certain(guesses)} of 7, {right(guesses, insider.victim.answers)} guessed right, "
                  f"the best guess {best:.2f}", n=7, seed=SEED)  # fmt: skip
            assert certain(guesses) == 0
        # What is published of the unit is what is written, and nothing of it is exact.
        figures = [written.figures[UNIT, "all", role, question] for question in QUESTIONS]
        assert [
            [published[UNIT, role, q][name] for name in ("yes", "not_yes", "non_substantive")] for q in QUESTIONS
        ] == [[each.yes, each.not_yes, each.non_substantive] for each in figures]
        assert insider.bound() <= MOST[role]


@pytest.mark.usefixtures("none_added")
def test_control_of_exact_figures_all_seven_answers_are_certain(engine: Engine, tmp_path: Path, shown: Shown) -> None:
    made = attacked(engine, tmp_path)
    written, published = made.close()
    for role, insider in made.insiders.items():
        everything = insider.guesses(written, exact)
        edition = insider.guesses(from_edition(published, written), exact, only=UNIT)
        for what, guesses in (("all that is written", everything), ("the edition", edition)):
            known, guessed = certain(guesses), right(guesses, insider.victim.answers)
            shown("insider", f"{role}, the same; {what}, and nothing added; {engine.dialect.name}",
                  f"certain of {known} of 7 answers, {guessed} right", n=7, seed=SEED, control=True)  # fmt: skip
            assert known == guessed == 7


@pytest.fixture
def in_memory(sqlite_url: str, open_engine: object, tmp_path: Path) -> Attacked:
    """The same round, of which many closings are tried by other dice; the noise knows no database."""
    return attacked(open_engine(sqlite_url), tmp_path)


def closings(insider: Insider, of: int = CLOSINGS) -> Iterator[Noised]:
    """The same round closed by other dice each time."""
    for number in range(of):
        yield noised(insider.counted, insider.registry, f"dice {number}".encode(), ROUND)


def test_over_many_closings_guesses_stay_under_what_is_told(in_memory: Attacked, shown: Shown) -> None:
    for role, insider in in_memory.insiders.items():
        best, true, seven, sure = 0.0, [], 0, 0
        for written in closings(insider):
            guesses = insider.guesses(written)
            best = max(best, *(max(by_three(guess).values()) for guess in guesses.values()))
            true += [guess[insider.victim.answers.get(question, "")] for question, guess in guesses.items()]
            seven += right(guesses, insider.victim.answers) == 7
            sure += certain(guesses)
        # Half yes to begin with: so sure can one be at most where every draw of the level falls the same way.
        most = 0.5 * math.exp(MOST[role]) / (0.5 * math.exp(MOST[role]) + 0.5)
        unit = [max(by_three(guess).values()) for written in closings(insider, 40)
                for guess in insider.guesses(written, only=UNIT).values()]  # fmt: skip
        shown("insider", f"{role}, {CLOSINGS} closings; all draws weighed together",
              f"certain {sure} times, all seven right in {seven / CLOSINGS:.0%}, the best guess {best:.2f} "
              f"(by the unit alone {max(unit):.2f}), the true answer's odds {statistics.mean(true):.2f} on average",
              n=CLOSINGS, seed=SEED)  # fmt: skip
        assert sure == 0 and best <= most
        assert max(unit) <= 0.5 * math.e / (0.5 * math.e + 0.5) + 1e-9
        assert seven <= 0.3 * CLOSINGS


def test_control_noise_that_is_cut_gives_certainty_back(
    in_memory: Attacked, monkeypatch: pytest.MonkeyPatch, shown: Shown
) -> None:
    drawn = noising.draw_three

    def cut(bits: object, epsilon: object) -> tuple[int, int, int]:
        u, v, _ = (max(-2, min(2, each)) for each in drawn(bits, epsilon))
        return u, v, -u - v

    monkeypatch.setattr(noising, "draw_three", cut)
    insider = in_memory.insiders["provider"]
    sure = 0
    for written in closings(insider, 40):
        sure += _left(insider, written)
    shown("insider", "provider, the noise cut at two", f"certain {sure} times of {40 * 7}", n=40, control=True)
    assert sure


def _left(insider: Insider, written: Noised) -> int:
    """Of how many questions all answers but one are ruled out by the unit's figures, where noise is two at most."""
    found = 0
    for question, worlds in insider.worlds.items():
        figures = written.figures[UNIT, "all", "provider", question]
        label = f"{ROUND}|{UNIT}|all|provider|{question}|three"
        possible = set()
        for code, world in worlds.items():
            u, v = figures.yes - world[label][0], figures.not_yes - world[label][1]
            if max(abs(u), abs(v)) <= 2:
                possible.add("yes" if code == "yes" else "not_yes" if code in ("partly", "no") else "non_substantive")
        found += len(possible) == 1
    return found


def test_who_answers_the_same_in_every_round_is_guessed_and_not_known(in_memory: Attacked, shown: Shown) -> None:
    insider, question = in_memory.insiders["provider"], QUESTIONS[0]
    said = insider.victim.answers[question]
    logs = dict.fromkeys(insider.worlds[question], 0.0)
    seen = {}
    for number, written in enumerate(closings(insider, 12), 1):
        guess = insider.guesses(written)[question]
        logs = {code: each + math.log(guess[code] / prior(guess)[code]) for code, each in logs.items()}
        weight = {code: prior(guess)[code] * math.exp(each) for code, each in logs.items()}
        seen[number] = weight[said] / sum(weight.values())
    shown("insider", "provider, the same answer round after round; all others known in each",
          ", ".join(f"{seen[n]:.3f} after {n}" for n in (1, 4, 8, 12)), n=12, seed=SEED)  # fmt: skip
    assert max(seen.values()) < 1 and seen[12] > seen[1]
