"""The codes as a file, for a unit that sends letters or messages with a system of its own."""

from analysis.spreadsheets.formats import FORMATS
from analysis.spreadsheets.table import NO_DAY, Table
from survey.channels.channel import Channel, LinkOrder, OutputFile, RenderTemplate
from survey.domain.rounds.access_codes import grouped
from survey.domain.text.i18n import N_

COLUMNS = (N_("kod"), N_("adress"), N_("länk"))


def make_file(order: LinkOrder, draw: RenderTemplate) -> OutputFile:
    """Make a line for each code: the code, the address to type, the link to follow."""
    form = FORMATS[order.paper]
    rows = [(grouped(code), order.address_to_type, order.link(code)) for code in order.codes]
    content = form.write([Table("1", order.columns or COLUMNS, rows)], NO_DAY)
    return OutputFile(form.suffix.removeprefix("."), form.media_type, content)


CHANNEL = Channel(
    key="file",
    name=N_("Fil med koder"),
    about=N_(
        "Koder och länkar i en fil, för den som skickar med ett eget system. Slå ihop dem med adresserna där, "
        "i slumpvis ordning, och spara inte vem som fick vilken kod."
    ),
    button=N_("Hämta filen"),
    roles=("patient", "provider"),
    max_count=10_000,
    papers=tuple(sorted(FORMATS)),
    columns=COLUMNS,
    make=make_file,
)
