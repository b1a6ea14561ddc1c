"""Where an answer's CPU goes: each piece of the work, as a share of the whole walk.

The pieces are timed where they stand, inside real walks: done again and again by themselves they would cost less than
they do among the others. What no piece claims is the web frame: routing, headers, the checks of every request, reading
the posted body. A bare request is nearly nothing but that.
"""

import gzip
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from flask import Flask

from bench.instance import ROUND
from bench.load import FORM_ID
from bench.sheet import Row, row, tenth
from bench.walking import UNIT, Walker, ask, take_turns
from survey.answer import forms
from survey.answer.render import with_answers
from survey.answer.sheet import Sheet, answer_state
from survey.sealing.intake import envelope, form_ids, submit
from survey.sealing.keys.key_volumes import KeyVolumes
from survey.store.answers import submissions
from survey.store.database.engine import write_transaction
from survey.web.pages.compressed_page import FORM_ID_PLACEHOLDER, CompressedPage

WALKS = 1_000
SEALING, MARKS = "sealing two envelopes", "the form id: signed, checked, hashed"
FORM = "the posted form: read and checked"
BEGIN, PUT, COMMIT = (
    "the database: a connection, its turn, BEGIN",
    "the database: the statements",
    "the database: COMMIT",
)
PAGES = "the pages: put together from what is kept compressed"
PIECES = (SEALING, MARKS, FORM, BEGIN, PUT, COMMIT, PAGES)
FUNCTIONS: tuple[tuple[str, Any, str], ...] = (
    (SEALING, envelope, "seal"),
    (MARKS, form_ids, "issue_form_id"),
    (MARKS, form_ids, "is_valid"),
    (MARKS, submit, "hash_of_form_id"),
    (MARKS, KeyVolumes, "pepper_of"),
    (FORM, forms, "read_submission"),
    (PUT, submissions, "accept"),
    (PAGES, CompressedPage, "as_gzip"),
)


@dataclass
class Clock:
    """The CPU seconds of each piece in this walk, without the pieces inside it."""

    spent: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    inner: list[float] = field(default_factory=lambda: [0.0])

    @contextmanager
    def piece(self, name: str) -> Iterator[None]:
        """Time what is done in the block."""
        self.inner.append(0.0)
        begun = time.process_time()
        try:
            yield
        finally:
            whole = time.process_time() - begun
            self.spent[name] += whole - self.inner.pop()
            self.inner[-1] += whole

    def timed(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The function, timed."""

        @wraps(work)
        def run(*args: Any, **named: Any) -> Any:
            with self.piece(name):
                return work(*args, **named)

        return run

    def writing(self, usual: Callable[..., AbstractContextManager[Any]]) -> Callable[..., AbstractContextManager[Any]]:
        """The transaction, timed at both its ends."""

        @contextmanager
        def write(*args: Any) -> Iterator[Any]:
            with ExitStack() as stack:
                with self.piece(BEGIN):
                    connection = stack.enter_context(usual(*args))
                yield connection
                with self.piece(COMMIT):
                    stack.close()

        return write


def split(app: Flask, walks: int = WALKS) -> list[Row]:
    """Each piece's share in percent."""
    walker, found = Walker(app), []
    bare = take_turns([walker], walks)
    whole = walker.cpu
    clock = Clock()
    with ExitStack() as stack:
        for name, where, what in FUNCTIONS:
            stack.enter_context(_instead(where, what, clock.timed(name, getattr(where, what))))
        stack.enter_context(_instead(submit, "write_transaction", clock.writing(write_transaction)))
        for _ in range(walks):
            clock.spent.clear()
            walker.walk()
            found.append(dict(clock.spent))
    shares = {name: 100 * tenth(each[name] for each in found) / whole for name in PIECES}
    rest = "the web frame: all the rest of the three requests"
    return [
        *(row(name, share) for name, share in shares.items()),
        row(rest, 100 - sum(shares.values())),
        row("  three bare requests, for comparison", 300 * bare.cpu / whole),
        row("  not paid: the sheet drawn and compressed anew", 100 * _anew(app, max(1, walks // 50)) / whole),
    ]


@contextmanager
def _instead(where: Any, name: str, other: Any) -> Iterator[None]:
    own, usual = name in vars(where), getattr(where, name)
    setattr(where, name, other)
    try:
        yield
    finally:
        if own:
            setattr(where, name, usual)
        else:
            delattr(where, name)  # inherited, as it was


def _anew(app: Flask, times: int) -> float:
    """What the shelf spares at each fetch."""
    page = FORM_ID.sub(FORM_ID_PLACEHOLDER.encode(), gzip.decompress(ask(app, "GET", f"/s/{UNIT}").body)).decode()
    spent = []
    with app.test_request_context(f"/s/{UNIT}", method="POST"):
        place, round_ = answer_state().open_rounds.of(UNIT)
        assert place is not None and round_ is not None and round_.key == ROUND
        sheet = Sheet(place, round_, "patient")
        posted = {"form_id": sheet.new_form_id()}
        for _ in range(times):
            begun = time.process_time()
            with_answers(sheet, posted)
            CompressedPage(page)
            spent.append(time.process_time() - begun)
    return tenth(spent)
