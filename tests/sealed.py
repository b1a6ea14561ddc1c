"""A round that is open, without the web: for the tests of the seal and the attacks on it."""

import random
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from survey.config import Settings
from survey.domain.places.place_tree import Place
from survey.domain.questions.answer_scale import QUESTIONS, answer_codes_of
from survey.domain.questions.background import GROUPINGS
from survey.domain.questions.responses import AGES, Background, Response, pack, pack_background
from survey.sealing.intake import envelope, form_ids
from survey.sealing.intake.issue_codes import make_codes
from survey.sealing.intake.submit import Outcome, Submission, accept
from survey.sealing.keys.durable import no_checkpoint
from survey.sealing.keys.key_storage import volumes_of
from survey.sealing.keys.key_volumes import KeyVolumes
from survey.sealing.rounds.close_round import close_round
from survey.sealing.rounds.open_round import open_round
from survey.store.answers import batches, envelopes, tally
from survey.store.answers.batches import Batch
from survey.store.answers.envelopes import Envelope
from survey.store.database.engine import read_transaction, write_transaction
from tests.factories import furnish, make_round

ROUND = "host-2026"
SECRET = "s" * 40
AT_ONCE = 2_000


@dataclass(frozen=True)
class Sealed:
    """One database, its key volumes, one open round."""

    engine: Engine
    settings: Settings

    @property
    def volumes(self) -> KeyVolumes:
        """The key volumes."""
        return volumes_of(self.settings)

    def codes(self, unit: str, count: int = 1, role: str = "patient") -> list[str]:
        """New one-time codes."""
        return make_codes(self.engine, self.volumes, unit, ROUND, role, count)

    def submission(self, unit: str, response: Response, code: str | None = None, channel: str = "open") -> Submission:
        """A submission with a code, or with a fresh form id."""
        form_id = None if code else form_ids.issue_form_id(SECRET, unit, ROUND, response.role)
        return Submission(unit, ROUND, response.role, response, code, form_id, channel)

    def send(self, unit: str, response: Response, code: str | None = None, channel: str = "open") -> Outcome:
        """Send one response the real way."""
        return accept(self.engine, self.volumes, self.submission(unit, response, code, channel))

    def fill(self, counts: Mapping[str, int], role: str = "patient", channel: str = "open", seed: int = 1) -> None:
        """So many invented responses for each unit; `invited` ones with codes."""
        for unit, count in counts.items():
            invented = responses(count, role, seed=f"{seed} {unit}")
            marks: Iterable[str | None] = self.codes(unit, count, role) if channel == "invited" else [None] * count
            for response, code in zip(invented, marks, strict=True):
                assert self.send(unit, response, code, channel) is Outcome.ACCEPTED

    def close(self, step: Callable[[str], None] = no_checkpoint) -> None:
        """Close the round."""
        close_round(self.engine, self.volumes, ROUND, checkpoint=step)

    def batches(self) -> dict[tuple[str, str, str], Batch]:
        """Every batch, by place, role and channel."""
        with read_transaction(self.engine) as connection:
            return {(each.place, each.role, each.collection_mode): each for each in batches.batches(connection)}

    def waiting(self) -> int:
        """How many envelopes wait to be opened."""
        with read_transaction(self.engine) as connection:
            return sum(envelopes.waiting(connection).values())

    def totals(self) -> dict[tuple[str, str, str], int]:
        """How many were counted, by place, role and channel."""
        with read_transaction(self.engine) as connection:
            return {(place, role, channel): n for place, role, channel, n in tally.response_counts(connection, ROUND)}

    def counted(self) -> tuple[list[dict[str, Any]], ...]:
        """Every figure that was written at closing: of places, of groups of residents, of matched units."""
        with read_transaction(self.engine) as connection:
            return tuple(read(connection, ROUND) for read in (tally.figures, tally.background, tally.matched))

    def background_size(self) -> int:
        """How many second envelopes were counted; the same in each grouping."""
        sizes = Counter[str]()
        for row in self.counted()[1]:
            if row["question"] == QUESTIONS[0]:
                sizes[row["grouping"]] += row["n"]
        assert len({sizes[grouping] for grouping in GROUPINGS}) == 1
        return sizes["help"]


def add_sealed(engine: Engine, volumes: KeyVolumes, count: int, round_key: str = ROUND) -> None:
    """So many residents' answers by the open link, at each unit in turn: sealed as they are, stored many at a time."""
    with read_transaction(engine) as connection:
        made = batches.batches(connection, round_key)
    own = [each for each in made if (each.role, each.collection_mode) == ("patient", "open")]
    second = next(each for each in made if each.collection_mode == "bg-open")
    keys = {each.id: envelope.public_key(each.public_key) for each in (*own, second)}
    pepper, people = volumes.pepper_of(round_key), responses(min(count, 500))

    def seal(content: bytes, to: Batch) -> Envelope:
        name = secrets.token_bytes(16)
        return Envelope(name, to.id, envelope.seal_response(content, keys[to.id], to.id, name, pepper))

    waiting = islice(zip(cycle(own), cycle(people)), count)
    while some := list(islice(waiting, AT_ONCE)):
        pairs = [(seal(pack(one), to), seal(pack_background(one), second)) for to, one in some]
        with write_transaction(engine) as connection:
            envelopes.add_envelopes(connection, [each for pair in pairs for each in pair])
            for first, other in pairs:
                batches.count(connection, first.batch, other.batch, first=True)


def make_sealed(engine: Engine, folder: Path, made: Iterable[Place] = (), **changed: Any) -> Sealed:
    """Furnish a migrated database and open its round, with the keys in a folder (a demo may)."""
    with write_transaction(engine) as connection:
        furnish(connection, made, make_round(ROUND, **changed))
    settings = Settings(instance=folder, secret=SECRET, demo=True)
    open_round(engine, settings, ROUND)
    return Sealed(engine, settings)


def responses(count: int, role: str = "patient", seed: object = 1) -> list[Response]:
    """Invented responses; the same seed gives the same ones."""
    chance = random.Random(f"{seed} {role}")
    return [a_response(role, chance) for _ in range(count)]


def a_response(role: str = "patient", chance: random.Random | None = None) -> Response:
    """One invented response."""
    dice = chance or random.Random(1)
    answers = {q: dice.choice(answer_codes_of(role, q)) for q in QUESTIONS if dice.random() < 0.95}
    if role != "patient":
        return Response(role, answers)
    background = Background(
        dice.choice(["woman", "man", "man", None]),
        dice.choice([*AGES, None]),
        dice.choice(["sv", "ar"]),
        "alone",
    )
    return Response(role, answers, background)
