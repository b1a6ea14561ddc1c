"""The bodies of requests while they arrive: in memory, each until a deadline over the whole of it, a limited number.

A byte now and then does not move the deadline. Who comes when there is no room pushes out who has waited longest: a
sheet comes in a piece or two, and is through long before that.
"""

import asyncio
from collections.abc import AsyncIterable
from dataclasses import dataclass, field

BODY_TIMEOUT = 20.0  # seconds for a body of the usual size
USUAL = 64 * 1024
MIN_BYTES_PER_SECOND = 32 * 1024  # bytes a second that a larger one must keep up
MAX_WAITING = 256  # at a time in a process
MAX_BYTES = 64 * 1024 * 1024  # of all bodies in memory


class BodyTimeout(Exception):
    """A body that did not come in time."""


class Evicted(Exception):
    """A body that had to make room for others."""


@dataclass(eq=False)
class Body:
    """The received part of one body, and the deadline of the rest."""

    deadline: asyncio.Timeout
    content: bytearray = field(default_factory=bytearray)
    is_evicted: bool = False


class Bodies:
    """The bodies in memory of one process."""

    def __init__(self, patience: float = BODY_TIMEOUT, max_waiting: int = MAX_WAITING, max_bytes: int = MAX_BYTES):
        self._patience, self._max_waiting, self._max_bytes = patience, max_waiting, max_bytes
        self._waiting: dict[Body, None] = {}
        self._bytes = 0

    async def read(self, pieces: AsyncIterable[bytes], declared: int, max_size: int) -> Body:
        """Read a body to its end, or to the first byte too many; `release` it. Raise BodyTimeout or Evicted."""
        patience = self._patience + max(0, declared - USUAL) / MIN_BYTES_PER_SECOND
        body = Body(asyncio.timeout(patience))
        try:
            async with body.deadline:
                self._waiting[body] = None
                self._evict_oldest()
                async for piece in pieces:
                    self._add(body, piece[: max_size + 1 - len(body.content)])
                    if len(body.content) > max_size:
                        break
        except BaseException as ended:
            self.release(body)
            if isinstance(ended, TimeoutError):
                raise (Evicted if body.is_evicted else BodyTimeout) from None
            raise
        finally:
            self._waiting.pop(body, None)
        return body

    def release(self, body: Body) -> None:
        """Forget a body that the app is done with."""
        self._bytes -= len(body.content)
        body.content.clear()

    def _add(self, body: Body, piece: bytes) -> None:
        if not body.is_evicted:
            body.content += piece
            self._bytes += len(piece)
            self._evict_oldest()

    def _evict_oldest(self) -> None:
        while self._waiting and (len(self._waiting) > self._max_waiting or self._bytes > self._max_bytes):
            oldest = next(iter(self._waiting))
            del self._waiting[oldest]
            oldest.is_evicted = True
            self.release(oldest)
            oldest.deadline.reschedule(0)
