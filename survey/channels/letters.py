"""Letters for window envelopes, one page a code, with no name on them."""

from survey.channels import qr
from survey.channels.channel import Channel, LinkOrder, OutputFile, RenderTemplate
from survey.channels.pdf import measure_end, render_pdf
from survey.domain.text.i18n import N_

# Where the address shows. Swedish window envelopes have it to the right (H2): a C5 one 35 by 105 mm, 44 mm from above
# and 15 mm from the right, an E65 one 30 by 95 mm, 40 mm from above. (H2 as the suppliers' envelope guides name it; the
# measures as a Nordic one gives them for the left-hand window, which is the same window mirrored.) A folded sheet is
# smaller than its envelope and slides, 19 by 13 mm in a C5: what stands in `WINDOW` shows wherever it lies, and nothing
# else may stand in `ADDRESS_AREA`. Left, top, right, bottom, in millimetres of the A4 sheet.
WINDOW = (111, 45, 195, 65)
ADDRESS_AREA = (90, 27, 210, 79)
_WORDS_BEGIN, _WORDS_END = 84, 281
_SIZES = (12.0, 11.0, 10.0, 9.0, 8.0, 7.0)


def make_letters(order: LinkOrder, draw: RenderTemplate) -> OutputFile:
    """Make a page for each code."""
    pages, words = qr.qr_of_codes(order), order.render(draw, "letter_text.html")

    def page(pages: list[tuple[str, str]], size: float, alone: bool = False) -> str:
        how = {"size": size, "alone": alone, "seen": WINDOW, "begin": _WORDS_BEGIN}
        return draw(
            "letters.html",
            order.languages[0],
            pages=pages,
            words=words,
            typed=order.address_to_type,
            role=order.role,
            **how,
        )

    fits = (size for size in _SIZES if (measure_end(page(pages[:1], size, alone=True)) or 0) <= _WORDS_END)
    return render_pdf(page(pages, next(fits, _SIZES[-1])))


CHANNEL = Channel(
    key="letters",
    name=N_("Brev"),
    about=N_(
        "Ett brev till var och en, med en kod som gäller en gång, för fönsterkuvert. Inget namn behövs: "
        "lägg i breven i valfri ordning och skriv adresserna på kuverten."
    ),
    button=N_("Gör breven"),
    roles=("patient", "provider"),
    max_count=500,
    make=make_letters,
)
