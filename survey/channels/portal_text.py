"""The text to paste into 1177's inbox, or another that the unit writes in, with the open link."""

from collections.abc import Mapping

from survey.channels.channel import Channel, Draw, Order
from survey.domain.text.i18n import N_


def texts(order: Order, draw: Draw) -> Mapping[str, str]:
    """Return the text in each language, by tag."""
    return {
        tag: draw("portal_text.html", tag, link=f"{order.address}/{tag}", typed=order.typed) for tag in order.languages
    }


CHANNEL = Channel(
    key="inbox",
    name=N_("Text till 1177 eller en annan inkorg"),
    about=N_("En färdig text att klistra in i ett meddelande, på varje språk du väljer, med samma länk till alla."),
    button=N_("Visa texterna"),
    roles=("patient",),
    texts=texts,
)
