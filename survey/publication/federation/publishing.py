"""The publication of a national edition: made from what is gathered, numbered, and kept as any edition.

For the command line. The same content is the same edition; where something else has been gathered since, the period
gets another, and the one before stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine

from survey.domain.questions.questionnaire import Version
from survey.publication import edition_reader
from survey.publication.edition import canonical
from survey.publication.federation.contributions import Contribution, Period, contribution
from survey.publication.federation.national import national_body
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.published import editions, gathered


@dataclass(frozen=True)
class National:
    """A period's national edition as it is to be: what is named in it, and in which words it was asked."""

    period: Period
    version: Version
    expected: int


@dataclass(frozen=True)
class PublishedNational:
    """A national edition in the store: its number, its body, and whether it was there before."""

    number: int
    body: dict[str, Any]
    was_there: bool


def contributions_of(connection: Connection, period: Period) -> list[Contribution]:
    """Return what every trusted installation contributes to a period."""
    sources = gathered.sources(connection)
    return [contribution(each, gathered.editions_of(connection, each.key), period) for each in sources]


def publish_national(
    engine: Engine, national: National, contributions: Sequence[Contribution], today: date
) -> PublishedNational:
    """Publish a period's national edition; return the one that is there where it says the same already.

    Raises NoContribution, and publishes nothing, where no region has an edition in the period.
    """
    period = national.period
    with read_transaction(engine) as connection:
        newest = {each.head["round"]["key"]: each for each in edition_reader.latest_by_period(connection)}
    before = newest.pop(period.key, None)
    earlier = [each.body_of_place(None) for each in newest.values()]
    body = national_body(period, contributions, national.version, expected=national.expected, earlier=earlier)
    there = before.body_of_place(None) if before is not None else {}
    if there == body | {"number": there.get("number")}:
        return PublishedNational(there["number"], there, was_there=True)
    with write_transaction(engine) as connection:
        body["number"] = editions.next_number(connection)
        text, sha256 = canonical(body)
        editions.add_national(connection, period.key, text, sha256, today)
    return PublishedNational(body["number"], body, was_there=False)
