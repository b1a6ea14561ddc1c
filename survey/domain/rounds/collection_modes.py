"""Collection modes: by which of three classes of channel an answer came. For accepting, opening and closing.

`invited`: a one-time code. `open`: link, poster or kiosk. `paper`: typed in from a sheet. Each class has
its own batches for the second envelopes of residents too, see docs/decisions/0011-background-per-
class.md.
"""

CHANNEL_CLASSES = ("invited", "open", "paper")

_BACKGROUND = "bg-"


def background_channel(channel: str) -> str:
    """Return the channel of the region's batch that takes the second envelopes of a class."""
    return _BACKGROUND + channel


def is_background(channel: str) -> bool:
    """Return whether a batch takes second envelopes, which repeat answers that another batch holds."""
    return channel.startswith(_BACKGROUND)
