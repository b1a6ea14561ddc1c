"""A budget of time for strangers' sign-ins: hashing a password is slow, and is meant to be.

All tries together have a share of the time, whoever they are of, and a little saved up for a morning when many sign in
at once. When it is used up a try is refused at once, unread, so that nothing is learned from it; who is signed in goes
on as before. No address is looked at.
"""

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import cast

from flask import Response, current_app, g, request

from survey.web.pages.error_pages import ErrorPage

SHARE = 0.2  # of a second, each second
SAVED = 3.0  # seconds at most
MAX_COUNTED = 0.25  # seconds that a try may count for: what is slow for other reasons shuts nobody out
RETRY_AFTER = 30
PATHS = (
    "/staff/sign-in",
    "/staff/passkey",
    "/staff/second-step",
    "/staff/invited",
    "/staff/new-password",
    "/staff/forgotten",
)


class HashingBudget:
    """The time that strangers' tries have left."""

    def __init__(self, share: float = SHARE, saved: float = SAVED, clock: Callable[[], float] = monotonic) -> None:
        self._share, self._saved, self.clock = share, saved, clock
        self._lock = Lock()
        self._left, self._since = saved, clock()

    def is_left(self) -> bool:
        """Return whether one more may try."""
        with self._lock:
            now = self.clock()
            self._left = min(self._saved, self._left + (now - self._since) * self._share)
            self._since = now
            return self._left > 0

    def record(self, seconds: float) -> None:
        """Count the seconds that one try took, up to the most that is counted."""
        with self._lock:
            self._left -= min(seconds, MAX_COUNTED)


def is_sign_in_request(method: str, path: str) -> bool:
    """Return whether a request is of somebody who is about to sign in."""
    return method == "POST" and path.startswith(PATHS)


def begin() -> None:
    """Refuse a try when the time is used up, before anything of it is read."""
    if is_sign_in_request(request.method, request.path):
        if not _effort().is_left():
            raise ErrorPage("staff_busy")
        g.try_began = _effort().clock()


def end(response: Response) -> Response:
    """Count the time a try took; with a refusal, send when to come again."""
    if "try_began" in g:
        _effort().record(_effort().clock() - g.try_began)
    elif response.status_code == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _effort() -> HashingBudget:
    return cast(HashingBudget, current_app.extensions["hashing_budget"])
