"""Pages that say why nothing can be done for a unit, in the staff's dress and with a way back. For the unit views."""

from collections.abc import Mapping
from typing import NoReturn

from flask import Response, abort, render_template, url_for
from flask_babel import gettext as _

from survey.domain.places.place_tree import Place
from survey.domain.rounds.lifecycle import Round
from survey.sealing.intake.allowance import AllowanceExceeded
from survey.web.pages.public_pages import day
from survey.web.request import services


def unavailable(status: int, heading: str, *lines: str, back_to: Place | None = None) -> NoReturn:
    """End the request with a page that says why, and leads back to the unit or to the first page."""
    steps = [(back_to.name, url_for("care_unit.show_unit", unit=back_to.key))] if back_to else []
    page = render_template("care_unit/unavailable.html", heading=heading, lines=lines, steps=steps)
    abort(Response(page, status=status, content_type="text/html; charset=utf-8"))


def no_round(place: Place) -> NoReturn:
    """Stop: the round closed while the page was open, or has not begun, and nothing was made."""
    text = _("Ingen mätomgång är öppen för %(unit)s just nu. Inga koder gjordes.", unit=place.name)
    unavailable(409, _("Ingen mätomgång är öppen"), text, back_to=place)


def too_many(place: Place, refused: AllowanceExceeded) -> NoReturn:
    """Stop: more codes were asked for the staff than work at the unit."""
    unavailable(409, _("Inga koder gjordes"), *why_too_many(refused), back_to=place)


def why_too_many(refused: AllowanceExceeded) -> tuple[str, ...]:
    """Return sentences on why no more can be made for the staff, and who can mend it."""
    if refused.headcount is None:
        reason = _("Enhetens antal i personalen är inte inskrivet, så det går inte att göra koder till medarbetare.")
        return reason, _("Be samordnaren skriva in det.")
    reason = _(
        "Ni är %(headcount)s i personalen, så det kan göras högst %(most)s. Redan gjorda: %(made)s.",
        headcount=refused.headcount,
        most=refused.allowed,
        made=refused.made,
    )
    return reason, _("Stämmer inte antalet? Be samordnaren ändra det.")


def not_begun(place: Place, round_: Round) -> NoReturn:
    """Stop: messages wait for the first day, so that a link works when it arrives; prints may be made before."""
    text = _("Mätomgången öppnar %(day)s. Från den dagen kan du skicka meddelanden.", day=day(round_.opens))
    unavailable(409, _("Enkäten har inte öppnat än"), text, back_to=place)


def no_paper(place: Place) -> NoReturn:
    """Stop: no round takes the sheets that are left; the one just keyed in was not stored."""
    closed = _("Tiden att skriva in blanketter är slut. Har du just skrivit in en, så är den inte sparad.")
    left = _("Blanketter som ligger kvar kan inte räknas. Förstör dem, så att ingen läser vad någon har svarat.")
    unavailable(409, _("Mätomgången har stängt"), closed, left, back_to=place)


def not_in_force(place: Place, known: Mapping[str, Place]) -> NoReturn:
    """Stop: the unit has ended, perhaps merged into another, or has not begun."""
    if place.begins > services.today():
        text = _("%(unit)s börjar %(day)s. Från den dagen kan du göra länkar.", unit=place.name, day=day(place.begins))
        unavailable(409, _("Enheten har inte börjat än"), text)
    lines = [_("Sista dagen för %(unit)s var %(day)s.", unit=place.name, day=day(place.ends))]
    if place.merged_into:
        lines.append(_("Enheten uppgick i %(unit)s.", unit=known[place.merged_into].name))
    lines.append(_("Ingen frågas för enheten längre. Tidigare resultat finns kvar. Frågor? Vänd dig till samordnaren."))
    unavailable(410, _("Enheten är avslutad"), *lines)
