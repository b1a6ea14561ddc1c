"""The pages that residents meet, drawn for a translator from the templates themselves, with invented places and days.

In the language or in Swedish, by the page's own language menu. What the translator's page says is what would be said
with the newest wordings, whether they are in force or not. Nothing on them leads anywhere: there is no round here.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from flask import render_template, request, url_for

from survey.channels.qr import qr_data_uri
from survey.domain.disclosure.thresholds import MIN_RESIDENT_GROUP
from survey.domain.places.place import Place
from survey.domain.rounds.lifecycle import Round
from survey.domain.staff.translation_approvals import ReadText
from survey.domain.text.i18n import N_
from survey.web.i18n.language import Language, current_language, languages, speaking
from survey.web.i18n.language_files import SOURCE
from survey.web.pages.conversation_sheet import sheet_parts
from survey.web.pages.page_cache import CONVERSATION, inline_assets
from survey.web.pages.public_pages import ASSESSED, day, promised
from survey.web.pages.sheet_texts import background_choices, intro
from survey.web.request import services
from survey.web.request.addresses import staff_address
from survey.web.staff.forms import csrf_field

PAGES = {
    "sheet": N_("Frågorna till invånare"),
    "staff-sheet": N_("Frågorna till medarbetare"),
    "thanks": N_("Tacksidan"),
    "conversation": N_("Samtalsunderlag"),
    "coming": N_("Sidan innan enkäten öppnar"),
    "closed": N_("Sidan när enkäten är stängd"),
    "find": N_("Hitta sin enhet"),
    "privacy": N_("Så skyddas svaren"),
    "accessibility": N_("Tillgänglighet"),
    "helping": N_("Hjälpa någon att svara"),
    "kiosk": N_("Surfplattans första sida"),
}
_EXAMPLE = "exempel"
_FORM = re.compile("<form [^>]*>")
_LED = {"/privacy/": "privacy", "/accessibility/": "accessibility", "/helping/": "helping", "/?language=": "find"}
_LED |= {"/conversation/": "conversation"}


def newest(language: Language, read: tuple[ReadText, ...]) -> Language:
    """Return the language with every translation as it was last written."""
    words = {each.source: each.turned for each in read if each.turned}
    return replace(language, texts=MappingProxyType({**language.texts, **words}))


def draw(page: str, language: Language, shown: str) -> str:
    """Return a resident's page in the language, or in Swedish, with a menu of the two."""
    source = languages()[SOURCE]
    spoken = source if shown == SOURCE else language
    with speaking(spoken):
        named: dict[str, Any] = {"languages": (source, language), "language": spoken, "style": _style(page)}
        named["elsewhere"] = lambda tag: url_for("translation.show_page", page=page, shown=tag)
        template, more = _DRAWN[page]
        drawn = render_template(template, **named, **more())
    return _led_here(drawn, spoken.tag)


def _style(page: str) -> str:
    """Return what the page wears, and let the policy of this request know of the conversation sheet's looks."""
    if page != "conversation":
        return inline_assets().css
    request.environ[CONVERSATION] = True
    return inline_assets().conversation_css


def _led_here(drawn: str, shown: str) -> str:
    """Return a page whose links lead to the other pages here, and whose forms do too, with our mark in them."""
    for path, page in _LED.items():
        here = url_for("translation.show_page", page=page, shown=shown)
        for name in ("href", "action"):
            drawn = drawn.replace(f'{name}="{path}{shown}"', f'{name}="{here}"')
    # there is no round here, so there are no results to lead to
    drawn = drawn.replace(f' href="/results/{_EXAMPLE}/{shown}"', "")
    return _FORM.sub(lambda found: f"{found[0]}{csrf_field()}", drawn)


def _address(page: str) -> str:
    return f"{url_for('translation.list_pages')}{page}"


def _place() -> Place:
    return Place(key="exempel", name="Exempelenheten", level="unit", parent=None, huvudman="region")


def _round() -> Round:
    today, newest_version = services.today(), list(services.versions())[-1]
    return Round(
        key=_EXAMPLE,
        name="Exempel",
        opens=today,
        closes=today + timedelta(days=30),
        grace_days=0,
        version_patient=newest_version,
        version_provider=newest_version,
    )


def _sheet(page: str, role: str) -> Mapping[str, Any]:
    asked, place = _round(), _place()
    return {
        **{"place": place, "role": role, "address": _address(page), "needs_code": role == "provider"},
        **{"questions": services.versions()[asked.version(role)].questions[role], "intro": intro(role, place.name)},
        **{"closing_day": day(asked.closes), "others": asked.min_others(), "background": background_choices()},
        **{"smallest_group": MIN_RESIDENT_GROUP, "kiosk": "", "fields": None, "at": "0"},
        **{"code": "", "code_room": 0, "first_open": 1, "form_id": "", "notice": None, "films": {}},
    }


def _thanks() -> Mapping[str, Any]:
    asked = _round()
    shown = {"place": _place(), "round": asked, "closing_day": day(asked.closes), "host": "", "kiosk": "", "mark": ""}
    return shown | {"conversation": f"/conversation/{current_language().tag}"}


def _conversation() -> Mapping[str, Any]:
    here = url_for("translation.show_page", page="conversation", shown=current_language().tag)
    return sheet_parts(services.versions()[_round().version_patient]) | {"address": here}


def _kiosk() -> Mapping[str, Any]:
    address = _address("sheet")
    named = {"place": _place(), "address": address, "picture": qr_data_uri(f"{staff_address()}{address}")}
    return {**named, "round": _round(), "edition": "", "today": services.today()}


def _closed() -> Mapping[str, Any]:
    return {"place": _place(), "published": None, "own": False, "into": None, "cancelled": False, "ended": False}


_DRAWN: Mapping[str, tuple[str, Callable[[], Mapping[str, Any]]]] = {
    "sheet": ("answer/sheet.html", lambda: _sheet("sheet", "patient")),
    "staff-sheet": ("answer/sheet.html", lambda: _sheet("staff-sheet", "provider")),
    "thanks": ("answer/thanks.html", _thanks),
    "conversation": ("web/conversation.html", _conversation),
    "coming": ("answer/coming.html", lambda: {"place": _place(), "first_day": day(_round().opens)}),
    "closed": ("answer/closed.html", _closed),
    "find": ("answer/find.html", lambda: {"message": "", "found": None, "municipalities": [], "published": None}),
    "privacy": ("web/privacy.html", promised),
    "accessibility": ("web/accessibility.html", lambda: {"assessed": ASSESSED, "films": False}),
    "helping": ("web/helping.html", dict),
    "kiosk": ("answer/kiosk.html", _kiosk),
}
