"""Careful requests to servers that the operator has named: by our authorities alone, never redirected, never endless.

A limit between two bytes is none for who drips them, in a head, a chunk's length or after the last one.
"""

import ssl
import time
import urllib.request
from functools import lru_cache
from typing import Any

MAX_SECONDS = 300.0  # seconds for a whole reply, head and body


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A handler that follows no redirect: what we ask for, or hand over, is between the named server and us."""

    def redirect_request(self, *_: Any) -> None:
        """Follow nothing."""


class _TimedSocket(ssl.SSLSocket):
    """A socket that is read from for so long and no longer: a connection carries one request."""

    _until: float | None = None

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        """Read on; raise TimeoutError when the reply has taken too long."""
        if self._until is None:
            self._until = time.monotonic() + MAX_SECONDS
        if time.monotonic() > self._until:
            raise TimeoutError("the reply takes too long")
        return super().recv_into(*args, **kwargs)


@lru_cache(maxsize=4)
def opener(authorities: str) -> urllib.request.OpenerDirector:
    """Return what opens addresses; `authorities`: a PEM file, empty for the system's."""
    context = ssl.create_default_context(cafile=authorities or None)
    context.sslsocket_class = _TimedSocket
    return urllib.request.build_opener(_NoRedirect, urllib.request.HTTPSHandler(context=context))
