"""/staff/followup/<number>/<node>/who: a place's respondents against those asked and the population."""

from collections.abc import Sequence
from hashlib import sha256

from flask import Blueprint, render_template
from sqlalchemy import Connection

from survey.domain.records.population import Population
from survey.followup.place import bar
from survey.followup.place.opened import Said, opened, said_of
from survey.followup.selection import Reading
from survey.followup.who import by_way, people, rates
from survey.store.database.engine import read_transaction
from survey.store.published import plan_records
from survey.web.request import services
from survey.web.signin.views import requires, signed_in

blueprint = Blueprint("who", __name__)
People = Sequence[Population]


@blueprint.get("/<int:number>/<node>/who")
@requires("read_results")
def page(number: int, node: str) -> str:
    """Show response rates and silent units; for the region also the respondents' make-up and ways of answering."""
    with read_transaction(services.engine()) as connection:
        here = opened(connection, number, node)
        known = _known(connection)

        def make(read: Reading) -> Said:
            found = {"bar": bar.bar(read, here, bar.WHO), "rates": rates.said(read, here)}
            if read.place["level"] != bar.TOP:
                return found
            return found | {"people": people.said(read, known), "ways": by_way.said(read)}

        # What is said stays as it is for as long as the population does.
        said = said_of(connection, f"{bar.WHO} {sha256(repr(known).encode()).hexdigest()}", here, make)
    return render_template("followup/who.html", **said, may_write=signed_in().may("write_plan"))


def _known(connection: Connection) -> People:
    found = [each.record for each in plan_records.POPULATION.newest(connection) if each.record.ended_on is None]
    return sorted(found, key=lambda each: each.identity())
