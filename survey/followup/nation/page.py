"""/staff/followup/<number>/<node>/regions: the regions that a national edition is of, and those that it is not of."""

from flask import Blueprint, abort, render_template

from survey.followup.nation.included_regions import regions_context
from survey.followup.place import bar
from survey.followup.place.figure_text import Context
from survey.followup.place.place_access import authorise, cached_context
from survey.followup.selection import PlaceReport
from survey.publication import edition_reader
from survey.store.database.engine import read_transaction
from survey.web.request import services
from survey.web.signin.views import requires

blueprint = Blueprint("nation", __name__)


@blueprint.get("/<int:number>/<node>/regions")
@requires("read_results")
def regions_page(number: int, node: str) -> str:
    """Show which regions stand in the figures, and of the others why not; only a national edition has it."""
    with read_transaction(services.engine()) as connection:
        if edition_reader.find_national(connection, number) is None:
            abort(404)  # whoever asks
        access = authorise(connection, number, node, national=True)
        if not bar.has_page(access.selection.place, bar.REGIONS, access.selection.is_national):
            abort(404)

        def make(found: PlaceReport) -> Context:
            return {"bar": bar.page_bar(found, access, bar.REGIONS)} | regions_context(found)

        context = cached_context(connection, bar.REGIONS, access, make)
    return render_template("followup/regions.html", **context)
