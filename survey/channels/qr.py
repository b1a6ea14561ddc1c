"""QR codes, for everything that is printed."""

import io

import segno

from survey.channels.channel import LinkOrder
from survey.domain.rounds.access_codes import grouped

# Medium: a slip is creased and copied, and still a seventh of the square may be lost.
_CORRECTION = "m"
_QUIET = 4  # modules of white around, as the standard asks for


def qr_data_uri(address: str) -> str:
    """Return the QR code as a data URI for a page: one dot a module, to be drawn as large as wished."""
    return str(segno.make(address, error=_CORRECTION, micro=False).png_data_uri(scale=1, border=_QUIET))


def qr_of_codes(order: LinkOrder) -> list[tuple[str, str]]:
    """Return the QR code of each code's link, and the code as it is typed."""
    return [(qr_data_uri(order.link(code)), grouped(code)) for code in order.codes]


def qr_svg(address: str) -> bytes:
    """Return the QR code as an SVG file, for people who make a poster of their own."""
    file = io.BytesIO()
    segno.make(address, error=_CORRECTION, micro=False).save(file, kind="svg", scale=10, border=_QUIET, xmldecl=True)
    return file.getvalue()
