"""Edit conflicts: is what a form was filled from still there when it is saved? For every form that changes what exists.

The form carries a fingerprint of what it was filled from. In the transaction that saves, it is compared with what
stands then; where somebody else has saved meanwhile nothing is kept, and the page shows what stands beside what was
written. A form with a fault keeps its fingerprint until the conflict has been shown.
"""

from hashlib import sha256

from flask import request

FIELD = "filled_from"


class EditConflict(Exception):
    """A change by somebody else since the form was filled, or the page was read."""


def fingerprint(*stored: object) -> str:
    """Return a short sign of what is stored, the same for the same values."""
    return sha256(repr(stored).encode()).hexdigest()


def is_unchanged(*stored: object) -> bool:
    """Return whether the posted form was filled from exactly this."""
    return request.form.get(FIELD) == fingerprint(*stored)


def form_fingerprint(*stored: object, conflict: bool = False) -> str:
    """Return what the form is to carry: as posted; once a conflict has been shown, the fingerprint of what stands."""
    posted = request.form.get(FIELD)
    return fingerprint(*stored) if conflict or posted is None else posted
