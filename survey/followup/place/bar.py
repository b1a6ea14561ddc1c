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
from survey.followup.place import figure_text
from survey.followup.place.figure_text import Context
from survey.followup.place.place_access import PlaceAccess
from survey.followup.selection import PlaceReport

SUMMARY, PLACES, RESIDENTS, CHARTS, PLANNER = "summary", "places", "residents", "charts", "planner"
METHOD = "method"
WHO, REGIONS = "who.respondents", "nation.regions"
TOP, NATION = "region", "nation"
FUNNELS = ("funnel", "funnel-provider")
REGION_FUNNELS = ("regions-funnel", "regions-funnel-provider")
_OF_NATIONAL = (SUMMARY, *QUESTIONS, PLACES, REGIONS, CHARTS, METHOD)

Entry = Mapping[str, Any]


def page_address(number: int, node: str, page: str = SUMMARY) -> str:
    """Return the address of a page of a place in an edition."""
    if page == SUMMARY:
        return url_for("followup.summary_page", number=number, node=node)
    if page in QUESTIONS:
        return url_for("followup.question_page", number=number, node=node, question=page)
    return url_for(f"followup.{page}_page", number=number, node=node)


def page_bar(report: PlaceReport, access: PlaceAccess, page: str) -> Context:
    """Return the three menus, and of a question the ones before and after it."""
    this = figure_text.round_name(report, report.edition["round"]["key"])
    menus = [
        {"label": _("Plats"), "now": report.place["name"], "links": list(_places(report, access, page))},
        {"label": _("Mätomgång"), "now": this, "links": list(_rounds(report, page))},
        {"label": _("Sida"), "now": _page_names(report)[page], "links": list(_pages(report, access, page))},
    ]
    return {"menus": menus, "around": _adjacent_questions(report, page), "place": report.place["name"]} | {
        "round_name": report.texts.round_name(report.edition["round"]["key"]),
        "how": _link(_page_names(report)[METHOD], page_address(report.number, report.node, METHOD), now=page == METHOD),
        "number": report.number,
        "node": report.node,
        "published": format_date(report.published, "long"),
    }


def _link(name: str, where: str | None, *, now: bool = False, depth: int = 0) -> Context:
    """Return a line of a menu; without an address it can't be turned to."""
    return {"name": name, "address": where, "now": now, "depth": depth}


def has_page(entry: Entry, page: str, national: bool = False) -> bool:
    """Return whether a place has this page: a unit has no places under it, and residents' groups are the region's.

    `national`: in an edition that is put together from others', where no place is split up below regions.
    """
    level = str(entry["level"])
    if national:
        return page in _OF_NATIONAL and (level == NATION or page not in {PLACES, REGIONS})
    if page == PLACES:
        return level != "unit"
    return page != REGIONS and (page != RESIDENTS or level == TOP)


def _places(report: PlaceReport, access: PlaceAccess, page: str) -> Iterator[Context]:
    """Yield the way down to the place, and at each step of it the places beside; then the other series' own page."""
    entries = {entry["key"]: entry for entry in report.edition["places"]}
    way, at = set(), report.node
    while at:
        way.add(at)
        at = entries[at]["parent"]
    below: dict[str | None, list[Entry]] = {}
    for entry in report.edition["places"]:
        if entry["key"] in access.may_read:
            below.setdefault(entry["parent"], []).append(entry)

    def walk(parent: str | None, depth: int) -> Iterator[Context]:
        for entry in sorted(below.get(parent, ()), key=_sort_key):
            key = entry["key"]
            where = page_address(report.number, key, page if has_page(entry, page, report.is_national) else SUMMARY)
            yield _link(entry["name"], where, now=key == report.node, depth=depth)
            if key in way:
                yield from walk(key, depth + 1)

    yield from walk(None, 0)
    if report.elsewhere:
        yield _link(report.elsewhere["name"], page_address(report.elsewhere["number"], report.elsewhere["node"]))


def _sort_key(entry: Entry) -> tuple[bool, str]:
    return ("units" in entry, collation_key(entry["name"]))  # groups of units last


def _rounds(report: PlaceReport, page: str) -> Iterator[Context]:
    """Yield the published rounds, newest first; those without the place too."""
    for number, round_key, there in report.rounds:
        where = page_address(number, report.node, page) if there else None
        yield _link(figure_text.round_name(report, round_key), where, now=number == report.number)


def _page_names(report: PlaceReport) -> dict[str, str]:
    """Return the pages by name, in their order."""
    return (
        {SUMMARY: _("Sammanfattning")}
        | {question: report.texts.question(question) for question in QUESTIONS}
        | {PLACES: below_name(report.place["level"]), RESIDENTS: _("Invånargrupper")}
        | {REGIONS: _("Regionerna bakom siffrorna")}
        | {WHO: _("Vilka har svarat"), CHARTS: _("Alla diagram"), PLANNER: _("Inför nästa omgång")}
        | {METHOD: _("Så läser du siffrorna")}
    )


def below_name(level: str) -> str:
    """Return the plural name of the places under one of this level."""
    if level == NATION:
        return str(_("Regionerna bredvid varandra"))
    return str(_("Kommunerna bredvid varandra") if level == TOP else _("Enheterna bredvid varandra"))


def _pages(report: PlaceReport, access: PlaceAccess, page: str) -> Iterator[Context]:
    # Residents' groups are the region's own, and the regions the nation's: from another place the way leads there.
    tops = (NATION, REGIONS) if report.is_national else (TOP, RESIDENTS)
    top = next(entry["key"] for entry in report.edition["places"] if entry["level"] == tops[0])
    for key, name in _page_names(report).items():
        own = has_page(report.place, key, report.is_national)
        if own or key == tops[1]:
            where = page_address(report.number, report.node if own else top, key)
            yield _link(name, where, now=key == page, depth=int(key in QUESTIONS))


def _adjacent_questions(report: PlaceReport, page: str) -> Context:
    """Return the questions before and after this one."""
    if page not in QUESTIONS:
        return {}
    at = QUESTIONS.index(page)
    found = {"before": QUESTIONS[at - 1 : at] if at else (), "after": QUESTIONS[at + 1 : at + 2]}
    return {
        side: _link(report.texts.question(question), page_address(report.number, report.node, question))
        for side, near in found.items()
        for question in near
    }
