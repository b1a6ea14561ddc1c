"""The progress of each language, and why residents are not offered it. For translators, office and commands."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.domain.staff.translation_approvals import LEVELS, NEEDED, ReadText
from survey.domain.text.i18n import N_
from survey.store.staff import translation_approvals
from survey.web.i18n.approved_texts import read_texts
from survey.web.i18n.catalog_rules import UNREADABLE
from survey.web.i18n.language import Language, languages, offered, shipped_languages
from survey.web.i18n.language_files import SOURCE
from survey.web.i18n.languages_in_round import changed_languages
from survey.web.request import services

LEVEL_NAMES = {
    "missing": N_("Saknas"),
    "draft": N_("Utkast"),
    "reviewed": N_("Läst av en"),
    "approved": N_("Godkänd"),
}
CLASS_NEEDS = {
    "A": N_("Källan: läses av dem som skriver den."),
    "B": N_("En person läser varje text."),
    "C": N_("Två olika personer godkänner varje text."),
    "D": N_("En utbildad översättare godkänner varje text."),
}


@dataclass(frozen=True)
class Progress:
    """The progress of one language: texts by level as translators see them, and what residents are offered."""

    language: Language
    counts: Mapping[str, int]
    is_offered: bool
    is_marked: bool
    only_in_demo: bool
    waits_for_round: bool
    is_off: bool
    in_swedish: int = 0
    is_gone: bool = False

    @property
    def texts(self) -> int:
        """Return how many texts there are."""
        return sum(self.counts.values())

    @property
    def why_not(self) -> list[str]:
        """Return in the reader's words why residents are not offered it, or only with a mark; none when they are."""
        found = []
        if self.counts["missing"]:
            found.append(_("Texter som saknas: %(n)s.", n=self.counts["missing"]))
        if unread := self._unread:
            found.append(_("Texter som inte är lästa som språket kräver: %(n)s.", n=unread))
        found += self._faults
        all_read = not found
        found += self._of_round
        if self.is_off:
            found.append(_("Språket är avstängt i inställningarna."))
        if self.waits_for_round and all_read:
            found.append(_("Allt är godkänt. Det gäller när mätomgången är över."))
        elif self.waits_for_round and (not self.is_offered or self.is_marked):
            found.append(_("Det som godkänns nu gäller när mätomgången är över."))
        return found

    @property
    def _of_round(self) -> list[str]:
        if self.in_swedish:
            sentence = _("Texter som står på svenska tills mätomgången är över: %(n)s.", n=self.in_swedish)
            return [sentence]
        return [_("Språket gick att välja när mätomgången öppnades.")] if self.is_gone else []

    @property
    def _unread(self) -> int:
        too_low = LEVELS[: LEVELS.index(NEEDED[self.language.review_class])]
        return sum(self.counts[level] for level in too_low if level != "missing")

    @property
    def _faults(self) -> list[str]:
        if any(fault.rule == UNREADABLE for fault in self.language.faults):
            return [_("Språkets fil går inte att läsa.")]
        refused = {fault.text for fault in self.language.faults}
        return [_("Texter i språkets fil som bryter mot reglerna: %(n)s.", n=len(refused))] if refused else []


def progress_of(
    language: Language, texts: Iterable[ReadText], asking: str | None, gone: Collection[str] = ()
) -> Progress:
    """Return how far a language has come, by its texts as translators see them; `gone` names those lost in a round."""
    held = list(texts)
    counts = Counter(each.level for each in held)
    now = languages()[language.tag]
    approved = {row.round for each in held for row in each.approvals}
    written = {row.round for each in held for row in each.wordings}
    waits = asking is not None and asking in approved | written
    is_offered = offered(language.tag) is not None
    offer = (is_offered, is_offered and now.unreviewed, is_offered and not now.offered)
    off = language.tag in services.settings().disabled_languages
    by_level = {level: counts[level] for level in LEVEL_NAMES}
    return Progress(language, by_level, *offer, waits, off, now.in_swedish, language.tag in gone)


def all_progress(connection: Connection) -> list[Progress]:
    """Return how far every language has come, the source left out."""
    approvals, wordings = translation_approvals.everything(connection)
    asking, gone = translation_approvals.asking_round(connection), changed_languages(connection).gone
    return [
        progress_of(each, read_texts(each, approvals, wordings), asking, gone)
        for each in shipped_languages().values()
        if each.tag != SOURCE
    ]
