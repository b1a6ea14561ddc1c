"""The bar on top of a place's pages: menus of place, round and page. Each keeps what the others say.

Plain links in menus that open without script. A page that another place does not have is its summary there.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import url_for
from flask_babel import format_date
from flask_babel import gettext as _

from survey.domain.questions.questionnaire import QUESTIONS
from survey.domain.text.collation import collation_key
from survey.followup.place import words
from survey.followup.place.opened import Opened, Said
from survey.followup.selection import Reading

SUMMARY, PLACES, RESIDENTS, CHARTS, PLANNER = "summary", "places", "residents", "charts", "planner"
HOW = "how"
WHO = "who.page"
TOP = "region"
FUNNELS = ("funnel", "funnel-provider")
ORDER = ("region", "municipality", "unit")

Entry = Mapping[str, Any]


def address(number: int, node: str, page: str = SUMMARY) -> str:
    """Return the address of a page of a place in an edition."""
    if page == SUMMARY:
        return url_for("followup.page", number=number, node=node)
    if page in QUESTIONS:
        return url_for("followup.question", number=number, node=node, question=page)
    return url_for(f"followup.{page}", number=number, node=node)


def bar(reading: Reading, here: Opened, page: str) -> Said:
    """Return the three menus, and of a question the ones before and after it."""
    this = words.round_name(reading, reading.edition["round"]["key"])
    menus = [
        {"label": _("Plats"), "now": reading.place["name"], "links": list(_places(reading, here, page))},
        {"label": _("Mätomgång"), "now": this, "links": list(_rounds(reading, page))},
        {"label": _("Sida"), "now": _names(reading)[page], "links": list(_pages(reading, here, page))},
    ]
    return {"menus": menus, "around": _around(reading, page), "place": reading.place["name"]} | {
        "round_name": reading.texts.round_name(reading.edition["round"]["key"]),
        "how": _link(_names(reading)[HOW], address(reading.number, reading.node, HOW), now=page == HOW),
        "number": reading.number,
        "node": reading.node,
        "published": format_date(reading.published, "long"),
    }


def _link(name: str, where: str | None, *, now: bool = False, depth: int = 0) -> Said:
    """Return a line of a menu; without an address it can't be turned to."""
    return {"name": name, "address": where, "now": now, "depth": depth}


def has(entry: Entry, page: str) -> bool:
    """Return whether a place has this page: a unit has no places under it, and residents' groups are the region's."""
    if page == PLACES:
        return bool(entry["level"] != "unit")
    return page != RESIDENTS or bool(entry["level"] == TOP)


def _places(reading: Reading, here: Opened, page: str) -> Iterator[Said]:
    """Yield the way down to the place, and at each step of it the places beside."""
    entries = {entry["key"]: entry for entry in reading.edition["places"]}
    way, at = set(), reading.node
    while at:
        way.add(at)
        at = entries[at]["parent"]
    below: dict[str | None, list[Entry]] = {}
    for entry in reading.edition["places"]:
        if entry["key"] in here.may_read:
            below.setdefault(entry["parent"], []).append(entry)

    def walk(parent: str | None, depth: int) -> Iterator[Said]:
        for entry in sorted(below.get(parent, ()), key=_in_line):
            key = entry["key"]
            where = address(reading.number, key, page if has(entry, page) else SUMMARY)
            yield _link(entry["name"], where, now=key == reading.node, depth=depth)
            if key in way:
                yield from walk(key, depth + 1)

    yield from walk(None, 0)


def _in_line(entry: Entry) -> tuple[bool, str]:
    return ("units" in entry, collation_key(entry["name"]))  # groups of units last


def _rounds(reading: Reading, page: str) -> Iterator[Said]:
    """Yield the published rounds, newest first; those without the place too."""
    for number, round_key, there in reading.rounds:
        where = address(number, reading.node, page) if there else None
        yield _link(words.round_name(reading, round_key), where, now=number == reading.number)


def _names(reading: Reading) -> dict[str, str]:
    """Return the pages by name, in their order."""
    return (
        {SUMMARY: _("Sammanfattning")}
        | {question: reading.texts.question(question) for question in QUESTIONS}
        | {PLACES: below_name(reading.place["level"]), RESIDENTS: _("Invånargrupper")}
        | {WHO: _("Vilka har svarat"), CHARTS: _("Alla diagram"), PLANNER: _("Inför nästa omgång")}
        | {HOW: _("Så läser du siffrorna")}
    )


def below_name(level: str) -> str:
    """Return the plural name of the places under one of this level."""
    return str(_("Kommunerna bredvid varandra") if level == TOP else _("Enheterna bredvid varandra"))


def _pages(reading: Reading, here: Opened, page: str) -> Iterator[Said]:
    top = next(entry["key"] for entry in reading.edition["places"] if entry["level"] == TOP)
    for key, name in _names(reading).items():
        # Residents' groups are the region's own: from another place the way leads there.
        node = reading.node if has(reading.place, key) else top
        if has(reading.place, key) or key == RESIDENTS:
            yield _link(name, address(reading.number, node, key), now=key == page, depth=int(key in QUESTIONS))


def _around(reading: Reading, page: str) -> Said:
    """Return the questions before and after this one."""
    if page not in QUESTIONS:
        return {}
    at = QUESTIONS.index(page)
    found = {"before": QUESTIONS[at - 1 : at] if at else (), "after": QUESTIONS[at + 1 : at + 2]}
    return {
        side: _link(reading.texts.question(question), address(reading.number, reading.node, question))
        for side, near in found.items()
        for question in near
    }
