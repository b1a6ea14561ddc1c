"""/staff/oidc: signing in with the region's own account (OpenID Connect). The code flow with PKCE, state and nonce.

Authlib speaks the protocol. Ours is who that is here: issuer and subject, bound at the first sign-in to the account
with the same verified address, and never by the address again. More than a password must have been shown there.
"""

import time
from collections.abc import Mapping
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from joserfc.errors import JoseError

from survey.domain.marking import N_
from survey.store import identities, people
from survey.store.engine import DatabaseConflict, reading, writing
from survey.store.people import Person
from survey.web import house
from survey.web.accounts import Account
from survey.web.guards import own_path, staff_address
from survey.web.house import House
from survey.web.open_sessions import enter

blueprint = Blueprint("oidc", __name__, url_prefix="/staff/oidc")
NAME = "region"
PATIENCE = 10
NOT_TAKEN = N_("Inloggningen blev inte klar. Börja om från inloggningssidan.")
NOT_REACHED = N_("Inloggningstjänsten svarar inte. Försök igen om en stund, eller logga in med lösenord.")
NOT_TWOFOLD = N_("Du behöver logga in i två steg hos inloggningstjänsten, till exempel med kort eller app.")
NOT_HERE = N_("Det finns inget konto här för dig. Be samordnaren lägga till den e-postadress som du har där.")
_TROUBLE = (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, RuntimeError)


class Refused(Exception):
    """This sign-in is not taken, and why, in a sentence for the person."""


def init_oidc(app: Flask) -> None:
    """Let people in through the provider that is set, if any."""
    house: House = app.extensions["house"]
    settings = house.settings
    app.register_blueprint(blueprint)
    if settings.oidc_issuer:
        OAuth(app).register(
            NAME,
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret,
            server_metadata_url=settings.oidc_issuer.rstrip("/") + "/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid email",
                "code_challenge_method": "S256",
                "default_timeout": PATIENCE,
            },
        )


@blueprint.get("")
def start() -> ResponseReturnValue:
    """On to the provider; with `again`, the person must show there anew who they are."""
    for name in [name for name in session if name.startswith(f"_state_{NAME}_")]:
        session.pop(name)  # begun and left: the cookie has not room for many
    session["oidc_next"] = own_path(request.args.get("next", ""))
    asked = {"prompt": "login", "max_age": "0"} if request.args.get("again") else {}
    if wanted := [pair.partition("=")[2] for pair in house.settings().oidc_mfa if pair.startswith("acr=")]:
        asked["acr_values"] = " ".join(wanted)
    try:
        answer: ResponseReturnValue = _provider().authorize_redirect(staff_address() + url_for("oidc.back"), **asked)
    except (requests.RequestException, *_TROUBLE):
        return _stopped(NOT_REACHED), 502
    return answer


@blueprint.get("/back")
def back() -> ResponseReturnValue:
    """Back from the provider: sign in whom it vouches for."""
    following = own_path(session.pop("oidc_next", ""))
    try:
        claims = _provider().authorize_access_token().get("userinfo")
    except requests.RequestException:
        return _stopped(NOT_REACHED), 502
    except _TROUBLE:
        return _stopped(NOT_TAKEN), 400
    try:
        account = Account(person_of(claims or {}))
    except Refused as reason:
        return _stopped(str(reason)), 403
    shown = claims.get("auth_time")
    enter(account, ["oidc", "mfa"], proved=shown // 60 if type(shown) is int and shown <= time.time() + 60 else 0)
    return redirect(following, 303)


def person_of(claims: Mapping[str, Any]) -> Person:
    """Who the provider's claims speak of; raises Refused when that is nobody here."""
    settings = house.settings()
    issuer, subject = _mark(claims, "iss"), _mark(claims, "sub")
    if issuer.rstrip("/") != settings.oidc_issuer.rstrip("/"):
        raise Refused(NOT_TAKEN)
    if not any(_holds(claims, *pair.split("=", 1)) for pair in settings.oidc_mfa):
        raise Refused(NOT_TWOFOLD)
    with reading(house.engine()) as connection:
        found = identities.find(connection, issuer, subject)
    found = found or _bound(claims, issuer, subject)
    if not found.active:
        raise Refused(NOT_HERE)
    return found


def _bound(claims: Mapping[str, Any], issuer: str, subject: str) -> Person:
    """The account with the verified address, bound to this subject from now on."""
    address = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(address, str):
        raise Refused(NOT_HERE)
    try:
        with writing(house.engine()) as connection:
            found = people.person_by_email(connection, address)
            if found is None or not found.active:
                raise Refused(NOT_HERE)
            identities.bind(connection, issuer, subject, found.id)
    except DatabaseConflict:
        # The address was somebody else's there before.
        raise Refused(NOT_HERE) from None
    return found


def _mark(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 255 or "\0" in value:
        raise Refused(NOT_TAKEN)
    return value


def _holds(claims: Mapping[str, Any], name: str, wanted: str) -> bool:
    value = claims.get(name)
    return wanted in value if isinstance(value, list) else value == wanted


def _provider() -> Any:
    oauth = current_app.extensions.get("authlib.integrations.flask_client")
    return oauth.create_client(NAME) if oauth else abort(404)


def _stopped(sentence: str) -> str:
    return render_template("web/stopped.html", heading=_("Du är inte inloggad"), text=_(sentence))
