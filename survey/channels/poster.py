"""A poster with one open link for all: for a door, a waiting room, a screen."""

from survey.channels import qr
from survey.channels.channel import Channel, LinkOrder, OutputFile, RenderTemplate
from survey.channels.pdf import measure_end, render_pdf
from survey.domain.text.i18n import N_

DRAWING = "svg"
# In millimetres of an A4; an A3 is the same, larger.
_WIDE, _HIGH = 176.0, 297.0 - 12.0
_SQUARE = 105.0  # at least: read from three metres
_SIZES = (28.0, 25.0, 22.0, 20.0, 18.0, 16.0, 14.0, 12.5, 11.0, 10.0, 9.0, 8.0, 7.0)  # points of the running text


def make_poster(order: LinkOrder, draw: RenderTemplate) -> OutputFile:
    """Make the poster on the paper that was chosen, or its QR code alone as a drawing."""
    if order.paper == DRAWING:
        return OutputFile(DRAWING, "image/svg+xml", qr.qr_svg(order.link()))
    words, picture = order.render(draw, "poster_text.html"), qr.qr_data_uri(order.link())

    def page(size: float, square: float, paper: str) -> str:
        how = {"picture": picture, "typed": order.address_to_type, "size": size, "square": square, "paper": paper}
        return draw("poster.html", order.languages[0], words=words, **how)

    size, square = 14.0, _SQUARE
    for size in _SIZES:
        # The words as large as leaves room for the square, and the square all the room that is left.
        words_end = measure_end(page(size, 0, "A4"))
        square = _SQUARE if words_end is None else min(_WIDE, _HIGH - words_end)
        if square >= _SQUARE:
            break
    return render_pdf(page(size, square, order.paper))


CHANNEL = Channel(
    key="poster",
    name=N_("Affisch"),
    about=N_(
        "En stor ruta att skanna och en kort adress att skriva, samma för alla. Den når dem som redan tittar efter "
        "den: en affisch ensam ger ungefär elva svar i månaden. Peka gärna på den."
    ),
    button=N_("Gör affischen"),
    roles=("patient",),
    papers=("A4", "A3", DRAWING),
    make=make_poster,
)
