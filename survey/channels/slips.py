"""Slips to cut apart and shuffle, each with a code of its own: the way that suits a waiting room, and the staff."""

from collections.abc import Callable

from survey.channels import qr
from survey.channels.channel import Channel, LinkOrder, OutputFile, RenderTemplate
from survey.channels.pdf import measure_end, render_pdf
from survey.domain.text.i18n import N_

_COLUMNS = 2
_ROOM = 275.0  # millimetres from the first slip's upper edge to the last one's lower
_MAX_ROWS = 5
# Points: what an old eye reads. Smaller only where not even two rows have room for it.
_SIZES = (12.0, 11.0, 10.0, 9.0, 8.0)
_UNMEASURED = (4, 3, 2)  # rows by the number of languages, where the browser prints


def make_slips(order: LinkOrder, draw: RenderTemplate) -> OutputFile:
    """Make pages of slips, all of one size, as many on each as there is room for."""
    slips, words = qr.qr_of_codes(order), order.render(draw, "slip_text.html")

    def page(pages: list[list[tuple[str, str]]], size: float, rows: int, alone: bool = False) -> str:
        how = {"size": size, "height": _ROOM / rows, "alone": alone}
        return draw("slips.html", order.languages[0], pages=pages, words=words, typed=order.address_to_type, **how)

    size, rows = _layout(lambda size: measure_end(page([slips[:1]], size, 1, alone=True)), len(words))
    each = rows * _COLUMNS
    return render_pdf(page([slips[start : start + each] for start in range(0, len(slips), each)], size, rows))


def _layout(height: Callable[[float], float | None], languages: int) -> tuple[float, int]:
    """Return the size of the letters, and how many rows then have room on a page."""
    for size in _SIZES[1:]:
        tall = height(size)
        if tall is None:
            return size, _UNMEASURED[min(languages, len(_UNMEASURED)) - 1]
        if (rows := min(_MAX_ROWS, int(_ROOM // tall))) >= 2:
            larger = height(_SIZES[0])
            return (_SIZES[0] if larger and larger <= _ROOM / rows else size), rows
    return _SIZES[-1], 1


CHANNEL = Channel(
    key="slips",
    name=N_("Lappar att klippa isär"),
    about=N_(
        "En lapp till var och en, med en kod som gäller en gång. Passar bäst i väntrummet och för medarbetarna. "
        "Klipp isär lapparna och blanda dem innan du delar ut dem."
    ),
    button=N_("Gör lapparna"),
    roles=("patient", "provider"),
    max_count=1_000,
    make=make_slips,
)
