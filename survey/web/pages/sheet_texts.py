"""The texts around the seven questions that depend on who is asked. For the answer pages and the translators'."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from survey.domain.questions.responses import LABELS
from survey.web.i18n.language import offered_languages
from survey.web.i18n.region_texts import texts
from survey.web.pages.public_pages import swedish, unit_name


def intro(role: str, name: str) -> Mapping[str, str]:
    """Return the heading of the sheet that a unit asks this role, and the sentence on why."""
    region, unit = swedish(texts().region), unit_name(name)
    if role == "patient":
        title = _("Sju frågor om din vård")
        purpose = _(
            "%(region)s frågar dig som har kontakt med %(unit)s. Svaren används för att göra vården bättre. "
            "Det tar ungefär tre minuter.",
            region=region,
            unit=unit,
        )
    else:
        title = _("Sju frågor om hur ni arbetar")
        purpose = _(
            "%(region)s frågar dig som arbetar på %(unit)s. Svaren jämförs med vad invånarna svarar. "
            "Det tar ungefär tre minuter.",
            region=region,
            unit=unit,
        )
    return {"title": title, "purpose": purpose}


def background_choices() -> dict[str, Any]:
    """Return what may be chosen for each question on the person who answers."""
    labels_by_name: dict[str, Any] = {name: list(labels.items()) for name, labels in LABELS.items()}
    return labels_by_name | {"language_used": [(language.tag, language.name) for language in offered_languages()]}
