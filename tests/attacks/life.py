"""One installation as it lives, and beside it the book of what must be true of it. For the model test.

The book knows who was thanked, and for what: that is what the closing must count, once each and nothing else.
"""

import random
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

from sqlalchemy import Engine

from survey.config import Settings
from survey.domain.disclosure.pooling import plan_pooling
from survey.domain.places.place_tree import PlaceTree
from survey.domain.questions.answer_scale import QUESTIONS
from survey.sealing.checks.reconciliation import reconcile
from survey.sealing.intake import form_ids
from survey.sealing.intake.submit import Outcome, Submission
from survey.sealing.keys.key_storage import volumes_of
from survey.sealing.keys.key_volumes import KeyVolumes
from survey.store.answers import tally
from survey.store.database.engine import make_engine, read_transaction, write_transaction
from tests.denoised import THREE, Dice, threes_of
from tests.factories import UNITS, furnish, small_places
from tests.sealed import SECRET, a_response

ROLES, CHANNELS = ("patient", "provider"), ("open", "open", "open", "open", "paper")
LEAST, BACKGROUND_FROM = {"patient": 10, "provider": 5}, 50
Counts = Counter[tuple[str, ...]]  # by role and channel; by role, question and figure
Written = list[tuple[object, ...]]


@dataclass(frozen=True)
class Database:
    """Where a database is; how it is copied, how a copy is put in its place, how one is thrown away."""

    url: str
    copy: Callable[[str], None]
    put_back: Callable[[str], None]
    drop: Callable[[str], None]


@dataclass
class Book:
    """What is true of the open round: answers that can still be sent with a code, and answers that are kept."""

    round: str
    unspent: dict[str, Submission] = field(default_factory=dict)
    kept: dict[str, Submission] = field(default_factory=dict)

    def keep(self, submission: Submission) -> None:
        """An answer is in: it must be counted."""
        self.kept[submission.code or submission.form_id or ""] = submission
        self.unspent.pop(submission.code or "", None)

    def classes(self) -> Counter[tuple[str, str]]:
        """How many answers are kept, by role and channel."""
        return Counter((each.role, each.collection_mode) for each in self.kept.values())

    def counts(self) -> Counts:
        """What the closing must write, over all places: each class that is a crowd, whole."""
        destroyed, found = self._destroyed(), Counts()
        for each in self.kept.values():
            named = each.role, each.collection_mode
            if each.unit not in destroyed[named]:
                found[named] += 1
                found.update((each.role, *figure) for figure in threes_of(each.response.answers))
        return found

    def backgrounds(self) -> int:
        """How many second envelopes the closing must open."""
        destroyed = self._destroyed()
        whole = {named: n for named, n in self.classes().items() if not destroyed[named]}
        return sum(n for (role, _), n in whole.items() if role == "patient" and n >= BACKGROUND_FROM)

    def _destroyed(self) -> dict[tuple[str, str], set[str]]:
        """The units whose answers are left over and destroyed, by role and channel: no dice decide of that."""
        parents = PlaceTree(small_places()).parents
        found = {}
        for role, channel in self.classes():
            sizes = Counter(
                each.unit for each in self.kept.values() if (each.role, each.collection_mode) == (role, channel)
            )
            found[role, channel] = set(plan_pooling(sizes, parents, LEAST[role], random.Random(1)).destroyed)
        return found


Send = Callable[[Engine, KeyVolumes, Submission], Outcome]


class Life:
    """An installation with its key volumes, its book, its closed rounds and its backups with their books."""

    def __init__(self, database: Database, settings: Settings, chance: random.Random, send: Send) -> None:
        """Furnished, without a round. `send` is how an answer gets in."""
        self.database, self.settings, self.chance, self._send = database, settings, chance, send
        self.engine = make_engine(database.url)
        self.volumes = volumes_of(settings)
        self.book = Book("")
        self.closed: dict[str, Written] = {}
        self.counted = 0
        self.late: list[Submission] = []
        self.backups: dict[str, Book] = {}
        self.number = 0
        with write_transaction(self.engine) as connection:
            furnish(connection)

    def name(self, kind: str) -> str:
        """A new name for a round or a copy."""
        self.number += 1
        return f"{kind}{self.number}"

    def send(self, submission: Submission, engine: Engine | None = None) -> Outcome:
        """Send an answer."""
        return self._send(engine or self.engine, self.volumes, submission)

    def submission(self, unit: str, role: str, channel: str, code: str | None = None) -> Submission:
        """An answer to be sent, with a code or with a form id of its own."""
        form_id = None if code else form_ids.issue_form_id(SECRET, unit, self.book.round, role)
        return Submission(unit, self.book.round, role, a_response(role, self.chance), code, form_id, channel)

    def someone(self) -> Submission:
        """Somebody who has not answered yet."""
        if self.book.unspent and self.chance.random() < 0.6:
            return self.chance.choice(list(self.book.unspent.values()))
        return self.submission(*map(self.chance.choice, (UNITS, ROLES, CHANNELS)))

    def look(self) -> None:
        """Everything that must be true at any time."""
        lines = reconcile(self.engine)
        assert all(line.ok for line in lines), "the self-check does not add up"
        found: Counter[tuple[str, str]] = Counter()
        for line in lines:
            if line.round == self.book.round and not line.background:
                found[line.role, line.collection_mode] += line.accepted
        assert +found == self.book.classes(), "not as many are in as were thanked"
        assert self.volumes.private_rounds() <= {self.book.round}, "a key is left"
        assert {key: self.written(key) for key in self.closed} == self.closed, "a closed round has changed"

    def written(self, round_key: str) -> Written:
        """Everything that was written at closing, as it stands."""
        with read_transaction(self.engine) as connection:
            return [
                *tally.response_counts(connection, round_key),
                *(tuple(row.values()) for row in tally.figures(connection, round_key)),
                *(tuple(row.values()) for row in tally.background(connection, round_key)),
            ]

    def exact(self, dice: Dice) -> tuple[Counts, int]:
        """The same over all places and without its noise; and how many second envelopes were opened."""
        found, exact = Counts(), dice.exact(self.engine)
        for (_, role, channel), n in exact.answered.items():
            found[role, channel] += n
        for (_, _, role, question), figures in exact.opened().items():
            found.update({(role, question, name): figures[name] for name in THREE})
        helped = [each for key, each in exact.groups.items() if (key[0], key[2]) == ("help", QUESTIONS[0])]
        return +found, sum(sum(each.values()) for each in helped)

    def copied(self) -> str:
        """A copy of the database as it is; whoever uses it lets go."""
        name = self.name("copy")
        self.engine.dispose()
        self.database.copy(name)
        return name

    def put_back(self, name: str) -> None:
        """A copy takes the database's place."""
        self.engine.dispose()
        self.database.put_back(name)

    def remember(self, name: str) -> None:
        """Keep a backup with the book of its moment; three are kept."""
        self.backups[name] = deepcopy(self.book)
        if len(self.backups) > 3:
            oldest = next(iter(self.backups))
            del self.backups[oldest]
            self.database.drop(oldest)
