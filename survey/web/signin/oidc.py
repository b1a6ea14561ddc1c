"""/staff/oidc: signing in with the region's own account (OpenID Connect). The code flow with PKCE, state and nonce.

Authlib speaks the protocol. Ours is who that is here: issuer and subject, bound at the first sign-in to the account
with the same verified address, and never by the address again. More than a password must have been shown there: that
the ID token says itself. The address may stand in it or at UserInfo, where OpenID Connect Core puts it.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from joserfc.errors import JoseError

from survey import journal
from survey.domain.text.i18n import N_
from survey.store.database.engine import DatabaseConflict, read_transaction, write_transaction
from survey.store.staff import accounts, identities
from survey.store.staff.accounts import Account
from survey.web.request import services
from survey.web.request.addresses import staff_address
from survey.web.request.services import Services
from survey.web.signin.oidc_calls import CONFIGURATION, TIMEOUT, Provider, error_code_of
from survey.web.staff.guards import own_path
from survey.web.staff.security_datastore import User
from survey.web.staff.server_sessions import enter

blueprint = Blueprint("oidc", __name__, url_prefix="/staff/oidc")
NAME = "region"
NOT_TAKEN = N_("Inloggningen blev inte klar. Börja om från inloggningssidan.")
NOT_REACHED = N_("Inloggningstjänsten svarar inte. Försök igen om en stund, eller logga in med lösenord.")
NOT_TWO_FACTOR = N_("Du behöver logga in i två steg hos inloggningstjänsten, till exempel med kort eller app.")
NOT_HERE = N_("Det finns inget konto här för dig. Be samordnaren lägga till den e-postadress som du har där.")
NOT_VERIFIED = N_("Din e-postadress är inte bekräftad där du loggade in. Bekräfta den där, och försök sedan igen.")
NO_ADDRESS = N_(
    "Inloggningstjänsten lämnar inte ut din e-postadress till oss. Be it-avdelningen att låta den göra det."
)
VERIFICATION_UNSAID = N_(
    "Inloggningstjänsten säger inte om din e-postadress är bekräftad. "
    "Be it-avdelningen att låta den lämna ut uppgiften email_verified."
)
_TROUBLE = (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, RuntimeError)
_CLAIMS = ("sub", "email", "email_verified", "amr", "acr", "auth_time")
Claims = Mapping[str, Any]


class SignInRefused(Exception):
    """A refusal of a sign-in: why, in a word for the log and a sentence for the person."""

    def __init__(self, why: str, sentence: str) -> None:
        super().__init__(why)
        self.why, self.sentence = why, sentence


def init_oidc(app: Flask) -> None:
    """Let people in through the provider that is set, if any."""
    found: Services = app.extensions["services"]
    settings = found.settings
    app.register_blueprint(blueprint)
    if settings.oidc_issuer:
        OAuth(app).register(
            NAME,
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret,
            client_cls=Provider,
            server_metadata_url=settings.oidc_issuer.rstrip("/") + CONFIGURATION,
            client_kwargs={
                "scope": "openid email",
                "code_challenge_method": "S256",
                "default_timeout": TIMEOUT,
                "verify": str(settings.authorities) if settings.authorities else True,
            },
        )


@blueprint.get("")
def redirect_to_provider() -> ResponseReturnValue:
    """Redirect to the provider; with `again`, the person must show there anew who they are."""
    for name in [name for name in session if name.startswith(f"_state_{NAME}_")]:
        session.pop(name)  # sign-ins begun and left: the cookie has no room for many
    session["oidc_next"] = own_path(request.args.get("next", ""))
    asked = {"prompt": "login", "max_age": "0"} if request.args.get("again") else {}
    if wanted := [pair.partition("=")[2] for pair in services.settings().oidc_mfa_claims if pair.startswith("acr=")]:
        asked["acr_values"] = " ".join(wanted)
    try:
        answer: ResponseReturnValue = _provider().authorize_redirect(
            staff_address() + url_for("oidc.finish_sign_in"), **asked
        )
    except (requests.RequestException, *_TROUBLE) as error:
        journal.warn("sign-in not begun", why=error_code_of(error), kind=type(error).__name__)
        return _stopped(NOT_REACHED), 502
    return answer


@blueprint.get("/back")
def finish_sign_in() -> ResponseReturnValue:
    """Take the provider's reply, and sign in the person it vouches for."""
    following = own_path(session.pop("oidc_next", ""))
    claims: Claims = {}
    try:
        token = _provider().authorize_access_token()
        claims = token.get("userinfo") or {}
        account = User(person_of(claims, lambda: _asked(token, claims)))
    except SignInRefused as reason:
        journal.warn("sign-in refused", why=reason.why, claims=",".join(n for n in _CLAIMS if n in claims) or "-")
        return _stopped(reason.sentence), 403
    except requests.RequestException:
        return _stopped(NOT_REACHED), 502
    except _TROUBLE as error:
        journal.warn("sign-in not taken", why=error_code_of(error), kind=type(error).__name__)
        return _stopped(NOT_TAKEN), 400
    shown = claims.get("auth_time")
    enter(
        account,
        ["oidc", "mfa"],
        authenticated_at=shown // 60 if type(shown) is int and shown <= time.time() + 60 else 0,
    )
    return redirect(following, 303)


def _asked(token: Mapping[str, Any], claims: Claims) -> Claims:
    """Return what UserInfo says of the ID token's person; nothing where there is no such address to ask."""
    provider = _provider()
    if "userinfo_endpoint" not in provider.load_server_metadata():
        return {}
    found: Claims = provider.userinfo(token=token)
    if found.get("sub") != claims["sub"]:
        raise SignInRefused("other_subject", NOT_TAKEN)
    return found


def person_of(claims: Claims, asked: Callable[[], Claims]) -> Account:
    """Return the person the claims speak of; `asked` gives UserInfo's. Raise SignInRefused when that is nobody here."""
    settings = services.settings()
    issuer, subject = _string_claim(claims, "iss"), _string_claim(claims, "sub")
    if issuer.rstrip("/") != settings.oidc_issuer.rstrip("/"):
        raise SignInRefused("other_issuer", NOT_TAKEN)
    if not any(_holds(claims, *pair.split("=", 1)) for pair in settings.oidc_mfa_claims):
        raise SignInRefused("one_factor", NOT_TWO_FACTOR)
    with read_transaction(services.engine()) as connection:
        found = identities.find(connection, issuer, subject)
    found = found or _bound(_address(claims, asked), issuer, subject)
    if not found.active:
        raise SignInRefused("account_closed", NOT_HERE)
    return found


def _address(claims: Claims, asked: Callable[[], Claims]) -> str:
    """Return the verified address, of the ID token or, where it does not say both, as UserInfo has it."""
    if not {"email", "email_verified"} <= claims.keys():
        claims = {**claims, **asked()}
    if not isinstance(address := claims.get("email"), str) or not address:
        raise SignInRefused("email_missing", NO_ADDRESS)
    if not isinstance(verified := claims.get("email_verified"), bool):
        raise SignInRefused("email_verified_missing", VERIFICATION_UNSAID)
    if not verified:
        raise SignInRefused("address_not_verified", NOT_VERIFIED)
    return address


def _bound(address: str, issuer: str, subject: str) -> Account:
    """Return the person with this verified address, bound to this subject from now on."""
    try:
        with write_transaction(services.engine()) as connection:
            found = accounts.account_by_email(connection, address)
            if found is None or not found.active:
                raise SignInRefused("no_account", NOT_HERE)
            identities.bind(connection, issuer, subject, found.id)
    except DatabaseConflict:
        # The address was somebody else's there before.
        raise SignInRefused("address_bound_before", NOT_HERE) from None
    return found


def _string_claim(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 255 or "\0" in value:
        raise SignInRefused("no_subject", NOT_TAKEN)
    return value


def _holds(claims: Mapping[str, Any], name: str, wanted: str) -> bool:
    value = claims.get(name)
    return wanted in value if isinstance(value, list) else value == wanted


def _provider() -> Any:
    oauth = current_app.extensions.get("authlib.integrations.flask_client")
    return oauth.create_client(NAME) if oauth else abort(404)


def _stopped(sentence: str) -> str:
    return render_template("web/unavailable.html", heading=_("Du är inte inloggad"), text=_(sentence))
