"""Warnings beside an address that looks like another, for the pages where somebody decides by it."""

from flask_babel import gettext

from survey.domain.text.i18n import N_
from survey.domain.text.lookalikes import confusables, unicode_address

LOOKALIKE_WARNING = N_("Se upp: adressen har tecken som kan förväxlas: %(signs)s.")
READ_AS = N_("Den läses som %(address)s.")


def lookalike_warnings(address: object) -> list[str]:
    """Return sentences on what the eye can't see of an address; none for what is no address."""
    text = str(address)
    if "@" not in text and "://" not in text:
        return []
    signs = ", ".join(f"{odd.sign} ({gettext(odd.kind)})" for odd in confusables(text))
    warnings = [gettext(LOOKALIKE_WARNING, signs=signs)] if signs else []
    shown = unicode_address(text)
    return warnings + ([gettext(READ_AS, address=shown)] if shown != text else [])
