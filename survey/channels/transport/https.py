"""Careful requests to servers that the operator has named: by our authorities alone, and never redirected."""

import ssl
import urllib.request
from functools import lru_cache
from typing import Any


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A handler that follows no redirect: what we ask for, or hand over, is between the named server and us."""

    def redirect_request(self, *_: Any) -> None:
        """Follow nothing."""


@lru_cache(maxsize=4)
def opener(authorities: str) -> urllib.request.OpenerDirector:
    """Return what opens addresses; `authorities`: a PEM file, empty for the system's."""
    context = ssl.create_default_context(cafile=authorities or None)
    return urllib.request.build_opener(_NoRedirect, urllib.request.HTTPSHandler(context=context))
