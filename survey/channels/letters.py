"""Letters for window envelopes, one page a code, with no name on them."""

from survey.channels import qr
from survey.channels.channel import Channel, Draw, Made, Order
from survey.channels.printed import printed
from survey.domain.marking import N_


def make(order: Order, draw: Draw) -> Made:
    """One page a code."""
    pages, words = qr.coded(order), order.words(draw, "letter_words.html")
    return printed(
        draw("letters.html", order.languages[0], pages=pages, words=words, typed=order.typed, role=order.role)
    )


CHANNEL = Channel(
    key="letters",
    name=N_("Brev"),
    about=N_(
        "Ett brev till var och en, med en kod som gäller en gång, för fönsterkuvert. Inget namn behövs: "
        "lägg i breven i valfri ordning och skriv adresserna på kuverten."
    ),
    button=N_("Gör breven"),
    roles=("patient", "provider"),
    most=500,
    make=make,
)
