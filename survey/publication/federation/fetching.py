"""The fetching of another installation's files: from a folder, or over https as our other requests go.

For the gathering. What comes is bounded in size and in time, no redirect is followed, and nothing of it is believed
before its signature has been verified.
"""

import os
import stat
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from typing import IO

from survey.channels.transport.https import opener
from survey.channels.transport.trust import ca_file_of
from survey.config import Settings

Fetch = Callable[[str, int], bytes]  # a file's name, and how many bytes it may have

PATIENCE = 20.0  # seconds without a byte
MAX_SECONDS = 300.0  # seconds for a file
MAX_SECONDS_IN_ALL = 3600.0  # and for all files of a source, whose listing may name thousands
MAX_BYTES_IN_ALL = 512 * 1024 * 1024
_CHUNK = 64 * 1024


class FetchFault(Exception):
    """A file that did not come: `code` says why in one word, for the status."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def is_address(site: str) -> bool:
    """Return whether a source's files lie on a web server, and not in a folder."""
    return "://" in site


def fetch_from(site: str, settings: Settings, clock: Callable[[], float] = time.monotonic) -> Fetch:
    """Return what fetches a site's files by name, for one gathering: all of them are bounded together too."""
    authorities, began, taken = ca_file_of(settings), clock(), 0

    def fetch(name: str, limit: int) -> bytes:
        nonlocal taken
        if clock() > began + MAX_SECONDS_IN_ALL:
            raise FetchFault("too_slow")
        try:
            with _opened(site, name, authorities) as stream:
                found = _bounded(stream, min(limit, MAX_BYTES_IN_ALL - taken), clock)
                taken += len(found)
                return found
        except urllib.error.HTTPError as refused:
            refused.close()
            raise FetchFault(_meaning(refused.code)) from None
        except FileNotFoundError:
            raise FetchFault("not_there") from None
        except TimeoutError:
            raise FetchFault("too_slow") from None
        except (OSError, HTTPException):
            raise FetchFault("no_reply") from None

    return fetch


def _meaning(status: int) -> str:
    if 300 <= status < 400:
        return "redirected"
    return "not_there" if status in (404, 410) else "no_reply"


def _opened(site: str, name: str, authorities: str) -> IO[bytes]:
    if not is_address(site):
        return _regular_file(Path(site) / name)
    asked = urllib.request.Request(f"{site.rstrip('/')}/{name}")  # noqa: S310 (the operator's, checked when trusted)
    found: IO[bytes] = opener(authorities).open(asked, timeout=PATIENCE)
    return found


def _regular_file(path: Path) -> IO[bytes]:
    """Open a file; raise OSError for a pipe or a device, which could be waited for without end."""
    found = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
    if not stat.S_ISREG(os.fstat(found.fileno()).st_mode):
        found.close()
        raise OSError("no file")
    return found


def _bounded(stream: IO[bytes], limit: int, clock: Callable[[], float]) -> bytes:
    """Read all of a stream; raise FetchFault where it is longer than the limit, or takes too long."""
    until, found = clock() + MAX_SECONDS, bytearray()
    while chunk := stream.read1(_CHUNK) if hasattr(stream, "read1") else stream.read(_CHUNK):
        found += chunk
        if len(found) > limit:
            raise FetchFault("too_large")
        if clock() > until:
            raise FetchFault("too_slow")
    return bytes(found)
