"""Downloads of figures, with the code book beside them in the reader's language. For the follow-up views."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from survey.domain.questions.questionnaire import QUESTIONS, ROLES, Version
from survey.followup.files.download_tables import table
from survey.followup.selection import Reading

if TYPE_CHECKING:
    from analysis.files.exports import Export


def formats() -> "Mapping[str, Export]":
    """Return the file formats of figures: first what people open, then what programs read."""
    from analysis.files.exports import EXPORTS

    return EXPORTS


def as_file(reading: Reading, name: str, kind: str, versions: Mapping[str, Version]) -> bytes:
    """Return the named table in this format, the same bytes each time; raise KeyError for an unknown format."""
    from analysis.files.codebook import book

    figures = table(reading, name)
    if reading.edition.get("invented"):
        figures = figures.assign(note=_("påhittade svar"))
    return formats()[kind](figures, book(reading.bodies, reading.texts, _asked(reading, versions)))


def _asked(reading: Reading, versions: Mapping[str, Version]) -> dict[tuple[str, str, str], str]:
    """Return each version's questions, in the reader's language."""
    used = {(body["versions"][role], role) for body in reading.bodies for role in ROLES}
    return {
        (version, role, question): reading.texts.gettext(versions[version].question(role, question).text)
        for version, role in used
        for question in QUESTIONS
    }
