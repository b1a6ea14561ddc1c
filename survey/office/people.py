"""/staff/office/people: who has an account, who is invited, and which changes of role wait for a second coordinator."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection

from survey.office import accounts, new_links
from survey.office.accounts import CHANGED, COORDINATOR, Refused
from survey.office.people_forms import ROLE_NAMES, InviteForm, RoleForm
from survey.store import invites, people, places, role_changes
from survey.store import new_links as kept_links
from survey.store.engine import DatabaseConflict, reading
from survey.store.people import Person
from survey.web import edit_conflicts, house
from survey.web.new_links import GOOD_FOR
from survey.web.signin import fresh, requires, signed_in

blueprint = Blueprint("people", __name__, url_prefix="/people")
ID = "<int(max=2147483647):person>"


@blueprint.get("/")
@requires(COORDINATOR)
def start() -> str:
    """Everybody, by address."""
    return _list()


@blueprint.get("/invite")
@requires(COORDINATOR)
def ask() -> str:
    """Whom to invite."""
    return _invite_page(InviteForm(_places()))


@blueprint.post("/invite")
@requires(COORDINATOR)
@fresh()
def invite() -> ResponseReturnValue:
    """The one-time link, shown here and never again."""
    form = InviteForm(_places(), request.form)
    if not form.validate():
        return _invite_page(form), 422
    try:
        secret, earlier = _done(lambda: accounts.invite(form.email.data, form.role.data, form.place.data))
    except Refused as refused:
        return _invite_page(form, str(refused)), 422
    link = url_for("invited.ask", secret=secret, _external=True)
    more = {"days": accounts.GOOD_FOR.days, "earlier": earlier}
    return render_template("office/people_link.html", link=link, email=form.email.data, **more)


@blueprint.post("/withdraw")
@requires(COORDINATOR)
def withdraw() -> ResponseReturnValue:
    """Take an invitation back."""
    return _then_list(lambda: accounts.withdraw(request.form.get("email", "")))


@blueprint.get(f"/{ID}")
@requires(COORDINATOR)
def page(person: int) -> str:
    """One account, and what may be done with it."""
    found = _person(person)
    return _person_page(found, RoleForm(_places(), role=found.role, place=found.place))


@blueprint.post(f"/{ID}/role")
@requires(COORDINATOR)
@fresh()
def ask_role(person: int) -> ResponseReturnValue:
    """Ask for another role or place."""
    found, form = _person(person), RoleForm(_places(), request.form)
    if not form.validate():
        return _person_page(found, form), 422
    try:
        _done(lambda: accounts.ask_role(person, form.role.data, form.place.data, signed_in().id))
    except accounts.Moved:
        return _person_page(_person(person), form, moved=True), 409
    except Refused as refused:
        return _person_page(found, form, str(refused)), 422
    flash(_("Din begäran är sparad. En annan samordnare bekräftar den."))
    return redirect(url_for(".start"))


@blueprint.post(f"/{ID}/<any(confirm, refuse, close, reopen):deed>")
@requires(COORDINATOR)
@fresh()
def do(person: int, deed: str) -> ResponseReturnValue:
    """Confirm or forget a change of role that waits; close or open the account."""
    role, place = request.form.get("role", ""), request.form.get("place", "")
    deeds: Mapping[str, Callable[[], object]] = {
        "confirm": lambda: accounts.confirm_role(person, role, place, signed_in().id),
        "refuse": lambda: accounts.refuse_role(person),
        "close": lambda: accounts.set_open(person, False),
        "reopen": lambda: accounts.set_open(person, True),
    }
    _person(person)
    return _then_list(deeds[deed])


@blueprint.post(f"/{ID}/link/<any(make, confirm, refuse):step>")
@requires(COORDINATOR)
@fresh()
def new_link(person: int, step: str) -> ResponseReturnValue:
    """Make a new link for who has lost the way in, or have another coordinator make it; shown here and never again."""
    found, me = _person(person), signed_in().id
    deeds: Mapping[str, Callable[[], str | None]] = {
        "make": lambda: new_links.make(person, me),
        "confirm": lambda: new_links.confirm(person, me),
        "refuse": lambda: new_links.refuse(person),
    }
    try:
        secret = _done(deeds[step])
    except Refused as refused:
        return _person_page(found, RoleForm(_places(), role=found.role, place=found.place), str(refused)), 409
    if secret is None:
        return redirect(url_for(".page", person=person))
    link = url_for("new_password.ask", secret=secret, _external=True)
    return render_template("office/people_link.html", link=link, email=found.email, days=GOOD_FOR.days, again=True)


def _done(deed: Callable[[], Any]) -> Any:
    """Do it; when somebody else did the same at that moment, it was they who did."""
    try:
        return deed()
    except DatabaseConflict:
        raise Refused(CHANGED) from None


def _then_list(deed: Callable[[], object]) -> ResponseReturnValue:
    try:
        _done(deed)
    except Refused as refused:
        return _list(str(refused)), 409
    return redirect(url_for(".start"))


def _list(problem: str = "") -> str:
    with reading(house.engine()) as connection:
        everybody, waiting = people.people(connection), invites.waiting(connection)
        changes, names = role_changes.waiting(connection), _names(connection)
    emails = {each.id: each.email for each in everybody}
    return render_template(
        "office/people.html",
        everybody=everybody,
        waiting=waiting,
        changes=changes,
        emails=emails,
        names=names,
        role_names=ROLE_NAMES,
        today=house.today(),
        me=signed_in().id,
        problem=problem,
    )


def _names(connection: Connection) -> dict[str, str]:
    return {each.key: each.name for each in places.all_places(connection)}


def _places() -> list[Any]:
    with reading(house.engine()) as connection:
        return accounts.places_for_accounts(connection, house.today())


def _person(number: int) -> Person:
    with reading(house.engine()) as connection:
        return people.person_by_id(connection, number) or abort(404)


def _invite_page(form: InviteForm, problem: str = "") -> str:
    return render_template("office/people_invite.html", form=form, role_names=ROLE_NAMES, problem=problem)


def _person_page(person: Person, form: RoleForm, problem: str = "", moved: bool = False) -> str:
    with reading(house.engine()) as connection:
        role, place, waits = accounts.role_of(connection, person)
        names = _names(connection)
        asked = kept_links.of_person(connection, person.id)
        by = people.person_by_id(connection, asked.asked_by) if asked and asked.asked_by else None
    now = [(ROLE_NAMES[role], names[place])] + ([(ROLE_NAMES[waits.role], names[waits.place])] if waits else [])
    shown = edit_conflicts.filled_from(role, place, waits, told=moved)
    named = {"new_link": asked, "asked_by": by, "me": signed_in().id, "now": now, "shown": shown, "moved": moved}
    return render_template(
        "office/people_person.html", person=person, form=form, role_names=ROLE_NAMES, problem=problem, **named
    )
