"""/staff/admin/waiting: requests of one coordinator, which another confirms or refuses."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from survey.store.database.engine import read_transaction
from survey.web.request import services
from survey.web.signin.views import requires, requires_recent_sign_in, signed_in
from survey.web.staff import two_people
from survey.web.staff.two_people import ActionRefused

blueprint = Blueprint("proposals", __name__, url_prefix="/waiting")


@blueprint.get("/")
@requires("admin")
def list_proposals() -> str:
    """List all that waits, in words, with who asked."""
    return _page()


@blueprint.post("/<key>/confirm")
@requires("admin")
@requires_recent_sign_in()
def confirm_proposal(key: str) -> ResponseReturnValue:
    """Do what another has asked for; a link that is made so is shown here and never again."""
    try:
        done = two_people.confirm(key)
    except ActionRefused as refused:
        return _page(str(refused)), 409
    if done.link:
        return render_template("admin/account_link.html", link=done.link, email=done.to, days=done.days)
    return redirect(url_for(done.at or ".list_proposals", **done.named))


@blueprint.post("/<key>/refuse")
@requires("admin")
def refuse_proposal(key: str) -> ResponseReturnValue:
    """Refuse what waits, and forget it."""
    try:
        two_people.refuse(key)
    except ActionRefused as refused:
        return _page(str(refused)), 409
    return redirect(url_for(".list_proposals"))


def _page(problem: str = "") -> str:
    with read_transaction(services.engine()) as connection:
        found = two_people.waiting(connection, signed_in().id)
    return render_template("admin/waiting.html", found=found, alone=two_people.is_only_coordinator(), problem=problem)
