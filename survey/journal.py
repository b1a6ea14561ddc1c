"""The operator's log: what the worker and the sign-in did, a line each on standard error. Nothing of a resident.

A line is a few fixed words and, after them, named values: only the names below, each in a shape that holds no address,
number to call, code or answer. What is empty is left out, and what does not fit is written as `?`, so a line never
stops what it tells of. A fault is
its kind and the line of our code, never its own text, which may hold what a person wrote. As JSON a line is an object
with the same words and values, for a collector that would otherwise take the line apart.
"""

import json
import logging
import re
import sys
from typing import TextIO

_log = logging.getLogger("survey")
_NAME, _COUNT = re.compile(r"[a-z][a-z_-]{0,29}"), re.compile(r"[0-9]{1,7}")
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
UNTOLD = "?"
SHAPES = {
    "round": _KEY,
    "version": _KEY,  # of the questionnaire
    "file": re.compile(r"[a-z_]{1,30}\.[a-z0-9]{2,4}"),  # of an operator's own, by a name of ours
    "edition": _COUNT,
    "count": _COUNT,  # of files, messages, pictures, batches
    "seconds": _COUNT,
    "step": _NAME,  # of the worker's turn
    "channel": _NAME,  # that a message leaves by
    "call": _NAME,  # to a server elsewhere
    "why": _NAME,  # one of a few words of ours
    "language": re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8}){0,2}"),
    "claims": re.compile(r"(-|[a-z_]{1,20}(,[a-z_]{1,20}){0,9})"),  # their names, never what they say
    "status": re.compile(r"[1-5][0-9]{2}( [245](\.[0-9]{1,3}){2})?"),  # what a server answered: 503, 450 4.7.1
    "kind": re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}( at [A-Za-z_.]{1,80}:[0-9]{1,5})?"),  # of a fault, see `fault`
}


def _is_ours(record: logging.LogRecord) -> bool:
    """Return whether a line was written here: Flask's logger has our name, and others may write anything there."""
    return "told" in vars(record)


class _StandardError(logging.StreamHandler[TextIO]):
    """A handler that writes where standard error is now, not where it was when the handler was made."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)
        self.addFilter(_is_ours)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        """Return standard error."""
        return sys.stderr


class _Objects(logging.Formatter):
    """A formatter that makes a line an object: time where it is told, level, what was done, and the named values."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object."""
        time = {"time": self.formatTime(record, self.datefmt)} if self.usesTime() else {}
        return json.dumps({**time, "level": record.levelname, **vars(record)["told"]})


_HANDLER = _StandardError()


def begin(*, hours: bool, form: str = "text") -> None:
    """Let the lines reach standard error, as text or as `json`.

    With `hours` each has its time, as no process that takes answers may say.
    """
    line = "%(asctime)s %(levelname)s %(message)s" if hours else "%(levelname)s %(message)s"
    _HANDLER.setFormatter((_Objects if form == "json" else logging.Formatter)(line, "%Y-%m-%dT%H:%M:%S%z"))
    if _HANDLER not in _log.handlers:
        _log.addHandler(_HANDLER)
    _log.setLevel(logging.INFO)


def info(what: str, **about: str | int) -> str:
    """Write down an event and return its line; `what` is a literal, never made."""
    return _write(logging.INFO, what, about)


def warn(what: str, **about: str | int) -> str:
    """Write down an event that should not have happened, and return its line."""
    return _write(logging.WARNING, what, about)


class RelayHandler(Exception):
    """A fault of another process of ours, which has written it down as `fault` does."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def fault(error: BaseException) -> str:
    """Return the kind of a fault and the innermost line of our code that it passed: a value for `kind`."""
    if isinstance(error, RelayHandler):
        return error.kind
    place, step = "", error.__traceback__
    while step is not None:
        module = step.tb_frame.f_globals.get("__name__", "")
        if module.startswith(("survey", "analysis")):
            place = f" at {module}:{step.tb_lineno}"
        step = step.tb_next
    return type(error).__name__ + place


def _write(level: int, what: str, about: dict[str, str | int]) -> str:
    shaped = {name: _shaped(name, str(value)) for name, value in about.items() if value != ""}
    details = [f'{name}="{value}"' if " " in value else f"{name}={value}" for name, value in shaped.items()]
    line = " ".join([what, *details])
    counts = {name: int(value) for name, value in shaped.items() if SHAPES.get(name) is _COUNT and value != UNTOLD}
    _log.log(level, "%s", line, extra={"told": {"what": what, **shaped, **counts}})
    return line


def _shaped(name: str, value: str) -> str:
    return value if name in SHAPES and SHAPES[name].fullmatch(value) else UNTOLD
