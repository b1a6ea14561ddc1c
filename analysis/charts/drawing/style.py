"""The style of all charts: colours, type, and output of the same bytes for the same figure.

For every chart. Fixed salt, no date, no maker's mark: an edition drawn twice gives one picture. Letters stay
letters, so that a picture can be searched, zoomed and read in the reader's own typeface.
"""

import io
import re
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, SOFT, PAPER, GRID = "#1a1f24", "#55606b", "#ffffff", "#dddfe2"
PATIENT, PROVIDER = "#00538a", "#b34700"
ROLE_COLOR = {"patient": PATIENT, "provider": PROVIDER}
ROLE_MARKER = {"patient": "o", "provider": "s"}
ROLE_LINE: dict[str, Any] = {"patient": "solid", "provider": (0, (4, 2))}

DARK = {
    INK: "#f1f3f4",
    SOFT: "#b9c2ca",
    PAPER: "#171b1f",
    GRID: "#363d44",
    PATIENT: "#7fc1ee",
    PROVIDER: "#ff9f5c",
}

BAND_ALPHA = 0.16


# Shares that are shown: solid, or hollow where they are uncertain. Others have a line, or words, and no mark.


def point(role: str, status: str, size: float) -> dict[str, Any]:
    """Return the mark of a share: its role's shape, filled, or hollow where it is uncertain."""
    color, hollow = ROLE_COLOR[role], status != "shown"
    return {
        "marker": ROLE_MARKER[role],
        "linestyle": "none",
        "markersize": size,
        "markerfacecolor": PAPER if hollow else color,
        "markeredgecolor": color if hollow else PAPER,
        "markeredgewidth": 1.8 if hollow else 0.8,
        "zorder": 3,
        "clip_on": False,
    }


# Widths are measured in this face, which comes with matplotlib on every machine. It is wider than what
# readers' own systems put in its place, so that what does not overlap here does not overlap there.
MEASURE = "DejaVu Sans"
# The pages' own typeface and the pack's, in their order: one in page, picture and print.
READERS = "system-ui, &quot;Segoe UI&quot;, &quot;Noto Sans&quot;, sans-serif"

_NO_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def svg(figure: "Figure", title: str, description: str) -> bytes:
    """Return the figure as SVG that carries its own title and text alternative. Same figure, same bytes."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata=_NO_METADATA)
    drawn = out.getvalue()
    drawn = drawn[drawn.index("<svg") :].replace("\r\n", "\n")
    head, rest = drawn.split(">", 1)
    # One drawn unit is one CSS pixel; matplotlib says points.
    head = re.sub(r'(width|height)="([\d.]+)pt"', r'\1="\2"', head)
    rest = re.sub(r"\s*<metadata>.*?</metadata>", "", rest, flags=re.DOTALL)
    rest = rest.replace(f"'{MEASURE}'", READERS).replace(f"&quot;{MEASURE}&quot;", READERS)
    words = f'<title id="title">{escape(title)}</title>\n<desc id="desc">{escape(description)}</desc>'
    marked = f'{head} role="img" aria-labelledby="title" aria-describedby="desc">\n{words}{rest}'
    # A name from long ago may hold what no XML takes, and one such sign would be no picture at all.
    return _NO_XML.sub("\ufffd", marked).encode()


def dark(drawn: bytes) -> bytes:
    """Return the same picture in the colours for a dark page."""
    pattern = "|".join(map(re.escape, DARK))
    return re.sub(pattern, lambda found: DARK[found.group().lower()], drawn.decode(), flags=re.I).encode()
