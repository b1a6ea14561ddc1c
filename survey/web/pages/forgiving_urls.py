"""Forgiving addresses: one typed, read aloud or copied out of a sentence leads to the page that was meant.

For every page that is read. Capitals, spaces, a full stop or a bracket that came along, a slash too many, a `#` that a
mail program encoded, once or twice: the browser is sent to the address in its own spelling, before anything is looked
up. What is a secret, a key or a token stays as it stands, and an address of the staff's never becomes a resident's.
"""

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote

from flask import Flask, Response, redirect, request

from survey.domain.rounds.access_codes import normalise
from survey.web.i18n.language import offered_languages
from survey.web.request.sessions import STAFF, is_staff

# Most addresses are clean, and cost one look.
_CLEAN = re.compile(r"/|(?:/[a-z0-9_][a-z0-9_.-]*)+/?")
_UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_CAME_ALONG = ".,;:!?)]}>'\"”’»…"
# So many parts at the start are ours, and in small letters; what follows is a token, a key or a file's name.
_OURS = {"kiosk": 2, "staff": 1, "static": 1}


def init_forgiving_urls(app: Flask) -> None:
    """Redirect addresses that were nearly right to the page; before any other look at the request."""
    app.before_request_funcs.setdefault(None, []).insert(0, _lead_on)


def _lead_on() -> Response | None:
    asked = request.path
    if request.method not in ("GET", "HEAD") or (_CLEAN.fullmatch(asked) and asked[-1] not in ".-"):
        return None
    meant = tidy_path(asked, [language.tag for language in offered_languages()])
    path, _, fragment = meant.partition("#")
    # A `#` in a path was encoded on its way: the browser is sent to what stands before it, with the rest to itself.
    if (meant == asked and not fragment) or not path or (is_staff(asked) and not is_staff(path)):
        return None
    more = request.query_string.decode("ascii", "replace")
    address = quote(path, safe="/-_.~") + (f"?{more}" if more else "") + (f"#{quote(fragment)}" if fragment else "")
    return redirect(address)  # type: ignore[return-value]


def tidy_path(path: str, tags: Iterable[str] = ()) -> str:
    """Return the address that was meant, perhaps with what belongs after its `#`; `tags` may have capitals."""
    for _ in range(2):
        if re.search("%(?:25)*23", path, re.IGNORECASE):
            path = unquote(path)
    path, mark, fragment = path.partition("#")
    parts = [part for part in _UNSEEN.sub("", path).split("/") if part]
    if not parts:
        return "/"
    parts[-1] = parts[-1].rstrip(_CAME_ALONG) or parts[-1]
    first = parts[0].lower()
    ours = _OURS.get(first, len(parts))
    spelled = {tag.lower(): tag for tag in tags}
    small = [spelled.get(part.lower(), part.lower()) for part in parts[:ours]]
    tidied = "/" + "/".join(small + parts[ours:])
    if tidied == STAFF or (path.endswith("/") and first == "staff"):
        tidied += "/"
    fragment = (normalise(fragment) or "") if first in ("s", "p") else _UNSEEN.sub("", fragment).rstrip(_CAME_ALONG)
    return tidied + (f"#{fragment}" if mark and fragment else "")
