"""The texts of a language in groups, as a resident meets them. For the translators' lists."""

from collections.abc import Iterable
from dataclasses import dataclass

from survey.domain.staff.translation_approvals import ReadText
from survey.domain.text.i18n import N_

REST = "rest"
_OPTION = "answer"


@dataclass(frozen=True)
class Group:
    """A group of texts: its name, and the beginnings of the files where they stand."""

    name: str
    places: tuple[str, ...]


GROUPS = {
    "questions": Group(N_("Frågorna"), ("survey/questionnaires/", "survey/domain/questions/questionnaire.py")),
    "options": Group(N_("Svarsvalen"), ("survey/questionnaires/", "survey/domain/questions/responses.py")),
    "sheet": Group(
        N_("Formuläret"),
        (
            *("survey/web/pages/sheet_texts.py", "survey/templates/answer/sheet.html"),
            *("survey/templates/_fields.html", "survey/templates/_promise.html"),
            *("survey/answer/notices.py", "survey/templates/base.html"),
            "survey/templates/_draft_translation.html",
        ),
    ),
    "thanks": Group(N_("Tacksidan"), ("survey/templates/answer/thanks.html",)),
    "conversation": Group(
        N_("Samtalsunderlag"),
        (
            *("survey/templates/web/conversation.html", "survey/templates/web/_conversation.html"),
            "survey/web/pages/conversation_requests.py",
        ),
    ),
    "finding": Group(
        N_("Hitta sin enhet"),
        (
            *("survey/templates/answer/find.html", "survey/templates/answer/_find.html"),
            *("survey/templates/answer/units.html", "survey/templates/answer/closed.html"),
            *("survey/templates/answer/coming.html", "survey/answer/unit_search.py"),
        ),
    ),
    "results": Group(
        N_("Resultaten"),
        (
            *("survey/templates/answer/results", "survey/templates/answer/_figures.html"),
            *("survey/templates/answer/not_published.html", "survey/domain/rounds/", "survey/domain/text/number_words"),
        ),
    ),
    "privacy": Group(N_("Så skyddas svaren"), ("survey/templates/web/privacy.html",)),
    "accessibility": Group(N_("Tillgänglighet"), ("survey/templates/web/accessibility.html",)),
    "helping": Group(N_("Hjälpa någon att svara"), ("survey/templates/web/helping.html",)),
    "kiosk": Group(
        N_("Surfplattan i väntrummet"),
        (
            *("survey/templates/answer/kiosk", "survey/templates/answer/_kiosk.html"),
            *("survey/templates/answer/pair", "survey/answer/kiosk/"),
        ),
    ),
    "letters": Group(N_("Brev, lappar, affischer och meddelanden"), ("survey/templates/channels/",)),
    "errors": Group(N_("När något går fel"), ("survey/web/pages/error_pages.py", "survey/templates/web/error.html")),
    REST: Group(N_("Övrigt"), ("",)),
}


def group_of(text: ReadText) -> str:
    """Return the key of the group in which a resident first meets the text."""
    met = (key for key, group in GROUPS.items() if any(place.startswith(group.places) for place in text.places))
    key = next(met, REST)
    return "options" if key == "questions" and any(note.startswith(_OPTION) for note in text.notes) else key


def _met(text: ReadText, group: str) -> int:
    """Return which of the files of its group the text stands in: residents meet them in that order."""
    begins = GROUPS[group].places
    return next((n for n, each in enumerate(begins) if any(p.startswith(each) for p in text.places)), len(begins))


def grouped(texts: Iterable[ReadText]) -> dict[str, list[ReadText]]:
    """Return the texts by group, every group in the order that a resident meets them; none is left out."""
    found: dict[str, list[ReadText]] = {key: [] for key in GROUPS}
    for each in texts:
        found[group_of(each)].append(each)
    return {key: sorted(held, key=lambda each: _met(each, key)) for key, held in found.items() if held}
