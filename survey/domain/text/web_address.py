"""Web addresses from settings and from browsers: parsed strictly, and brought to one spelling.

For the settings at start, and for comparing where a form says that it came from.
"""

import ipaddress
import re
from urllib.parse import urlsplit

_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_USUAL = {"https": 443, "http": 80}
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class AddressFault(ValueError):
    """A fault in an address; the text ends a sentence that begins with its setting's name."""


def parse_origin(text: str, *, trial: bool = False) -> str:
    """Return a site's address in one spelling, `https://host` or with its port where that is unusual.

    Raises AddressFault for anything more than that, and for http:// but to this very machine in a trial.
    """
    if re.search(r"[?#@\\]", text) or re.search(r"^[A-Za-z]*://[^/]*/.", text):
        raise AddressFault("must be the site alone, without a path, a question, a # or a user: https://host")
    return parse_base(text, trial=trial)


def parse_base(text: str, *, trial: bool = False) -> str:
    """Return an address like `parse_origin`, but allow a path and a query, which are kept as they are."""
    if re.search(r"[^\x21-\x7e]", text.partition("://")[2].partition("/")[0]):
        raise AddressFault(_as_it_travels(text))
    if re.search(r"[^\x21-\x7e]", text):
        raise AddressFault("must hold no space and no sign but ASCII")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise AddressFault("has a host or a port that is none") from None
    if parts.scheme not in _USUAL or not parts.hostname or parts.username is not None or port == 0:
        raise AddressFault("must be https://host, perhaps with :port")
    host = parts.hostname.lower()
    if parts.scheme == "http" and not (trial and host in LOOPBACK):
        raise AddressFault("must begin with https://")
    _refuse_no_host(host)
    where = f"[{host}]" if ":" in host else host
    where += f":{port}" if port not in (None, _USUAL[parts.scheme]) else ""
    rest = text.split("/", 3)[3] if text.count("/") > 2 else ""
    return f"{parts.scheme}://{where}" + (f"/{rest}" if rest else "")


def same_site(origin_header: str, ours: str) -> bool:
    """Return whether an Origin header names this site, default port and case aside."""
    return _plain(origin_header) == _plain(ours)


def _plain(address: str) -> str:
    scheme, _, rest = address.strip().lower().partition("://")
    host = rest.rstrip("/")
    usual = f":{_USUAL.get(scheme, '')}"
    return f"{scheme}://{host.removesuffix(usual)}"


def _refuse_no_host(host: str) -> None:
    if host in LOOPBACK:
        return
    try:
        ipaddress.ip_address(host)
    except ValueError:
        labels = host.split(".")
        # A last part of digits is read as a number by browsers, and leads elsewhere.
        if len(host) > 253 or not all(map(_LABEL.fullmatch, labels)) or labels[-1].isdigit():
            raise AddressFault("has a host that is none: letters, digits and hyphens between its dots") from None
        for label in labels:
            if label.startswith("xn--"):
                _refuse_no_name(label)


def _refuse_no_name(label: str) -> None:
    try:
        back = label.encode().decode("idna")
        again = back.encode("idna").decode()
    except UnicodeError:
        raise AddressFault(f"has a part that stands for no name: {label}") from None
    if again != label:
        raise AddressFault(f"has a part that is not as it is written elsewhere: {label}, which is {again}")


def _as_it_travels(text: str) -> str:
    host = text.partition("://")[2].partition("/")[0]
    try:
        written = host.encode("idna").decode()
    except UnicodeError:
        written = ""
    if not written.isascii() or not re.fullmatch(r"[A-Za-z0-9.:-]+", written):
        return "must hold no space and no sign but ASCII"
    return f"must be written as it travels: {written}"
