"""Collection modes: by which of three ways an answer came. For accepting, opening and closing.

`invited`: a one-time code. `open`: link, poster or kiosk. `paper`: typed in from a sheet. Each class has
its own batches for the second envelopes of residents too, see docs/decisions/0011-background-per-
class.md.
"""

COLLECTION_MODES = ("invited", "open", "paper")

_BACKGROUND = "bg-"


def background_mode(mode: str) -> str:
    """Return the mode of the region's batch that takes the second envelopes of a class."""
    return _BACKGROUND + mode


def is_background(mode: str) -> bool:
    """Return whether a batch takes second envelopes, which repeat answers that another batch holds."""
    return mode.startswith(_BACKGROUND)
