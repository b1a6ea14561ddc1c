"""/staff/admin/texts: the coordinator writes the region's own texts. Only what was changed is stored."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.domain.text.clean_text import REPLACEMENT_CHARACTER, clean_text, one_line, printable
from survey.domain.text.i18n import N_
from survey.store.database.engine import DatabaseConflict, read_transaction, write_transaction
from survey.store.published import region_texts
from survey.web.i18n.region_texts import KEYS, from_settings, reload_texts
from survey.web.request import services
from survey.web.signin.views import requires
from survey.web.staff import audit_log

blueprint = Blueprint("region_texts", __name__, url_prefix="/texts")
MAX_LENGTH = 300
LABELS = {
    "unit_word": (N_("Vad en enhet kallas"), N_("Ett ord i singular, till exempel hälsocentral eller vårdcentral.")),
    "contact": (N_("Kontakt för frågor"), N_("Vart man vänder sig med en fråga om enkäten.")),
    "controller": (N_("Personuppgiftsansvarig"), N_("Vem som ansvarar för personuppgifterna, och hur man når dem.")),
    "dpo": (N_("Dataskyddsombud"), N_("Hur man når dataskyddsombudet.")),
    "accessibility": (
        N_("Kontakt om tillgänglighet"),
        N_("Vart man vänder sig när något inte går att använda. Tomt: kontakten för frågor."),
    ),
    "accessibility_exceptions": (
        N_("Undantag från tillgänglighet"),
        N_(
            "Vad som är oskäligt betungande att göra tillgängligt, eller som lagen inte gäller, och varför. "
            "På svenska. Tomt: inga undantag."
        ),
    ),
}
WILL_NOT_DO = N_("Skriv vanlig text på en rad, högst 300 tecken.")


@blueprint.get("/")
@requires("admin")
def show_form() -> str:
    """Show all the texts, as they stand."""
    return _page(_stored())


@blueprint.post("/")
@requires("admin")
def save_texts() -> ResponseReturnValue:
    """Store the texts that this person has changed, all or none."""
    typed = {key: request.form.get(key, "").strip() for key in KEYS}
    was = {key: request.form.get(f"was_{key}", "") for key in KEYS}
    if wrong := [
        key for key, text in typed.items() if len(text) > MAX_LENGTH or "\n" in text or REPLACEMENT_CHARACTER in text
    ]:
        # Text that could not be read is dropped, so that the rest can be mended.
        shown = {key: printable(text) for key, text in typed.items()}
        return _page(_stored(), shown, wrong, was=was), 422
    try:
        saved = _keep({key: one_line(text) for key, text in typed.items() if text != was[key]}, was)
    except DatabaseConflict:
        saved = False
    if not saved:
        # Texts this person did not change are shown as they stand now; those they wrote stay in the form.
        stored = _stored()
        own = {key: text if text != was[key] else stored.get(key, "") for key, text in typed.items()}
        return _page(stored, own, moved=True), 409
    reload_texts()
    return redirect(url_for(".show_form", saved=1))


def _keep(changed: dict[str, str], was: dict[str, str]) -> bool:
    with write_transaction(services.engine()) as connection:
        stored = region_texts.all_texts(connection)
        if any(clean_text(stored.get(key, "")) != was[key] for key in changed):
            return False
        for key, text in changed.items():
            region_texts.save(connection, key, text)
            audit_log.event_note("text_changed", text=key)(connection)
    return True


def _stored() -> dict[str, str]:
    with read_transaction(services.engine()) as connection:
        return region_texts.all_texts(connection)


def _page(
    stored: dict[str, str],
    written: dict[str, str] | None = None,
    wrong: Sequence[str] = (),
    was: dict[str, str] | None = None,
    moved: bool = False,
) -> str:
    usual = from_settings(services.settings())
    return render_template(
        "admin/region_texts.html",
        labels=LABELS,
        stored=stored,
        written=stored if written is None else written,
        usual=usual,
        wrong=wrong,
        problem=WILL_NOT_DO,
        was=stored if was is None else was,
        moved=moved,
        longest=MAX_LENGTH,
        saved="saved" in request.args,
    )
