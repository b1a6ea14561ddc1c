"""Downloads of figures, with the code book beside them in the reader's language. For the follow-up views."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from survey.domain.questions.questionnaire import QUESTIONS, ROLES, Version
from survey.followup.files.download_tables import download_table
from survey.followup.selection import PlaceReport

if TYPE_CHECKING:
    from analysis.files.exports import Export


def formats() -> "Mapping[str, Export]":
    """Return the file formats of figures: first what people open, then what programs read."""
    from analysis.files.exports import EXPORTS

    return EXPORTS


def export_table(report: PlaceReport, name: str, kind: str, versions: Mapping[str, Version]) -> bytes:
    """Return the named table in this format, the same bytes each time; raise KeyError for an unknown format."""
    from analysis.files.codebook import code_book

    figures = download_table(report, name)
    if report.edition.get("invented"):
        figures = figures.assign(note=_("påhittade svar"))
    return formats()[kind](figures, code_book(report.bodies, report.texts, _question_texts(report, versions)))


def _question_texts(report: PlaceReport, versions: Mapping[str, Version]) -> dict[tuple[str, str, str], str]:
    """Return each version's questions, in the reader's language."""
    used = {(body["versions"][role], role) for body in report.bodies for role in ROLES}
    return {
        (version, role, question): report.texts.gettext(versions[version].question(role, question).text)
        for version, role in used
        for question in QUESTIONS
    }
