"""The step that the worker is taking now, and how far a closing has come. Written by the loop, read for monitoring."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# How far a closing has come, by the checkpoint it passed last.
CLOSING_STAGES = {"stopped": "counting", "counted": "writing", "written": "emptying", "emptied": "erasing"}


class StepUnderWay:
    """The name of the step under way, its beginning, and the stage of a closing."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with no step under way."""
        self._clock = clock
        self._begun: tuple[str, float] | None = None
        self.stage = ""

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Take note of a step from its beginning to its end."""
        self._begun = name, self._clock()
        try:
            yield
        finally:
            self._begun, self.stage = None, ""

    def pass_checkpoint(self, name: str) -> None:
        """Take note of a closing's checkpoint."""
        self.stage = CLOSING_STAGES.get(name, self.stage)

    def minutes(self, name: str) -> int:
        """Return the whole minutes that a step has taken so far; 0 when it is not under way."""
        begun = self._begun
        return int((self._clock() - begun[1]) // 60) if begun and begun[0] == name else 0
