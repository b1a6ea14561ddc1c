"""Slips to cut apart and shuffle, each with a code of its own: the way that suits a waiting room, and the staff."""

from survey.channels import qr
from survey.channels.channel import Channel, Draw, Made, Order
from survey.channels.printed import printed
from survey.domain.marking import N_

# How many stand on a page, by the most languages that have room on each.
_ROWS = ((3, 5), (4, 4), (6, 3))
_COLUMNS = 2


def make(order: Order, draw: Draw) -> Made:
    """A page for each ten slips, or fewer where more languages share a slip."""
    rows = next((rows for most, rows in _ROWS if len(order.languages) <= most), 2)
    each = rows * _COLUMNS
    slips = qr.coded(order)
    pages = [slips[start : start + each] for start in range(0, len(slips), each)]
    words = order.words(draw, "slip_words.html")
    return printed(
        draw("slips.html", order.languages[0], pages=pages, rows=rows, words=words, typed=order.typed, role=order.role)
    )


CHANNEL = Channel(
    key="slips",
    name=N_("Lappar att klippa isär"),
    about=N_(
        "En lapp till var och en, med en kod som gäller en gång. Passar bäst i väntrummet och för medarbetarna. "
        "Klipp isär lapparna och blanda dem innan du delar ut dem."
    ),
    button=N_("Gör lapparna"),
    roles=("patient", "provider"),
    most=1_000,
    make=make,
)
