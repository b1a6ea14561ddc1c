"""The reading, approving and writing of a translator, each change in one transaction with its line in the audit log."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask import abort
from sqlalchemy import Connection

from survey.domain.staff.translation_approvals import Approval, ReadText, Wording, fingerprint, reached
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.staff import translation_approvals
from survey.web.i18n.approved_texts import invalidate, read_texts
from survey.web.i18n.language import Language, shipped_languages
from survey.web.request import services
from survey.web.signin.views import signed_in
from survey.web.staff import audit_log
from survey.web.staff.edit_conflicts import EditConflict


@dataclass(frozen=True)
class Desk:
    """A translator's language as it stands: its texts, and the round in which units are being asked."""

    language: Language
    texts: tuple[ReadText, ...]
    asking: str | None

    def text(self, source_hash: str) -> ReadText:
        """Return the text with this fingerprint; 404 where there is none."""
        return next((each for each in self.texts if fingerprint(each.source) == source_hash), None) or abort(404)


def own_language() -> Language:
    """Return the language of the person signed in; 404 where its folder is gone."""
    return shipped_languages().get(signed_in().language) or abort(404)


def desk(connection: Connection) -> Desk:
    """Return the texts of the translator's language as they stand in this transaction."""
    language = own_language()
    approvals, wordings = translation_approvals.of_language(connection, language.tag)
    texts = read_texts(language, approvals, wordings)
    return Desk(language, tuple(texts), translation_approvals.asking_round(connection))


def read_desk() -> Desk:
    """Return the texts of the translator's language as they stand now."""
    with read_transaction(services.engine()) as connection:
        return desk(connection)


def shown_fingerprints(texts: Iterable[ReadText]) -> tuple[tuple[str, str], ...]:
    """Return what a page showed of some texts: each with its translation, by their fingerprints."""
    return tuple((fingerprint(each.source), fingerprint(each.turned)) for each in texts)


def approvable(texts: Iterable[ReadText]) -> list[ReadText]:
    """Return the texts that this person can approve: translated, and not approved by them already."""
    me = signed_in().id
    return [each for each in texts if each.turned and not each.approved_by(me)]


def left(texts: Iterable[ReadText]) -> list[ReadText]:
    """Return the texts that are left for this person to translate or approve."""
    me = signed_in().id
    return [each for each in texts if not each.turned or not each.approved_by(me)]


def awaiting_another(texts: Iterable[ReadText]) -> list[ReadText]:
    """Return the texts that this person has approved and that somebody else still has to."""
    me = signed_in().id
    return [each for each in texts if each.approved_by(me) and not each.is_read]


def approve(among: Callable[[Desk], Sequence[ReadText]], same: Callable[[Sequence[ReadText]], bool], kind: str) -> int:
    """Approve what is left to approve of some texts; raise EditConflict where `same` says they changed."""
    with write_transaction(services.engine()) as connection:
        here = desk(connection)
        texts = among(here)
        if not same(texts):
            raise EditConflict
        wanted = approvable(texts)
        for each in wanted:
            store_approval(connection, here, each, each.turned)
        if wanted:
            note = audit_log.event_note("texts_approved", language=here.language.tag, kind=kind, count=len(wanted))
            note(connection)
    invalidate()
    return len(wanted)


def propose(source_hash: str, wording: str, same: Callable[[ReadText], bool]) -> None:
    """Store a better wording, which counts as read by its author; raise EditConflict where it is not what was read."""
    with write_transaction(services.engine()) as connection:
        here = desk(connection)
        text = here.text(source_hash)
        if not same(text):
            raise EditConflict
        store_wording(connection, here, text, wording)
        audit_log.event_note("wording_proposed", language=here.language.tag, text=text.source[:60])(connection)
    invalidate()


def store_wording(connection: Connection, here: Desk, text: ReadText, wording: str) -> None:
    """Store a wording as the next version of its text, with its author's own approval."""
    me, today = signed_in(), services.today()
    key = fingerprint(text.source)
    version = text.version + 1
    over = fingerprint(text.catalog)
    made = Wording(here.language.tag, key, version, wording, over, me.id, me.role, today, here.asking)
    translation_approvals.propose(connection, made)
    if all(each.account != me.id for each in text.approvals_of(wording)):
        store_approval(connection, here, text, wording, made)


def store_approval(
    connection: Connection, here: Desk, text: ReadText, turned: str, made: Wording | None = None
) -> None:
    """Store this person's approval of one translation, with the level that it brings the translation to."""
    me = signed_in()
    fields = (here.language.tag, fingerprint(text.source), fingerprint(turned), me.id, me.role)
    first = Approval(*fields, "", services.today(), here.asking)
    author = text.author_of(turned)
    author = made.account if author is None and made else author
    level = reached(here.language.review_class, author, (*text.approvals_of(turned), first))
    translation_approvals.approve(connection, Approval(*fields, level, services.today(), here.asking))
