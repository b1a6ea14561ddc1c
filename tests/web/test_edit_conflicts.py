"""The second of two who save the same thing is told, sees both versions, and loses nothing of what they wrote."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from flask import Flask

from survey.domain.places.unit_groups import UnitGroup
from survey.domain.staff.translation_approvals import fingerprint
from survey.store.core import rounds, unit_groups
from survey.store.database.engine import write_transaction
from survey.store.staff import accounts
from survey.store.tables import round_
from survey.web.request.services import Services
from tests.admin.conftest import DRAFT
from tests.factories import make_round
from tests.followup.editions import ROUNDS
from tests.followup.packing import decide, freeze, make
from tests.followup.staffed import HASH, StaffBrowser, furnish_instance
from tests.reader import Page

ROUND = ROUNDS[4][0]
OFFICE, FOLLOWUP = "/staff/admin", "/staff/followup"


@dataclass(frozen=True)
class Form:
    """A form that changes what exists: where it stands, where it goes, what two people write in it.

    `told`: words of the first that the second is shown, where they are others than what was written; `seen`: the same
    of the second, once it is saved. `button`: where a button of the form sends it instead.
    """

    page: str
    goes: str
    first: dict[str, str]
    second: dict[str, str]
    told: tuple[str, ...] = ()
    who: str = "Sven"
    seen: tuple[str, ...] = ()
    button: str = ""


PLAN, TARGET = f"{FOLLOWUP}/plan/decision/{'a' * 16}", f"{FOLLOWUP}/targets/target/{'b' * 16}"
EDIT = f"{OFFICE}/rounds/varen-2027/edit"
EXTEND = f"{OFFICE}/rounds/sommar/extend"
TEXT = f"/staff/translation/text/{fingerprint('Nästa')}"
GROUP = f"{FOLLOWUP}/groups/norr"
FORMS = {
    "/staff/admin/rounds/<key>/edit": Form(
        EDIT, EDIT, {"name": "Våren tjugosju", "threshold_patient": "30"}, {"grace_days": "5"}, ("30",)
    ),
    "/staff/admin/places/<key>": Form(
        f"{OFFICE}/places/odensala", f"{OFFICE}/places/odensala", {"name": "Odensala A"}, {"hsa_id": "SE2321000214-B"}
    ),
    "/staff/admin/rounds/<key>/extend": Form(
        EXTEND, EXTEND, {"closes": "2024-07-05"}, {"closes": "2024-07-10"}, ("5 juli 2024",), seen=("10 juli 2024",)
    ),
    "/staff/admin/people/<int(max=2147483647):person>/role": Form(
        f"{OFFICE}/people/2",
        f"{OFFICE}/people/2/role",
        {"role": "auditor", "place": "jh"},
        {"role": "coordinator", "place": "jh"},
        ("Granskare",),
    ),
    "/staff/admin/texts/": Form(
        f"{OFFICE}/texts/", f"{OFFICE}/texts/", {"contact": "Ring 063-1"}, {"contact": "Ring 063-2"}
    ),
    "/staff/unit/<unit>/reflection/<round_key>": Form(
        f"/staff/unit/brunflo/reflection/{ROUND}",
        f"/staff/unit/brunflo/reflection/{ROUND}",
        {"thoughts": "Vi lyssnar mer", "improvement": "Ringa upp"},
        {"thoughts": "Vi förklarar mer", "improvement": "Skriva brev", "shown": "1"},
        who="Brita",
    ),
    "/staff/followup/resident-message/<round_key>": Form(
        f"{FOLLOWUP}/resident-message/{ROUND}",
        f"{FOLLOWUP}/resident-message/{ROUND}",
        {"text": "Vi bygger om"},
        {"text": "Vi bygger till"},
    ),
    "/staff/followup/groups/<key>": Form(
        GROUP, GROUP, {"name": "Norra enheterna"}, {"name": "Enheterna i norr"}, ("Norra enheterna",)
    ),
    "/staff/followup/packs/<pack>": Form(
        "{pack}", "{pack}", {"introduction": "Först av oss"}, {"introduction": "Sedan vi"}
    ),
    "/staff/followup/packs/<pack>/content": Form(
        "{pack}/content", "{pack}/content", {"title": "Fredagsmötet"}, {"title": "Lördagsmötet"}
    ),
    "/staff/followup/packs/<pack>/decisions": Form(
        *("{pack}", "{pack}", {"text": "Ringa alla", "who": "Chefen"}, {"text": "Skriva till alla", "who": "Staben"}),
        ("Ringa alla",),
        button="{pack}/decisions",
    ),
    "/staff/followup/packs/<pack>/decisions/<int(max=9999):n>/became": Form(
        "{frozen}", "{frozen}/decisions/1/became", {"outcome": "Klart i mars"}, {"outcome": "Klart i maj"}
    ),
    "/staff/followup/plan/<any(activity, decision, event):kind>/<key>": Form(
        PLAN, PLAN, {"decision": "Fler telefontider"}, {"decision": "Längre besök"}
    ),
    "/staff/followup/targets/<any(target, measurement):kind>/<key>": Form(
        TARGET, TARGET, {"name": "Nöjda alla"}, {"name": "Nöjda många"}
    ),
    "/staff/translation/text/<text>": Form(
        TEXT, TEXT, {"wording": "Go on now"}, {"wording": "Go to the next"}, who="tua@region.example"
    ),
}
# A step that is taken over something that was changed after it was read: told, and not taken.
STEPS = {
    "/staff/admin/rounds/<key>/<any(open, close, publish):step>": (
        *(f"{OFFICE}/rounds/varen-2027/open", f"{OFFICE}/rounds/varen-2027/open", EDIT),
        {"opens": "2027-03-01"},
    ),
    "/staff/admin/places/<key>/<any(end, merge, resume):how>": (
        *(f"{OFFICE}/places/hallen/resume", f"{OFFICE}/places/hallen/resume", f"{OFFICE}/places/hallen/end"),
        {"last_day": "2030-01-01"},
    ),
    "/staff/admin/rounds/<key>/remove": (
        *(f"{OFFICE}/rounds/varen-2027", f"{OFFICE}/rounds/varen-2027/remove", EDIT),
        {"closes": "2027-05-01"},
    ),
    "/staff/followup/packs/<pack>/remove": ("{pack}", "{pack}/remove", "{pack}", {"introduction": "Nytt"}),
    "/staff/followup/packs/<pack>/decisions/<int(max=9999):n>/remove": (
        *("{pack}", "{pack}/decisions/1/remove", "{pack}/decisions/1/remove"),
        {},
    ),
    "/staff/followup/groups/<key>/end": (GROUP, f"{GROUP}/end", GROUP, {"name": "Norra"}),
}
# Where nobody's save can be lost, and why.
EXEMPT = {
    "makes something new; the same sent twice is one, a taken name is refused": (
        *("/staff/admin/new-round", "/staff/admin/people/invite", "/staff/followup/groups/new"),
        *("/staff/followup/packs/new", "/staff/unit/<unit>/kiosks", "/staff/unit/<unit>/paper/<role>"),
        *("/staff/unit/<unit>/links/<channel_key>", "/staff/admin/people/mail"),
    ),
    "looks at a file and keeps nothing": (
        *("/staff/admin/import-places", "/staff/admin/people/file", "/staff/translation/file"),
        "/staff/translation/pages/<page>/<shown>",
        "/staff/followup/plan/import/<any(activity):kind>",
        "/staff/followup/targets/import/<any(target, measurement, population):kind>",
    ),
    "carries the mark of what was shown; its own test is with the import": (
        *("/staff/admin/import-places/keep", "/staff/admin/people/file/invite", "/staff/translation/file/keep"),
        *("/staff/translation/texts/<group>", "/staff/translation/text/<text>/approve"),
        "/staff/followup/plan/import/<any(activity):kind>/keep",
        "/staff/followup/targets/import/<any(target, measurement, population):kind>/keep",
    ),
    "keeps the texts that stand in the same form, at their revision": ("/staff/followup/packs/<pack>/freeze",),
    "sets one state that can be set back, or is refused by the state it meets": (
        "/staff/admin/rounds/<key>/cancel",
        "/staff/admin/people/<int(max=2147483647):person>/<any(close, reopen):action>",
        "/staff/admin/people/<int(max=2147483647):person>/link",
        *("/staff/admin/waiting/<key>/confirm", "/staff/admin/waiting/<key>/refuse"),
        "/staff/unit/<unit>/sending/<channel>/<role>/stop",
        "/staff/unit/<unit>/sending/<channel>/<role>/<any(pause, resume):action>",
        *("/staff/admin/people/withdraw", "/staff/unit/<unit>/kiosks/<device>/revoke"),
    ),
    "is the person's own sign-in, which nobody else writes": (
        *(
            "/staff/sign-in",
            "/staff/sign-out",
            "/staff/language",
            "/staff/second-step",
            "/staff/passkey",
            "/staff/kept-form",
        ),
        *("/staff/account/confirm", "/staff/account/end", "/staff/account/end-all", "/staff/account/new-link-read"),
        *("/staff/account/password", "/staff/account/second-factor/authenticator"),
        *("/staff/account/second-factor/authenticator/remove", "/staff/account/second-factor/passkey"),
        *("/staff/account/second-factor/passkey/remove", "/staff/account/second-factor/recovery-codes"),
        *("/staff/invited", "/staff/new-password", "/staff/forgotten", "/staff/forgotten/choose"),
    ),
}


def test_every_form_of_the_staff_is_compared_or_says_why_not() -> None:
    routes = json.loads((Path(__file__).parents[1] / "routes.json").read_text(encoding="utf-8"))
    routed = [re.fullmatch(r"(.*?)((?: [A-Z]+)+)", each) for each in routes]
    posted = {each[1] for each in routed if each and each[1].startswith("/staff/") and "POST" in each[2]}
    exempt = [path for paths in EXEMPT.values() for path in paths]
    assert sorted(posted) == sorted([*FORMS, *STEPS, *exempt])


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A house in which there is one of each thing that may be changed."""
    app = furnish_instance(tmp_path_factory.mktemp("conflicts") / "instance")
    house: Services = app.extensions["services"]
    with write_transaction(house.engine) as connection:
        units = ("brunflo", "hallen", "lugnvik", "myrviken")
        days = {"opens": date(2024, 5, 1), "closes": date(2024, 6, 30), "name": "Sommaren 2024"}
        rounds.add_round(connection, make_round("sommar", state="closed", **days))
        accounts.add_account(connection, "tua@region.example", HASH, "translator", "jh", language="en")
        unit_groups.add(connection, UnitGroup("norr", 1, "Norr", units, house.today()))
    sven = enter(app, "Sven")
    sven.post(f"{OFFICE}/new-round", DRAFT)
    sven.post(PLAN, {"version": "0", "decided_on": "2024-05-17", "decision": "Vi ringer upp", "status": "planned"})
    goal = {"name": "Nöjda", "kind": "other", "value": "70 %", "source": "Planen", "status": "valid"}
    sven.post(TARGET, {"version": "0", **goal})
    return app


@pytest.fixture
def at(staffed: Flask) -> Iterator[Callable[[str], str]]:
    """Fills in which pack an address means: a new draft, or one that is frozen."""
    sven = enter(staffed, "Sven")

    def address(written: str) -> str:
        if written == EXTEND:
            _let_be(staffed, "open")
        if "{" not in written:
            return written
        pack = make(sven, staffed)
        decide(sven, pack, due="2030-01-01")
        if "{frozen}" in written:
            freeze(sven, pack)
        return written.format(pack=pack, frozen=pack)

    yield cache(address)
    _let_be(staffed, "closed")


def _let_be(app: Flask, state: str) -> None:
    """Open the round of the summer, or close it, so that another may be opened."""
    house: Services = app.extensions["services"]
    with write_transaction(house.engine) as connection:
        connection.execute(round_.update().where(round_.c.key == "sommar").values(state=state))


@cache
def enter(app: Flask, who: str, browser_of: str = "one") -> StaffBrowser:
    """A browser in which this person is signed in; another for another name of it."""
    browser = StaffBrowser(app)
    browser.sign_in(who)
    return browser


def filled(page: Page, goes: str) -> dict[str, list[str]]:
    """What the form that goes to this address would post as it stands."""
    form = next(each for each in page.all("form") if each.get("action") == goes)
    outside = [each for each in page.tree.iter() if each.get("form") == form.get("id", "")]
    found: dict[str, list[str]] = {}
    for each in (*form.iter(), *outside):
        name = each.get("name", "")
        if each.tag == "input" and (each.get("type") not in ("radio", "checkbox") or "checked" in each.attrib):
            found.setdefault(name, []).append(each.get("value", ""))
        elif each.tag == "textarea":
            found[name] = ["".join(each.itertext()).removeprefix("\n")]
        elif each.tag == "select":
            found[name] = [option.get("value", "") for option in each.iter("option") if "selected" in option.attrib]
    return found


def save(browser: StaffBrowser, page: Page, goes: str, written: dict[str, str], status: int, button: str = "") -> Page:
    """Send the form as it stands on the page, with these fields written in, by a button that sends it elsewhere."""
    if button:
        assert button in [each.get("formaction") for each in page.all("button")]
    return browser.post(button or goes, filled(page, goes) | written, status)  # type: ignore[arg-type, operator]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_second_save_is_told_sees_both_and_may_be_sent_again(
    form: Form, staffed: Flask, at: Callable[[str], str]
) -> None:
    page = at(form.page)
    pack = page.removesuffix("/content")
    goes, button = (each.format(pack=pack, frozen=pack) for each in (form.goes, form.button))
    one, two = enter(staffed, form.who), enter(staffed, form.who, "two")
    read_by_one, read_by_two = one.get(page), two.get(page)
    save(one, read_by_one, goes, form.first, 302, button)
    told = save(two, read_by_two, goes, form.second, 409, button)
    for word in form.told or form.first.values():
        assert word in told.words("main")
    written = filled(told, goes)
    assert {name: written[name] for name in form.second} == {name: [value] for name, value in form.second.items()}
    assert "Någon annan" in told.words("main")
    save(two, told, goes, {}, 302, button)
    assert all(value in unescape(two.get(page).text) for value in form.seen or form.second.values())


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_step_is_not_taken_over_what_was_not_read(
    step: tuple[str, str, str, dict[str, str]], staffed: Flask, at: Callable[[str], str]
) -> None:
    page = at(step[0])
    goes, other = (each.format(pack=page) for each in step[1:3])
    one, two = enter(staffed, "Sven"), enter(staffed, "Sven", "two")
    read_by_two = two.get(f"{FOLLOWUP}/groups/" if page == GROUP else page)
    save(one, one.get(page if other.endswith("/remove") else other), other, step[3], 302)
    if other == goes:
        decide(one, page, "Ett helt annat beslut", "2030-01-01")
    assert "annan" in save(two, read_by_two, goes, {}, 409).words("main")
