"""/staff/office: what the coordinator keeps, as a short list. Each part has a file of its own."""

from flask import Blueprint, current_app, render_template

from survey.domain.marking import N_
from survey.office import mailed, people, places, rounds, texts
from survey.web.signin import requires

blueprint = Blueprint("office", __name__, url_prefix="/staff/office")
for each in (rounds, places, people, mailed, texts):
    blueprint.register_blueprint(each.blueprint)

KEPT = (
    ("office.rounds.start", N_("Mätomgångar"), N_("När det frågas, vad, och när resultaten publiceras.")),
    ("office.places.start", N_("Platser"), N_("Kommuner och enheter: vad de heter och var de hör hemma.")),
    ("office.people.start", N_("Konton"), N_("Vilka som kan logga in, och vad de gör här.")),
    ("office.texts.start", N_("Regionens texter"), N_("Det som står på sidorna om vem ni är och var man når er.")),
)


@blueprint.get("/")
@requires("coordinator")
def start() -> str:
    """The parts that this installation has."""
    return render_template("office/start.html", kept=[each for each in KEPT if each[0] in current_app.view_functions])
