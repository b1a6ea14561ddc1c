"""The questionnaire on paper, for people without a phone at hand; the unit keys the sheets in afterwards."""

from survey.channels.channel import Channel, LinkOrder, OutputFile, RenderTemplate
from survey.channels.pdf import render_pdf
from survey.domain.text.i18n import N_


def make_forms(order: LinkOrder, draw: RenderTemplate) -> OutputFile:
    """Make one form in each language, to be copied."""
    return render_pdf(draw("paper.html", order.languages[0], forms=order.render(draw, "paper_form.html")))


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
    max_sheets=500,
    make=make_forms,
)
