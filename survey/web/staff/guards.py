"""The guards of views under /staff: the roles, the age of the sign-in, the size of a form."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, cast
from urllib.parse import urlsplit

from flask import abort, current_app, redirect, render_template, request, url_for
from flask_login import current_user
from flask_security import auth_required
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from survey.domain.staff.roles import Permission
from survey.web.request import services
from survey.web.request.sessions import STAFF, is_staff
from survey.web.staff import kept_forms
from survey.web.staff.security_datastore import User
from survey.web.staff.server_sessions import current, is_recent_sign_in

Params = ParamSpec("Params")


def signed_in() -> User:
    """Return the signed-in account; only under `requires`."""
    return cast(User, current_user._get_current_object())


def requires(
    *needed: Permission, second_factor: bool = True
) -> Callable[[Callable[Params, Any]], Callable[Params, Any]]:
    """Let a view be met only by a signed-in person who may do one of these things; with none named, by any signed in.

    Where a second factor is required, who has none yet is led to setting it up, but for the views that do that.
    """

    def guard(view: Callable[Params, Any]) -> Callable[Params, Any]:
        @wraps(view)
        def guarded(*args: Params.args, **kwargs: Params.kwargs) -> Any:
            if second_factor and services.settings().second_factor == "required" and not current().two_factor:
                return redirect(url_for("two_factor.list_factors"))
            if needed and not any(map(signed_in().may, needed)):
                abort(403)
            return view(*args, **kwargs)

        return cast(Callable[Params, Any], auth_required("session")(guarded))

    return guard


def requires_recent_sign_in() -> Callable[[Callable[Params, Any]], Callable[Params, Any]]:
    """Let a view be met only within ten minutes of a sign-in, else the password is asked for. Under `requires`."""

    def guard(view: Callable[Params, Any]) -> Callable[Params, Any]:
        @wraps(view)
        def guarded(*args: Params.args, **kwargs: Params.kwargs) -> Any:
            if is_recent_sign_in():
                return view(*args, **kwargs)
            if sealed := kept_forms.seal_form():
                return render_template("account/confirm.html", next=came_from(), sealed=sealed), 403
            return redirect(url_for("account.show_confirm_form", next=came_from()))

        return guarded

    return guard


def max_form_size(size: int) -> Callable[[Callable[Params, Any]], Callable[Params, Any]]:
    """Let a view take a larger form than others: a pasted list, a file."""

    def mark(view: Callable[Params, Any]) -> Callable[Params, Any]:
        view.max_form_size = size  # type: ignore[attr-defined]
        return view

    return mark


def apply_form_limit() -> None:
    """Raise the limit on the form before anything reads it: the mark against cross-site posts stands in it."""
    view = current_app.view_functions.get(request.endpoint or "")
    if (size := getattr(view, "max_form_size", None)) is not None:
        request.max_content_length = request.max_form_memory_size = size


def own_path(address: str) -> str:
    """Return the address when it is a page of the staff's that can be read, else the nearest above it."""
    parts = urlsplit(address)
    path = parts.path if not parts.scheme and not parts.netloc else ""
    router = current_app.url_map.bind("")
    while is_staff(path.rstrip("/")):
        try:
            router.match(path, method="GET")
        except RequestRedirect:
            return path
        except HTTPException:
            path = path.rstrip("/").rpartition("/")[0]
        else:
            return path
    return f"{STAFF}/"


def came_from() -> str:
    """Return the page to come back to after a sign-in: this one, or the one where the form that was sent stands."""
    stood = urlsplit(request.referrer or "") if request.method != "GET" else None
    ours = stood and stood.netloc == request.host and is_staff(stood.path)
    return own_path(stood.path if stood and ours else request.path)
