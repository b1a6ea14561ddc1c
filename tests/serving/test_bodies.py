"""Bodies while they come: one deadline over the whole, so many at a time, and no more bytes than there is room for."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from survey.serving.bodies import Bodies, Body, BodyTimeout, Evicted

SOON = 0.15


async def drip(pause: float, pieces: int = 1_000, size: int = 1) -> AsyncIterator[bytes]:
    """A sender that is in no hurry."""
    for _ in range(pieces):
        yield b"x" * size
        await asyncio.sleep(pause)


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run it, and fail where it would never end; in a thread: a browser's tests leave a loop behind in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(asyncio.wait_for(coroutine, 5))).result()


def test_a_body_is_read_to_its_end_and_forgotten_when_released() -> None:
    async def walk() -> tuple[bytes, Body]:
        bodies = Bodies()
        body = await bodies.read(drip(0, 3, 4), 12, 100)
        content = bytes(body.content)
        bodies.release(body)
        return content, body

    content, body = run(walk())
    assert content == b"x" * 12 and not body.content


@pytest.mark.parametrize("pause", [0.01, 60], ids=["a byte now and then", "nothing after the first"])
def test_a_byte_now_and_then_does_not_move_the_deadline(pause: float) -> None:
    with pytest.raises(BodyTimeout):
        run(Bodies(patience=SOON).read(drip(pause), 1_000, 1_000))


def test_a_long_list_has_longer() -> None:
    assert len(run(Bodies(patience=0.05).read(drip(0.1, 2), 64 * 1024 + 20_000, 10**6)).content) == 2


def test_nothing_is_read_beyond_the_first_byte_too_many() -> None:
    body = run(Bodies().read(drip(0, 100, 1_000), 0, 4_500))
    assert len(body.content) == 4_501


def test_who_has_waited_longest_makes_room() -> None:
    async def walk() -> list[Any]:
        bodies = Bodies(max_waiting=3)
        slow = [asyncio.create_task(bodies.read(drip(60), 100, 100)) for _ in range(5)]
        await asyncio.sleep(0.05)
        quick = await bodies.read(drip(0, 10), 10, 100)
        ended = [task.exception() if task.done() else None for task in slow]
        for task in slow:
            task.cancel()
        return [*ended, bytes(quick.content)]

    *ended, quick = run(walk())
    assert [type(each) for each in ended[:3]] == [Evicted] * 3 and ended[3:] == [None] * 2 and quick == b"x" * 10


def test_bodies_share_the_room_there_is() -> None:
    async def walk() -> list[Any]:
        bodies = Bodies(max_bytes=25)
        slow = [asyncio.create_task(bodies.read(drip(60, size=10), 100, 100)) for _ in range(4)]
        await asyncio.sleep(0.05)
        ended = [type(task.exception()) if task.done() else None for task in slow]
        for task in slow:
            task.cancel()
        await asyncio.wait(slow)
        whole = await bodies.read(drip(0, size=25, pieces=1), 25, 100)
        return [*ended, len(whole.content)]

    assert run(walk()) == [Evicted, Evicted, None, None, 25]
