"""Approvals and wordings of translators. Rows are added and never changed, so that their number tells of news."""

from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from survey.domain.rounds.lifecycle import ASKING
from survey.domain.staff.translation_approvals import Approval, Wording
from survey.store.tables import offered_language, proposed_wording, round_, text_approval

_APPROVALS = sa.select(text_approval).order_by(text_approval.c.approved_on, text_approval.c.account)
_WORDINGS = sa.select(proposed_wording).order_by(proposed_wording.c.source_hash, proposed_wording.c.version)
_APPROVALS_OF = _APPROVALS.where(text_approval.c.language == sa.bindparam("wanted"))
_WORDINGS_OF = _WORDINGS.where(proposed_wording.c.language == sa.bindparam("wanted"))
_ROUND = sa.select(round_.c.key).where(round_.c.state.in_(ASKING)).order_by(round_.c.opens).limit(1)


def _in_force(table: sa.Table) -> sa.ScalarSelect[int]:
    counts = sa.or_(table.c.round.is_(None), table.c.round.not_in(_ROUND))
    return sa.select(sa.func.count()).select_from(table).where(counts).scalar_subquery()


_NEWS = sa.select(_in_force(text_approval), _in_force(proposed_wording), _ROUND.scalar_subquery())
_APPROVE = sa.insert(text_approval)
_PROPOSE = sa.insert(proposed_wording)
_OFFERED = sa.select(offered_language.c.language).where(offered_language.c.round == sa.bindparam("wanted"))
_OFFER = sa.insert(offered_language)


class News(NamedTuple):
    """The number of approvals and wordings in force, and the round in which units are being asked, if any."""

    approvals: int
    wordings: int
    asking: str | None


def news(connection: Connection) -> News:
    """Return a sign of what there is: the same as long as nothing is new and no round has begun or ended."""
    return News(*connection.execute(_NEWS).one())


def asking_round(connection: Connection) -> str | None:
    """Return the key of the round in which units are being asked, or None between rounds."""
    return connection.scalar(_ROUND)


def everything(connection: Connection) -> tuple[list[Approval], list[Wording]]:
    """Return all approvals and wordings, of every language; versions of a text in their order."""
    approvals = [Approval(**row._mapping) for row in connection.execute(_APPROVALS)]
    return approvals, [Wording(**row._mapping) for row in connection.execute(_WORDINGS)]


def of_language(connection: Connection, tag: str) -> tuple[list[Approval], list[Wording]]:
    """Return the approvals and wordings of one language."""
    approvals = [Approval(**row._mapping) for row in connection.execute(_APPROVALS_OF, {"wanted": tag})]
    return approvals, [Wording(**row._mapping) for row in connection.execute(_WORDINGS_OF, {"wanted": tag})]


def approve(connection: Connection, approval: Approval) -> None:
    """Store an approval; raise DatabaseConflict where this person has approved the same already."""
    connection.execute(_APPROVE, vars(approval))


def propose(connection: Connection, wording: Wording) -> None:
    """Store a wording; raise DatabaseConflict where somebody else has just written the same version."""
    connection.execute(_PROPOSE, vars(wording))


def languages_offered_in(connection: Connection, round_key: str) -> frozenset[str]:
    """Return the tags of the languages that residents could choose when the round was opened."""
    return frozenset(connection.scalars(_OFFERED, {"wanted": round_key}))


def note_offered(connection: Connection, round_key: str, tags: Iterable[str]) -> None:
    """Store what residents may choose as a round is opened, in place of what an opening that was refused stored."""
    connection.execute(sa.delete(offered_language).where(offered_language.c.round == round_key))
    connection.execute(_OFFER, [{"round": round_key, "language": tag} for tag in tags])
