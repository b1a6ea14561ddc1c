"""The staff's sign-in: address and password, Argon2id, a cookie limited to /staff. For every journey under /staff.

Flask-Security does the work on our person table; the pages and their words are ours. Nobody can register:
a person is invited, or gets a new link, by the coordinator or on the command line. An unknown address, a
wrong password and a closed account get the same answer. Signing out ends that session on the server, so a copied
cookie ends too.
"""

from datetime import timedelta
from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, Flask, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security import Security
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.wrappers import Response

from survey.web.i18n.language import STAFF_LANGUAGES, languages, set_staff_language
from survey.web.request import services
from survey.web.request.services import Services
from survey.web.request.sessions import STAFF, init_sessions, is_staff, only_under_staff
from survey.web.signin import hashing_budget, passkey_signin, password_resets
from survey.web.signin.login_throttle import LoginThrottle, mail_throttle
from survey.web.signin.oidc import init_oidc
from survey.web.signin.passwords import HASHING, hash_password
from survey.web.signin.second_step import init_second_step
from survey.web.signin.sign_in_form import SignInForm
from survey.web.signin.waiting_words import wait_in_words
from survey.web.staff import audit_log, kept_forms
from survey.web.staff.expired_forms import stale_form
from survey.web.staff.forms import csrf_field
from survey.web.staff.guards import (
    apply_form_limit,
    came_from,
    max_form_size,
    own_path,
    requires,
    requires_recent_sign_in,
    signed_in,
)
from survey.web.staff.menu import home_of, menu_for
from survey.web.staff.security_datastore import AccountDatastore
from survey.web.staff.server_sessions import init_open_sessions

__all__ = ["hash_password", "init_signin", "max_form_size", "requires", "requires_recent_sign_in", "signed_in"]

blueprint = Blueprint("signin", __name__, url_prefix=STAFF)

_SECURITY: dict[str, object] = {
    "URL_PREFIX": STAFF,
    "LOGIN_URL": "/sign-in",
    "LOGOUT_URL": "/sign-out",
    "POST_LOGIN_VIEW": f"{STAFF}/",
    "POST_LOGOUT_VIEW": f"{STAFF}/sign-in",
    "LOGIN_USER_TEMPLATE": "web/sign_in.html",
    "LOGOUT_USER_TEMPLATE": "web/sign_out.html",
    "LOGOUT_CSRF": True,
    "STATIC_FOLDER": None,
    "FRESHNESS": timedelta(seconds=-1),
    "API_ENABLED_METHODS": ["session"],
    "CACHE_CONTROL": None,
    "FLASH_MESSAGES": False,
    "RETURN_GENERIC_RESPONSES": True,
    "JOIN_USER_ROLES": False,
    "CLI_USERS_NAME": None,
    "CLI_ROLES_NAME": None,
}


def init_signin(app: Flask) -> None:
    """Give the app its staff sign-in. The cross-site check and Flask-Security act under /staff only."""
    init_sessions(app, _apart(app))
    app.config.update({f"SECURITY_{name}": value for name, value in (_SECURITY | HASHING).items()})
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.extensions["login_throttles"] = {
        "passwords": LoginThrottle(),
        "codes": LoginThrottle(),
        "letters": mail_throttle(),
    }
    app.extensions["hashing_budget"] = hashing_budget.HashingBudget()
    security = Security()
    only_under_staff(app, lambda: _install(app, security))
    security.unauthn_handler(_ask_to_sign_in)
    security.want_json(lambda _request: False)
    init_open_sessions(app)
    init_second_step(app, security)
    audit_log.init_audit(app)
    app.register_error_handler(CSRFError, _stale_form)
    app.context_processor(_named_on_staff_pages)
    app.add_template_filter(wait_in_words)
    app.add_template_global(csrf_field)
    app.register_blueprint(blueprint)
    init_oidc(app)
    for each in (passkey_signin, password_resets):
        app.register_blueprint(each.blueprint)


def _apart(app: Flask) -> bool:
    """Return whether these pages have their own host: no resident page in this process, and another host for those."""
    settings = cast(Services, app.extensions["services"]).settings
    hosts = [urlsplit(each).hostname for each in (settings.resident_address, settings.staff_address)]
    return "answer" not in app.blueprints and all(hosts) and hosts[0] != hosts[1]


def _install(app: Flask, security: Security) -> None:
    app.before_request(hashing_budget.begin)
    app.after_request(hashing_budget.end)
    app.before_request(apply_form_limit)
    CSRFProtect(app)
    security.init_app(app, AccountDatastore(cast(Services, app.extensions["services"]).engine), login_form=SignInForm)
    app.after_request_funcs.setdefault("security", []).append(_stay_here)


@blueprint.before_app_request
def lead_in() -> Response | None:
    """Redirect the bare address of the staff's host, which stands on no page, to their pages."""
    if request.path != "/" or request.method not in ("GET", "HEAD"):
        return None
    if "answer" in current_app.blueprints and not _is_only_staffs(request.host):
        return None
    return redirect(url_for("signin.index"))


def _is_only_staffs(host: str) -> bool:
    """Return whether the settings give this host to staff, and another to residents."""
    settings = services.settings()
    staff, residents = (urlsplit(each).netloc.lower() for each in (settings.staff_address, settings.resident_address))
    return staff == host.lower() != residents


@blueprint.get("/")
def index() -> Response:
    """Redirect to where the person's day begins; without a session, ask for the sign-in."""
    return redirect(url_for(home_of(signed_in().role) if current_user.is_authenticated else "security.login"))


@blueprint.post("/language")
def choose_language() -> Response:
    """Store the chosen language in the staff session and go back to the page."""
    set_staff_language(request.form.get("language", ""))
    return redirect(own_path(request.form.get("next", "")))


def _named_on_staff_pages() -> dict[str, object]:
    if not is_staff(request.path):
        return {}
    spoken = languages()
    account = signed_in() if current_user.is_authenticated else None
    rooms = menu_for(account.role) if account else {}
    offered = [spoken[tag] for tag in STAFF_LANGUAGES if tag in spoken]
    named = {
        "account": account,
        "rooms": rooms,
        "staff_languages": offered,
        "new_link_made": password_resets.notice_date(),
    }
    return {**named, "oidc": bool(services.settings().oidc_issuer)}


@blueprint.post("/kept-form")
def resend_form() -> ResponseReturnValue:
    """Give back what was written, to a person who has signed in meanwhile, in another tab."""
    return _given_back(kept_forms.seal_form()) if current_user.is_authenticated else _ask_to_sign_in()


def _given_back(token: str) -> ResponseReturnValue:
    saved = kept_forms.open_form(token)
    return kept_forms.send_again(saved) if saved else redirect(own_path(""))


def _stay_here(response: Response) -> Response:
    """Send a sign-in or sign-out to one of the staff's pages: Flask-Security follows whatever `next` the address names.

    Who signs in over a form that had been sent is given it back instead.
    """
    if not response.location:
        return response
    if request.method == "POST" and current_user.is_authenticated and (saved := kept_forms.open_form()):
        return make_response(kept_forms.send_again(saved))
    return redirect(own_path(response.location))


def _ask_to_sign_in(mechanisms: object = None, headers: object = None) -> Response:
    """Ask for a sign-in, over what was written; a button that was pressed alone is said not to have done anything."""
    if sealed := kept_forms.seal_form():
        return _sign_in_with(sealed)
    ours = request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "same-origin"
    pressed = 1 if ours else None
    return redirect(url_for("security.login", next=came_from(), ended=pressed))


def _sign_in_with(sealed: str) -> Response:
    form = SignInForm(None)
    form.next.data = came_from()
    return make_response(render_template("web/sign_in.html", login_user_form=form, sealed=sealed), 403)


def _stale_form(error: CSRFError) -> ResponseReturnValue:
    """Give back what was written in a form of a session that is over, at once or after the sign-in."""
    sealed = kept_forms.seal_form()
    if not sealed:
        return stale_form(error)
    return _given_back(sealed) if current_user.is_authenticated else _sign_in_with(sealed)
