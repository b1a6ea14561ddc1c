"""`flask oidc test`: a try of the staff's sign-in provider, and a report of what came back. Nobody signs in."""

from typing import Any

import click
import requests
from flask.cli import AppGroup

from survey.web.request import services
from survey.web.signin.oidc_calls import CONFIGURATION, TIMEOUT

command = AppGroup("oidc", help="Try the sign-in through the region's own provider.")
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@command.command("test")
def test_command() -> None:
    """Ask the provider for its configuration and keys, and whether it knows our secret."""
    settings = services.settings()
    if not settings.oidc_issuer:
        raise click.ClickException("oidc_issuer is not set: staff sign in with their accounts here.")
    found = _asked("GET", settings.oidc_issuer.rstrip("/") + CONFIGURATION)
    if found.get("issuer", "").rstrip("/") != settings.oidc_issuer.rstrip("/"):
        raise click.ClickException(f"It calls itself {found.get('issuer')}, and not {settings.oidc_issuer}.")
    if missing := [name for name in _NEEDED if name not in found]:
        raise click.ClickException(f"Its configuration lacks {', '.join(missing)}.")
    keys = _asked("GET", found["jwks_uri"]).get("keys", [])
    if not keys:
        raise click.ClickException("It shows no key, so that no sign-in of its can be believed.")
    back = (settings.staff_address or "https://THE-STAFF-HOST").rstrip("/") + "/staff/oidc/back"
    _try_secret(found["token_endpoint"], back)
    claims = set(found.get("claims_supported", [])) & {"email", "email_verified", "amr", "acr"}
    click.echo(f"It says that it tells {', '.join(sorted(claims)) or 'nothing of an address'}; {len(keys)} keys.")
    click.echo(f"It must know this address to send people back to: {back}")


def _try_secret(address: str, back: str) -> None:
    """Hand in a code that the provider never gave: if our secret is right, it refuses the code and not us."""
    settings = services.settings()
    form = {"grant_type": "authorization_code", "code": "trial", "redirect_uri": back, "code_verifier": "t" * 43}
    who = (settings.oidc_client_id, settings.oidc_client_secret)
    reply = _reply("POST", address, data=form, auth=who)
    error = _json(reply).get("error", "")
    if error in ("invalid_client", "unauthorized_client") or reply.status_code == 401:
        raise click.ClickException("It does not accept oidc_client_id with oidc_client_secret.")
    click.echo(
        "It accepts our secret."
        if error == "invalid_grant"
        else f"Whether it accepts our secret is not said ({error})."
    )


def _asked(method: str, address: str) -> dict[str, Any]:
    reply = _reply(method, address)
    found = _json(reply)
    if reply.status_code != 200 or not found:
        raise click.ClickException("That is no answer to go on with.")
    return found


def _reply(method: str, address: str, **more: Any) -> requests.Response:
    settings = services.settings()
    trusted = str(settings.authorities) if settings.authorities else True
    try:
        reply = requests.request(method, address, timeout=TIMEOUT, verify=trusted, allow_redirects=False, **more)
    except requests.RequestException as error:
        raise click.ClickException(f"{address} does not answer ({error}).") from None
    click.echo(f"{method} {address}: {reply.status_code}")
    return reply


def _json(reply: requests.Response) -> dict[str, Any]:
    try:
        found = reply.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
