"""The words of every error page: what happened, what was kept, what to do. For all pages.

An error page keeps the answers of a post that was ours and could be read (`g.hidden_fields`), in hidden fields of
one width, so that they can be sent again or taken along into another language, and so that the page's
length tells nothing.
"""

import re
from dataclasses import dataclass

from flask import Response, current_app, g, render_template, request
from werkzeug.exceptions import HTTPException

from survey.domain.text.i18n import N_
from survey.web.pages.page_cache import is_kiosk


@dataclass(frozen=True)
class Problem:
    """One error page. `may_resend`: kept answers may be sent again; `shows_search`: it helps to find a unit;
    `may_pair`: the device can be paired from there.

    `kiosk`: the lines of a kiosk instead, for people who have neither slip nor code and are not to be led away.
    """

    status: int
    title: str
    lines: tuple[str, ...]
    may_resend: bool = False
    shows_search: bool = False
    kiosk: tuple[str, ...] = ()
    may_pair: bool = False


_NOT_SAVED = N_("Inget är sparat. Dina svar är kvar på den här sidan. Vänta en stund och skicka dem igen.")
_NOTHING_HERE = (N_("Här finns inget att läsa."),)

PROBLEMS = {
    "unknown_unit": Problem(
        404,
        N_("Vi hittar inte den enheten"),
        (N_("Adressen hör inte till någon enhet. Titta på lappen igen, eller sök här."),),
        shows_search=True,
        kiosk=_NOTHING_HERE,
    ),
    "closed": Problem(
        410,
        N_("Enkäten är stängd"),
        (N_("Tiden att svara är slut. Dina svar togs inte emot, och inget är sparat."),),
    ),
    "not_open": Problem(
        409,
        N_("Enkäten har inte öppnat än"),
        (N_("Dina svar togs inte emot, och inget är sparat. Kom tillbaka när den har öppnat."),),
    ),
    "crowded": Problem(
        429,
        N_("Många svarar just nu"),
        (
            N_("Därför togs dina svar inte emot, och inget är sparat. De är kvar på den här sidan."),
            N_("Skicka dem igen om en stund. Har du en kod, använd den: då går det genast."),
        ),
        may_resend=True,
    ),
    "crowded_today": Problem(
        429,
        N_("Många har svarat i dag"),
        (
            N_("Därför togs dina svar inte emot, och inget är sparat. De är kvar på den här sidan."),
            N_("Skicka dem igen i morgon. Har du en kod, använd den: då går det genast."),
        ),
        may_resend=True,
    ),
    "crowded_kiosk": Problem(
        429,
        N_("Många har svarat här"),
        (
            N_("Därför togs dina svar inte emot, och inget är sparat. De är kvar på den här sidan."),
            N_("Skicka dem igen om en stund, eller svara på din egen telefon."),
        ),
        may_resend=True,
    ),
    "kiosk_gone": Problem(
        410,
        N_("Surfplattan är inte kopplad"),
        (N_("Säg gärna till personalen. De kan koppla den igen på enhetens sida."),),
        may_pair=True,
    ),
    "foreign_post": Problem(
        403,
        N_("Svaren kom från en annan webbplats"),
        (
            N_("Därför togs de inte emot, och inget är sparat."),
            N_("Öppna enkäten med länken eller lappen du har fått, och svara där."),
        ),
        kiosk=(N_("Därför togs de inte emot, och inget är sparat."),),
    ),
    "database_kept": Problem(503, N_("Dina svar kunde inte sparas"), (_NOT_SAVED,), may_resend=True),
    "database": Problem(
        503, N_("Sidan kan inte visas just nu"), (N_("Felet är vårt, inte ditt. Försök igen om en stund."),)
    ),
    "fault_kept": Problem(
        500,
        N_("Något gick fel hos oss"),
        (N_("Dina svar är kvar på den här sidan. Skicka dem igen om en stund, de räknas bara en gång."),),
        may_resend=True,
    ),
    "status_400": Problem(
        400,
        N_("Vi kunde inte läsa det som skickades"),
        (N_("Inget är sparat. Gå tillbaka och försök igen."),),
    ),
    "status_404": Problem(
        404,
        N_("Sidan finns inte"),
        (N_("Titta på adressen igen, eller sök upp din enhet här."),),
        shows_search=True,
        kiosk=_NOTHING_HERE,
    ),
    "status_405": Problem(
        405, N_("Sidan kan inte öppnas på det sättet"), (N_("Gå tillbaka och försök igen. Inget är sparat."),)
    ),
    "status_408": Problem(
        408,
        N_("Det som skickades kom inte fram"),
        (N_("Uppkopplingen är långsam eller bröts på vägen. Inget är sparat. Gå tillbaka och försök igen."),),
    ),
    "status_413": Problem(
        413,
        N_("Det som skickades är för stort"),
        (N_("En enkät kan inte vara så stor. Inget är sparat. Gå tillbaka och försök igen."),),
    ),
    "status_415": Problem(
        415,
        N_("Vi kunde inte läsa det som skickades"),
        (N_("Inget är sparat. Gå tillbaka och försök igen."),),
    ),
    "status_500": Problem(
        500, N_("Något gick fel hos oss"), (N_("Felet är vårt, inte ditt. Försök igen om en stund."),)
    ),
    "staff_busy": Problem(
        503,
        N_("Många försöker logga in just nu"),
        (N_("Vänta en halv minut och försök igen. Är du redan inloggad kan du arbeta som vanligt."),),
    ),
    "staff_403": Problem(
        403, N_("Sidan är inte öppen för dig"), (N_("Ditt konto har inte rätt att se den här sidan."),)
    ),
    "staff_404": Problem(404, N_("Sidan finns inte"), (N_("Titta på adressen igen."),)),
    "staff_413": Problem(
        413,
        N_("Det som skickades är för stort"),
        (N_("Inget är sparat. Dela upp filen eller listan och skicka en del i taget."),),
    ),
}

# Only what can be a device's address, so that nothing else of a path is ever given back.
_KIOSK = re.compile(r"(/kiosk/[a-z0-9-]{1,40}/[A-Za-z0-9_-]{32})(?:/|$)")


class ErrorPage(HTTPException):
    """An error that ends the request with one of the pages above."""

    def __init__(self, problem: str) -> None:
        super().__init__()
        self.problem = problem
        self.code = PROBLEMS[problem].status


def problem_page(name: str, status: int | None = None) -> Response:
    """Return the page of a problem by name, in the reader's language; an unknown name gets the plainest page."""
    problem = PROBLEMS.get(name) or PROBLEMS.get(f"status_{status}") or PROBLEMS["status_400"]
    fields, answered = g.hidden_fields() if g.get("hidden_fields") else ((), 0)
    kiosk = is_kiosk(request.path)
    page = render_template(
        "web/staff_error.html" if name.startswith("staff_") and _staff_is_in() else "web/error.html",
        problem=problem,
        name=name,
        kiosk=kiosk,
        lines=(kiosk and problem.kiosk) or problem.lines,
        fields=fields,
        answered=answered,
        action=request.path,
        find=problem.shows_search and not kiosk and "answer" in current_app.blueprints,
        start=_kiosk_start(request.path),
    )
    return Response(page, status=status or problem.status, content_type="text/html; charset=utf-8")


def _staff_is_in() -> bool:
    """Return whether somebody is signed in, who then keeps the staff's menu and a way back."""
    if "signin" not in current_app.blueprints:
        return False
    from flask_login import current_user

    return bool(current_user.is_authenticated)


def _kiosk_start(path: str) -> str:
    """Return where a kiosk goes when nobody is there any longer, from a page that may carry answers too."""
    found = _KIOSK.match(path)
    return found[1] if found else ""
