"""Reading rights to a meeting pack: those who may read all its places. Drafts are for those who write them."""

from collections.abc import Sequence

from flask import abort
from sqlalchemy import Connection

from survey.domain.places.place_tree import Place
from survey.followup.access import known_to, readable, reads_all
from survey.publication import edition_reader
from survey.store.database.engine import read_transaction
from survey.store.published import packs
from survey.store.published.packs import Pack, PackDecision, PackIsFrozen
from survey.web.request import services
from survey.web.signin.views import signed_in


def may_read(connection: Connection, pack: Pack) -> bool:
    """Return whether the signed-in person may read the pack: by the places of its edition, not those of today."""
    return _readable(connection, pack, known_to(connection, signed_in().role))


def _readable(connection: Connection, pack: Pack, known: Sequence[Place]) -> bool:
    person = signed_in()
    if pack.number is None:
        return person.may("write_plan")
    if reads_all(person.role):
        return True
    edition = edition_reader.find_edition(connection, pack.edition)
    return edition is not None and set(pack.places) <= readable(person.role, person.place, edition.head, known)


def readable_decisions(connection: Connection) -> list[tuple[Pack, list[PackDecision]]]:
    """Return the decisions of the frozen packs that the person may read, the newest first."""
    found = packs.meetings(connection)
    known = known_to(connection, signed_in().role) if found else ()
    return [(pack, own) for pack, own in found if _readable(connection, pack, known)]


def authorise(pack: str) -> Pack:
    """Return the pack if the person may read it; else abort with 404 or 403."""
    with read_transaction(services.engine()) as connection:
        found = packs.get(connection, pack)
        if found is None:
            abort(404)
        if not may_read(connection, found):
            abort(403)
    return found


def require_draft(pack: str) -> Pack:
    """Return the pack as a draft; raise PackIsFrozen when it is one no longer."""
    found = authorise(pack)
    if found.number is not None:
        raise PackIsFrozen(f"pack {found.number} is frozen")
    return found
