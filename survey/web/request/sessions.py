"""The limit of sessions: they exist under /staff, and nowhere else.

For the staff's sign-in. A resident page can't set or even read a cookie, because Flask gets no session to open
there; nor do the hooks that the sign-in packages hang on every request run outside /staff.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Flask, Request, has_request_context, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

STAFF = "/staff"
IDLE = timedelta(minutes=30)


def is_staff(path: str) -> bool:
    """Return whether an address belongs to the staff's part."""
    return path == STAFF or path.startswith(STAFF + "/")


class StaffSessions(SecureCookieSessionInterface):
    """A signed cookie under /staff that ends with the browser, or after half an hour without a page."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Open the staff's session; none at all outside /staff."""
        return super().open_session(app, request) if is_staff(request.path) else None

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Send the cookie anew with every page, so that its signature's age measures idleness."""
        return session.modified or bool(session)


def cookie(https: bool, apart: bool) -> tuple[str, str]:
    """Return the cookie's name and path.

    Over https a browser takes it from this host alone, and only over https. `__Host-` wants the whole host as its path:
    that is so where no resident page shares the host, and elsewhere no resident page may ever be sent it.
    """
    if not https:
        return "staff", STAFF
    return ("__Host-staff", "/") if apart else ("__Secure-staff", STAFF)


def init_sessions(app: Flask, apart: bool) -> None:
    """Give the app sessions that live under /staff; `apart` when the host is the staff's alone."""
    app.session_interface = StaffSessions()
    name, path = cookie(bool(app.config.setdefault("SESSION_COOKIE_SECURE", True)), apart)
    app.config.update(
        SESSION_COOKIE_NAME=name,
        SESSION_COOKIE_PATH=path,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=IDLE,
    )


def only_under_staff(app: Flask, install: Callable[[], None]) -> None:
    """Run `install`, and let what it hangs on every request and every template act under /staff only."""
    hung: dict[str, object] = {
        "before_request_funcs": None,
        "after_request_funcs": None,
        "template_context_processors": {},
    }
    before = {name: list(getattr(app, name).get(None, ())) for name in hung}
    install()
    for name, otherwise in hung.items():
        hooks: list[Any] = getattr(app, name).get(None, [])
        hooks[:] = [hook if hook in before[name] else _under_staff(hook, otherwise) for hook in hooks]


def _under_staff(hook: Callable[..., Any], otherwise: object) -> Callable[..., Any]:
    @wraps(hook)
    def guarded(*response: Any) -> Any:
        if has_request_context() and is_staff(request.path):
            return hook(*response)
        return response[0] if response else otherwise

    return guarded
