"""/staff/admin: the coordinator's first page. Each part has a module of its own."""

from flask import Blueprint, current_app, render_template

from survey.admin import languages, region_texts, waiting
from survey.admin.accounts import mailed_links, views
from survey.admin.desk import admin_overview
from survey.admin.places import views as places
from survey.admin.rounds import round_changes
from survey.admin.rounds import views as rounds
from survey.admin.rounds.round_transitions import STATE_NAMES
from survey.domain.text.i18n import N_
from survey.store.database.engine import read_transaction
from survey.web.request import services
from survey.web.signin.views import requires, signed_in

blueprint = Blueprint("admin", __name__, url_prefix="/staff/admin")
for each in (rounds, round_changes, places, views, mailed_links, region_texts, languages, waiting):
    blueprint.register_blueprint(each.blueprint)

KEPT = (
    ("admin.rounds.list_rounds", N_("Mätomgångar"), N_("När det frågas, vad, och när resultaten publiceras.")),
    ("admin.places.list_places", N_("Platser"), N_("Kommuner och enheter: vad de heter och var de hör hemma.")),
    ("admin.accounts.list_accounts", N_("Konton"), N_("Vilka som kan logga in, och vad de gör här.")),
    (
        "admin.region_texts.show_form",
        N_("Regionens texter"),
        N_("Det som står på sidorna om vem ni är och var man når er."),
    ),
    ("admin.languages.list_languages", N_("Språken"), N_("Hur långt varje språk har kommit, och vilka som erbjuds.")),
)


@blueprint.get("/")
@requires("admin")
def index() -> str:
    """Show the current round, the next and what waits; then the parts that this installation has."""
    sections = [each for each in KEPT if each[0] in current_app.view_functions]
    with read_transaction(services.engine()) as connection:
        found = admin_overview(connection, signed_in().id, services.today())
    return render_template(
        "admin/start.html", sections=sections, desk=found, states=STATE_NAMES, today=services.today()
    )
