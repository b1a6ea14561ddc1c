"""The calls to the region's sign-in server: its trusted authorities, the time limit, a line in the log when one fails.

Authlib makes the calls; here is the session that it makes them with.
"""

from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskOAuth2App
from authlib.integrations.requests_client import OAuth2Session

from survey import journal

TIMEOUT = 10
CONFIGURATION = "/.well-known/openid-configuration"
# OAuth 2.0 and OpenID Connect Core; any other word that a server uses is not written down.
_ERRORS = frozenset(
    {
        *("access_denied", "consent_required", "interaction_required", "invalid_client", "invalid_grant"),
        *("invalid_request", "invalid_scope", "invalid_token", "login_required", "mismatching_state", "server_error"),
        *("temporarily_unavailable", "unauthorized_client", "unsupported_grant_type"),
    }
)


class CallSession(OAuth2Session):  # type: ignore[misc]
    """A session that trusts the authorities of the settings, whatever the environment says, and logs failures."""

    def request(self, method: str, url: str, withhold_token: bool = False, **kwargs: Any) -> requests.Response:
        """Send the request; a token or a secret follows no redirect."""
        call = _call(method, url, withhold_token)
        kwargs["verify"] = self.verify
        if call in ("token", "userinfo"):
            kwargs["allow_redirects"] = False
        try:
            reply: requests.Response = super().request(method, url, withhold_token=withhold_token, **kwargs)
        except requests.RequestException as error:
            journal.warn("sign-in server not reached", call=call, kind=type(error).__name__)
            raise
        if reply.status_code >= 300:
            journal.warn("sign-in server refused", call=call, status=reply.status_code)
        return reply


class Provider(FlaskOAuth2App):  # type: ignore[misc]
    """The provider, asked through such sessions."""

    client_cls = CallSession


def error_code_of(error: Exception) -> str:
    """Return the error's code in the words of the standard, for the journal."""
    word = error.error if isinstance(error, AuthlibBaseError) else ""
    return word if word in _ERRORS else "other"


def _call(method: str, url: str, withhold_token: bool) -> str:
    if url.endswith(CONFIGURATION):
        return "configuration"
    if method == "POST":
        return "token"
    return "keys" if withhold_token else "userinfo"
