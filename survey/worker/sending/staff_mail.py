"""Mail to staff that is sent outside the requests: nobody waits for it, and its duration tells nobody anything.

One thread of the web process, in the order asked, and again after a pause where the server is down or says later. What
waits is in memory alone; where the process ends, the person asks again.
"""

import heapq
import itertools
import time
from collections.abc import Callable
from threading import Condition, Thread

from survey import journal
from survey.channels.transport.messages import STOP_REASONS, Message
from survey.config import Settings
from survey.worker.sending import send_one

MAX_TASKS = 1000  # that wait at once; a flood is not worth the memory
FIRST_DELAY, MAX_DELAY = 20.0, 600.0
Task = Callable[[], None]
Then = Callable[[str], None]


class TaskQueue:
    """A queue of tasks, each with its earliest moment."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic, pause: float = FIRST_DELAY):
        self._settings, self._clock, self._pause = settings, clock, pause
        self._changed, self._numbers = Condition(), itertools.count()
        self._waiting: list[tuple[float, int, Task]] = []
        self._thread: Thread | None = None

    def submit(self, task: Task, after: float = 0) -> bool:
        """Run a task soon, or `after` seconds later; return False, and never run it, where too many wait."""
        with self._changed:
            if len(self._waiting) >= MAX_TASKS:
                journal.warn("mail to staff not begun", count=len(self._waiting))
                return False
            heapq.heappush(self._waiting, (self._clock() + after, next(self._numbers), task))
            # Begun here and not before: a server may have copied the process since the app was made.
            if self._thread is None:
                self._thread = Thread(target=self._work, name="beside", daemon=True)
                self._thread.start()
            self._changed.notify()
        return True

    def send(self, message: Message, within: float, then: Then) -> None:
        """Send a message soon, and as long as the server says later, again within `within` seconds.

        `then` is called with the result: empty when it was accepted, else the reason, as a text of the catalogs.
        """
        ends = self._clock() + within
        if not self.submit(lambda: self._try(message, ends, self._pause, then)):
            then(STOP_REASONS["rate"])

    def _try(self, message: Message, ends: float, pause: float, then: Then) -> None:
        problem, longer = send_one.send_one(self._settings, "mail", message), min(2 * pause, MAX_DELAY)
        again = problem and problem != send_one.NOT_THERE and self._clock() + pause <= ends
        if again and self.submit(lambda: self._try(message, ends, longer, then), pause):
            return
        if problem:
            journal.warn("mail to staff not sent", count=1)
        then(problem)

    def _work(self) -> None:
        while True:
            task = self._next()
            try:
                task()
            except Exception as error:
                journal.warn("mail to staff failed", kind=journal.fault(error))

    def _next(self) -> Task:
        with self._changed:
            while not self._waiting or (early := self._waiting[0][0] - self._clock()) > 0:
                self._changed.wait(early if self._waiting else None)
            return heapq.heappop(self._waiting)[2]
