"""The staff's sign-in: address and password, Argon2id, a cookie limited to /staff. For every journey under /staff.

Flask-Security does the work on our person table; the pages and their words are ours. Nobody can register, and no
mail is sent: a person is added, and gets a new password, on the command line. An unknown address, a wrong password and
a closed account get the same answer. Signing out ends every session of that person, also a copied cookie.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec, cast
from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, user_logged_out
from flask_security import Security, auth_required
from flask_security.forms import LoginForm
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired

from survey.web import audit, house
from survey.web.accounts import Account, Accounts
from survey.web.house import House
from survey.web.language import STAFF_LANGUAGES, languages, set_staff_language
from survey.web.passwords import HASHING, hash_password
from survey.web.rooms import first_room, rooms_of
from survey.web.sessions import STAFF, init_sessions, is_staff, only_under_staff
from survey.web.tries import Tries

__all__ = ["hash_password", "init_signin", "requires", "signed_in", "takes_at_most"]

Params = ParamSpec("Params")
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


class SignInForm(LoginForm):
    """Address and password. The address is looked up as typed: whether it could receive mail is no business here."""

    email = StringField(validators=[DataRequired()])
    remember = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.next.data = own_path(self.next.data or "")

    def validate(self, **kwargs: Any) -> bool:
        """Whether these belong to an open account; after many wrong tries, not before a quarter has passed."""
        tries: Tries = _tries()
        self.email.data = (self.email.data or "").strip()
        self.too_many = tries.is_full(self.email.data)
        if self.too_many:
            return False
        right = bool(super().validate(**kwargs))
        tries.note(self.email.data, right)
        if not right:
            audit.sign_in_failed(self.user.email if self.user else None)
        return right


def init_signin(app: Flask) -> None:
    """Give the app its staff sign-in. The cross-site check and Flask-Security act under /staff only."""
    init_sessions(app)
    app.config.update({f"SECURITY_{name}": value for name, value in (_SECURITY | HASHING).items()})
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.extensions["staff_tries"] = Tries()
    security = Security()
    only_under_staff(app, lambda: _install(app, security))
    security.unauthn_handler(_ask_to_sign_in)
    security.want_json(lambda _request: False)
    user_logged_out.connect(_end_every_session, app)
    audit.init_audit(app)
    app.register_error_handler(CSRFError, _stale_form)
    app.context_processor(_named_on_staff_pages)
    app.register_blueprint(blueprint)


def takes_at_most(size: int) -> Callable[[Callable[Params, Any]], Callable[Params, Any]]:
    """Let a view take a larger form than others: a pasted list, a file."""

    def mark(view: Callable[Params, Any]) -> Callable[Params, Any]:
        view.takes_at_most = size  # type: ignore[attr-defined]
        return view

    return mark


def _make_room() -> None:
    """Before anything reads the form: the mark against cross-site posts stands in it."""
    view = current_app.view_functions.get(request.endpoint or "")
    if (size := getattr(view, "takes_at_most", None)) is not None:
        request.max_content_length = request.max_form_memory_size = size


def _install(app: Flask, security: Security) -> None:
    app.before_request(_make_room)
    CSRFProtect(app)
    security.init_app(app, Accounts(cast(House, app.extensions["house"]).engine), login_form=SignInForm)
    app.after_request_funcs.setdefault("security", []).append(_stay_here)


def _tries() -> Tries:
    """How often which address has just been tried in vain, in this process."""
    return cast(Tries, current_app.extensions["staff_tries"])


def signed_in() -> Account:
    """Who is signed in; only under `requires`."""
    return cast(Account, current_user._get_current_object())


def requires(*roles: str) -> Callable[[Callable[Params, Any]], Callable[Params, Any]]:
    """Let a view be met only by a signed-in person with one of these roles; with no role named, by any of them."""

    def guard(view: Callable[Params, Any]) -> Callable[Params, Any]:
        @wraps(view)
        def guarded(*args: Params.args, **kwargs: Params.kwargs) -> Any:
            if roles and signed_in().role not in roles:
                abort(403)
            return view(*args, **kwargs)

        return cast(Callable[Params, Any], auth_required("session")(guarded))

    return guard


@blueprint.get("/")
def start() -> Response:
    """/staff itself: on to where the person's day begins; who is not signed in is asked to."""
    return redirect(url_for(first_room(signed_in().role) if current_user.is_authenticated else "security.login"))


@blueprint.post("/language")
def choose_language() -> Response:
    """Keep the chosen language in the staff session and go back to the page."""
    set_staff_language(request.form.get("language", ""))
    return redirect(own_path(request.form.get("next", "")))


def _named_on_staff_pages() -> dict[str, object]:
    if not is_staff(request.path):
        return {}
    spoken = languages()
    account = signed_in() if current_user.is_authenticated else None
    rooms = rooms_of(account.role) if account else {}
    offered = [spoken[tag] for tag in STAFF_LANGUAGES if tag in spoken]
    return {"account": account, "rooms": rooms, "staff_languages": offered}


def own_path(address: str) -> str:
    """The address when it is one of the staff's pages, else the first of them."""
    parts = urlsplit(address)
    inside = not parts.scheme and not parts.netloc and is_staff(parts.path)
    return parts.path if inside else f"{STAFF}/"


def _stay_here(response: Response) -> Response:
    """Signing in or out leads to one of the staff's pages: Flask-Security follows whatever `next` the address names."""
    return redirect(own_path(response.location)) if response.location else response


def _ask_to_sign_in(mechanisms: object = None, headers: object = None) -> Response:
    return redirect(url_for("security.login", next=request.path))


def _end_every_session(_app: Flask, user: Account, **_kwargs: object) -> None:
    Accounts(house.engine()).end_sessions(user)


def _stale_form(error: CSRFError) -> ResponseReturnValue:
    text = _("Sidan hade stått öppen för länge, eller så kom formuläret från ett annat ställe. Inget har ändrats.")
    return render_template("web/stopped.html", heading=_("Formuläret gick inte att ta emot"), text=text), 400
