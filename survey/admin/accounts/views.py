"""/staff/admin/people: accounts, invitations, and what waits for a second coordinator."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.admin.accounts import guarded, invite_file, invite_letters, wording
from survey.admin.accounts.account_forms import ROLE_NAMES, InviteForm, RoleForm, readable_languages, role_in_words
from survey.domain.staff.roles import GUARDED, reads_a_language
from survey.store.core import places
from survey.store.database.engine import DatabaseConflict, read_transaction
from survey.store.staff import accounts, staff_invitations
from survey.store.staff import password_resets as stored_resets
from survey.store.staff.accounts import Account
from survey.web.request import services
from survey.web.request.addresses import staff_link
from survey.web.signin.password_resets import GOOD_FOR
from survey.web.signin.views import requires, requires_recent_sign_in, signed_in
from survey.web.staff import edit_conflicts, two_people
from survey.web.staff.two_people import CHANGED, ActionRefused

blueprint = Blueprint("accounts", __name__, url_prefix="/people")
invite_file.add_to(blueprint)
ID = "<int(max=2147483647):person>"


@blueprint.get("/")
@requires("admin")
def list_accounts() -> str:
    """List every account and invitation, by address."""
    return _list()


@blueprint.get("/invite")
@requires("admin")
def show_invite_form() -> str:
    """Show the form of an invitation."""
    return _invite_page(InviteForm(_places()))


@blueprint.post("/invite")
@requires("admin")
@requires_recent_sign_in()
def invite() -> ResponseReturnValue:
    """Invite a person, and show the one-time link, here and never again."""
    form = InviteForm(_places(), request.form)
    if not form.validate():
        return _invite_page(form), 422
    email, role, place, language = form.email.data, form.role.data, form.place.data, form.language.data
    try:
        if role in GUARDED:
            guarded.ask_invitation(email, role, place, language)
            return redirect(url_for("admin.proposals.list_proposals"))
        secret, earlier = _done(lambda: wording.invite(email, role, place, language))
    except ActionRefused as refused:
        return _invite_page(form, str(refused)), 422
    invite_letters.forget(email)
    link = staff_link("accept_invitation.show_form", secret)
    more = {"days": wording.GOOD_FOR.days, "earlier": earlier}
    return render_template("admin/account_link.html", link=link, email=email, **more)


@blueprint.post("/withdraw")
@requires("admin")
def withdraw_invitation() -> ResponseReturnValue:
    """Withdraw an invitation."""
    return _then(".list_accounts", lambda: wording.withdraw(request.form.get("email", "")))


@blueprint.get(f"/{ID}")
@requires("admin")
def show_account(person: int) -> str:
    """Show one account, and what may be done with it."""
    found = _person(person)
    return _person_page(found, RoleForm(_places(), role=found.role, place=found.place))


@blueprint.post(f"/{ID}/role")
@requires("admin")
@requires_recent_sign_in()
def propose_role(person: int) -> ResponseReturnValue:
    """Ask for another role or place."""
    found, form = _person(person), RoleForm(_places(), request.form)
    if not form.validate():
        return _person_page(found, form), 422
    try:
        guarded.ask_role(person, form.role.data, form.place.data)
    except edit_conflicts.EditConflict:
        return _person_page(_person(person), form, moved=True), 409
    except ActionRefused as refused:
        return _person_page(found, form, str(refused)), 422
    flash(_("Din begäran är sparad. En annan samordnare bekräftar den."))
    return redirect(url_for("admin.proposals.list_proposals"))


@blueprint.post(f"/{ID}/<any(close, reopen):action>")
@requires("admin")
@requires_recent_sign_in()
def close_or_reopen(person: int, action: str) -> ResponseReturnValue:
    """Close or reopen the account, or ask another coordinator to."""
    found, opened = _person(person), action == "reopen"
    if wording.takes_two(found, signed_in().id) and found.active != opened:
        return _then(".list_accounts", lambda: two_people.propose(f"{action}_account", {"person": found.email}))
    return _then(".list_accounts", lambda: wording.set_open(person, opened))


@blueprint.post(f"/{ID}/link")
@requires("admin")
@requires_recent_sign_in()
def create_reset_link(person: int) -> ResponseReturnValue:
    """Make a new link for a person who can't sign in, or ask another coordinator to; shown here and never again."""
    found = _person(person)
    try:
        if found.role in GUARDED:
            two_people.propose("new_link", {"person": found.email})
            return redirect(url_for("admin.proposals.list_proposals"))
        secret = _done(lambda: wording.new_link(person))
    except ActionRefused as refused:
        return _person_page(found, RoleForm(_places(), role=found.role, place=found.place), str(refused)), 409
    link = staff_link("new_password.show_form", secret)
    return render_template("admin/account_link.html", link=link, email=found.email, days=GOOD_FOR.days, again=True)


def _done(action: Callable[[], Any]) -> Any:
    """Run the action and return what it returns; raise ActionRefused when somebody else did the same at that moment."""
    try:
        return action()
    except DatabaseConflict:
        raise ActionRefused(CHANGED) from None


def _then(page: str, action: Callable[[], object]) -> ResponseReturnValue:
    try:
        _done(action)
    except ActionRefused as refused:
        return _list(str(refused)), 409
    return redirect(url_for(page))


def _list(problem: str = "") -> str:
    with read_transaction(services.engine()) as connection:
        everybody, waiting = accounts.accounts(connection), staff_invitations.waiting(connection)
        asked, names = two_people.waiting(connection, signed_in().id), _names(connection)
    return render_template(
        "admin/accounts.html",
        everybody=everybody,
        waiting=waiting,
        asked=asked,
        alone=two_people.is_only_coordinator(),
        names=names,
        role_in_words=role_in_words,
        today=services.today(),
        me=signed_in().id,
        problem=problem,
        outcome=invite_letters.outcome,
        invited=request.args.get("invited", type=int),
    )


def _names(connection: Connection) -> dict[str, str]:
    return {each.key: each.name for each in places.all_places(connection)}


def _places() -> list[Any]:
    with read_transaction(services.engine()) as connection:
        return wording.places_for_accounts(connection, services.today())


def _person(number: int) -> Account:
    with read_transaction(services.engine()) as connection:
        return accounts.account_by_id(connection, number) or abort(404)


def _invite_page(form: InviteForm, problem: str = "") -> str:
    named = {"role_names": ROLE_NAMES, "readable": readable_languages()}
    return render_template("admin/account_invite.html", form=form, problem=problem, **named)


def _person_page(person: Account, form: RoleForm, problem: str = "", moved: bool = False) -> str:
    with read_transaction(services.engine()) as connection:
        role, place, waits = wording.role_of(connection, person)
        names, made = _names(connection), stored_resets.of_account(connection, person.id)
    asked = (ROLE_NAMES[waits.details["role"]], names[waits.details["place"]]) if waits else None
    now = [(ROLE_NAMES[role], names[place]), *([asked] if asked else [])]
    shown = edit_conflicts.form_fingerprint(role, place, waits, conflict=moved)
    two = wording.takes_two(person, signed_in().id)
    given = {key: name for key, name in ROLE_NAMES.items() if key == person.role or not reads_a_language(key)}
    named: dict[str, Any] = {"new_link": made, "two": two, "two_for_link": person.role in GUARDED}
    named |= {"now": now, "shown": shown, "moved": moved}
    return render_template("admin/account.html", person=person, form=form, role_names=given, problem=problem, **named)
