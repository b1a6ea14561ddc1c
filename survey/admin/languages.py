"""/staff/admin/languages: how far each language has come, whether residents are offered it, and why not."""

from flask import Blueprint, render_template

from survey.store.database.engine import read_transaction
from survey.web.i18n.language_progress import LEVEL_NAMES, all_progress
from survey.web.request import services
from survey.web.signin.views import requires

blueprint = Blueprint("languages", __name__, url_prefix="/languages")


@blueprint.get("/")
@requires("admin")
def list_languages() -> str:
    """Show every language: its texts by level, and what residents are offered."""
    with read_transaction(services.engine()) as connection:
        found = all_progress(connection)
    return render_template("admin/languages.html", found=found, levels=LEVEL_NAMES)
