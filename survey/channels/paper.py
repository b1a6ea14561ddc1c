"""The questionnaire on paper, for people without a phone at hand; the unit keys the sheets in afterwards."""

from survey.channels.channel import Channel, Draw, Made, Order
from survey.channels.pdf import printed
from survey.domain.text.i18n import N_


def make(order: Order, draw: Draw) -> Made:
    """Make one form in each language, to be copied."""
    return printed(draw("paper.html", order.languages[0], forms=order.words(draw, "paper_form.html")))


CHANNEL = Channel(
    key="paper",
    name=N_("Pappersblankett"),
    about=N_(
        "Frågorna på papper, på varje språk du väljer. Lägg blanketterna bredvid en låst låda. Ni skriver in dem här "
        "efteråt, och svaren låses som alla andra."
    ),
    button=N_("Gör blanketten"),
    roles=("patient", "provider"),
    on_paper=True,
    copies=500,
    make=make,
)
