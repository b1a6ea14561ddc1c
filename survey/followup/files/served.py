"""Files of a place: its figures for download, and its pictures as they were drawn for the edition."""

from flask import Blueprint, Response, abort
from sqlalchemy import Connection

from survey.followup.files import downloads
from survey.followup.place import bar
from survey.followup.place.place_access import authorise
from survey.followup.selection import Selection, load_report
from survey.publication import chart_store
from survey.store.database.engine import read_transaction
from survey.web.i18n.language import STAFF_LANGUAGES, current_language
from survey.web.request import services
from survey.web.signin.views import requires, requires_recent_sign_in
from survey.web.staff import audit_log

GROUP_PREFIXES = ("residents", "groups-")
LEVELS_OF_OURS = ("municipality", "unit")  # what a picture compares where the edition is not national


def add_file_pages(blueprint: Blueprint) -> None:
    """Add these addresses to the follow-up blueprint."""
    place = "/<int:number>/<node>"
    blueprint.add_url_rule(f"{place}/<name>.csv", "download_figures", download_figures, defaults={"kind": "csv"})
    blueprint.add_url_rule(f"{place}/<name>.<kind>", "download_figures", download_figures)
    blueprint.add_url_rule(f"{place}/<chart>.<language>.<theme>.svg", "chart_picture", chart_picture)


@requires("read_results")
@requires_recent_sign_in()
def download_figures(number: int, node: str, name: str, kind: str) -> Response:
    """Serve the place's published figures, all rounds up to this edition, as a spreadsheet or for a program."""
    if name not in ("figures", "gaps", bar.RESIDENTS, *chart_store.chart_names()) or kind not in downloads.formats():
        abort(404)
    with read_transaction(services.engine()) as connection:
        selection = _authorise_chart(connection, number, node, name)
        found = load_report(
            connection, selection, current_language(), chart_store.bodies_for(connection, number, node, name)
        )
    export, content = downloads.formats()[kind], downloads.export_table(found, name, kind, services.versions())
    audit_log.note("figures_taken", edition=number, place=node, file=name)
    saved_as = {"Content-Disposition": f'attachment; filename="{node}-{number}-{name}{export.suffix}"'}
    return Response(content, content_type=export.media_type, headers=saved_as)


@requires("read_results")
def chart_picture(number: int, node: str, chart: str, language: str, theme: str) -> Response:
    """Serve a picture of the place, as it was drawn once for this edition."""
    known = chart.removesuffix(chart_store.NARROW) in chart_store.chart_names()
    if not known or language not in STAFF_LANGUAGES or theme not in chart_store.THEMES:
        abort(404)
    with read_transaction(services.engine()) as connection:
        _authorise_chart(connection, number, node, chart)
    picture = chart_store.chart_svg(services.engine(), number, node, chart, language, theme)
    answer = Response(picture, mimetype="image/svg+xml")
    answer.cache_control.private = True
    answer.cache_control.max_age = 86_400
    answer.cache_control.immutable = True
    return answer


def _authorise_chart(connection: Connection, number: int, node: str, chart: str) -> Selection:
    """Return the place for one picture or its table; a comparison of places takes the right to read all of them."""
    access = authorise(connection, number, node, national=True)
    national = access.selection.is_national
    if chart.startswith(GROUP_PREFIXES) and not bar.has_page(access.selection.place, bar.RESIDENTS, national):
        abort(404)  # residents' groups are the region's alone
    if chart_store.compared_level(chart) in (LEVELS_OF_OURS if national else ("region",)):
        abort(404)
    if not access.may_compare(chart_store.compared_level(chart)):
        abort(403)
    return access.selection
