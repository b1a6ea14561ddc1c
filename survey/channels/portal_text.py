"""The text to paste into 1177's inbox, or another that the unit writes in, with the open link."""

from collections.abc import Mapping

from survey.channels.channel import Channel, LinkOrder, RenderTemplate
from survey.domain.text.i18n import N_


def make_texts(order: LinkOrder, draw: RenderTemplate) -> Mapping[str, str]:
    """Return the text in each language, by tag."""
    return {
        tag: draw("portal_text.html", tag, link=f"{order.address}/{tag}", typed=order.address_to_type)
        for tag in order.languages
    }


CHANNEL = Channel(
    key="inbox",
    name=N_("Text till 1177 eller en annan inkorg"),
    about=N_("En färdig text att klistra in i ett meddelande, på varje språk du väljer, med samma länk till alla."),
    button=N_("Visa texterna"),
    roles=("patient",),
    texts=make_texts,
)
