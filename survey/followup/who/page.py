"""/staff/followup/<number>/<node>/who: a place's respondents against those asked and the population."""

from collections.abc import Sequence
from hashlib import sha256

from flask import Blueprint, render_template
from sqlalchemy import Connection

from survey.domain.records.population import Population
from survey.followup.place import bar
from survey.followup.place.figure_text import Context
from survey.followup.place.place_access import authorise, cached_context
from survey.followup.selection import PlaceReport
from survey.followup.who import by_mode, composition, rates
from survey.store.database.engine import read_transaction
from survey.store.published import plan_records
from survey.web.request import services
from survey.web.signin.views import requires, signed_in

blueprint = Blueprint("who", __name__)
PopulationTable = Sequence[Population]


@blueprint.get("/<int:number>/<node>/who")
@requires("read_results")
def respondents_page(number: int, node: str) -> str:
    """Show response rates and silent units; for the region also the respondents' make-up and ways of answering."""
    with read_transaction(services.engine()) as connection:
        access = authorise(connection, number, node)
        known = _populations(connection)

        def make(read: PlaceReport) -> Context:
            found = {"bar": bar.page_bar(read, access, bar.WHO), "rates": rates.rates_context(read, access)}
            if read.place["level"] != bar.TOP:
                return found
            return found | {
                "people": composition.composition_context(read, known),
                "modes": by_mode.modes_context(read),
            }

        # What is said stays as it is for as long as the population does.
        context = cached_context(connection, f"{bar.WHO} {sha256(repr(known).encode()).hexdigest()}", access, make)
    return render_template("followup/who.html", **context, may_write=signed_in().may("write_plan"))


def _populations(connection: Connection) -> PopulationTable:
    found = [each.record for each in plan_records.POPULATION.newest(connection) if each.record.ended_on is None]
    return sorted(found, key=lambda each: each.identity())
