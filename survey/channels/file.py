"""The codes as a file, for a unit that sends letters or messages with a system of its own."""

import csv
import io

from survey.channels.channel import Channel, Draw, Made, Order
from survey.domain.codes import grouped
from survey.domain.marking import N_

COLUMNS = ("kod", "adress", "länk")


def make(order: Order, draw: Draw) -> Made:
    """One line a code: the code, the address to type, the link to follow."""
    file = io.StringIO()
    # Semicolons and the mark in front are what a Swedish spreadsheet opens without asking.
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows((grouped(code), order.typed, order.link(code)) for code in order.codes)
    return Made("csv", "text/csv; charset=utf-8", file.getvalue().encode("utf-8-sig"))


CHANNEL = Channel(
    key="file",
    name=N_("Fil med koder"),
    about=N_(
        "Koder och länkar i en fil, för den som skickar med ett eget system. Slå ihop dem med adresserna där, "
        "i slumpvis ordning, och spara inte vem som fick vilken kod."
    ),
    button=N_("Hämta filen"),
    roles=("patient", "provider"),
    most=10_000,
    make=make,
)
