"""A poster with one open link for all: for a door, a waiting room, a screen."""

from survey.channels import qr
from survey.channels.channel import Channel, Draw, Made, Order
from survey.channels.printed import printed
from survey.domain.marking import N_

DRAWING = "svg"


def make(order: Order, draw: Draw) -> Made:
    """The poster on the paper that was chosen, or the square alone as a drawing."""
    if order.paper == DRAWING:
        return Made(DRAWING, "image/svg+xml", qr.drawing(order.link()))
    words, picture = order.words(draw, "poster_words.html"), qr.picture(order.link())
    return printed(
        draw("poster.html", order.languages[0], picture=picture, words=words, typed=order.typed, paper=order.paper)
    )


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
    make=make,
)
