"""Who makes a new link for whom: one coordinator for others, two for a coordinator. For the office's people."""

from survey.domain.marking import N_
from survey.office.accounts import CHANGED, CLOSED, COORDINATOR, GONE, Refused
from survey.store import new_links, people
from survey.store.engine import writing
from survey.store.people import Person
from survey.web import audit, house
from survey.web import new_links as links

ANOTHER = N_("En annan samordnare än den som bad om länken behöver göra den.")


def make(person_id: int, by: int) -> str | None:
    """A new link's secret; None when the account is a coordinator's, and another coordinator must make it."""
    with writing(house.engine()) as connection:
        people.coordinators_alone(connection)
        person = _open(people.person_by_id(connection, person_id))
        if person.role == COORDINATOR:
            new_links.ask(connection, person_id, by)
            audit.deed("new_link_asked", person=person.email)(connection)
            return None
        secret = links.make(connection, person, by)
        audit.deed("new_link_made", person=person.email)(connection)
    return secret


def confirm(person_id: int, by: int) -> str:
    """The secret of the link that another coordinator asked for."""
    with writing(house.engine()) as connection:
        coordinators = people.coordinators_alone(connection)
        person, asked = _open(people.person_by_id(connection, person_id)), new_links.of_person(connection, person_id)
        if asked is None or asked.made is not None or asked.asked_by not in coordinators:
            raise Refused(CHANGED)
        if by == asked.asked_by or by not in coordinators:
            raise Refused(ANOTHER)
        secret = links.make(connection, person, by)
        audit.deed("new_link_made", person=person.email)(connection)
    return secret


def refuse(person_id: int) -> None:
    """Forget a link that is asked for, and none that was made; any coordinator may."""
    with writing(house.engine()) as connection:
        person, asked = people.person_by_id(connection, person_id), new_links.of_person(connection, person_id)
        if person is None or asked is None or asked.made is not None:
            raise Refused(CHANGED)
        new_links.remove(connection, person_id)
        audit.deed("new_link_refused", person=person.email)(connection)


def _open(person: Person | None) -> Person:
    if person is None:
        raise Refused(GONE)
    if not person.active:
        raise Refused(CLOSED)
    return person
