"""Every role × every address × every method: refused or allowed as the table in docs/operating.md says."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from survey.domain.places.unit_groups import UnitGroup
from survey.domain.records.action_plan import Activity
from survey.domain.records.external_measures import Measurement, Target
from survey.domain.records.record_types import StoredVersion
from survey.domain.staff.roles import ROLES
from survey.domain.staff.translation_approvals import fingerprint
from survey.store.core import unit_groups
from survey.store.database.engine import make_engine, read_transaction, write_transaction
from survey.store.published import packs, plan_records
from survey.store.published.packs import Pack
from survey.store.staff import accounts
from survey.web.request.services import Services
from tests.followup import editions as invented
from tests.followup.staffed import HASH, PEOPLE, StaffBrowser, furnish_instance
from tests.parts import owned_database
from tests.postgres import Cluster

OPERATING = Path(__file__).resolve().parents[2] / "docs" / "operating.md"
NOBODY = "not signed in"
ROUND = invented.ROUNDS[0][0]
WHO = {NOBODY: "", "unit": "Brita", "followup": "Freja", "coordinator": "Sven", "auditor": "ada@region.example"}
TRANSLATORS = {"translator": "tua@region.example", "qualified_translator": "tor@sprak.example"}
WHO |= TRANSLATORS
TOR = "tor@region.example"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
# What stands in an address: something of the person's own first, then something of others.
OWN = {"unit": "brunflo", "node": "brunflo", "pack": "brunflo"}
OTHER = {"unit": "odensala", "node": "odensala", "pack": "odensala"}
SAME = {
    "kind": "json",
    "n": "1",
    "question": "trygghet",
    **{
        "number": "1",
        "chart": "gap",
        "language": "sv",
        "theme": "light",
        "name": "figures",
        "channel": "slips",
        "channel_key": "slips",
    },
    **{"group": "questions", "text": fingerprint("Nästa"), "page": "sheet", "shown": "en"},
    **{"secret": "x" * 43, "role": "patient", "round_key": ROUND, "device": "ingen"},
}
# A short name is a place's or a round's, by where it stands.
CHART_OF = {"/staff/followup/targets/": "nasta_tid", "/staff/followup/annotated-trend/": "trend"}
ENTRY = "0123456789abcdef"
KEYS = {
    **{"/staff/admin/waiting/": "x", "/staff/admin/places/": "brunflo", "/staff/admin/rounds/": ROUND},
    **{"/staff/followup/plan/": ENTRY, "/staff/followup/targets/": ENTRY, "/staff/followup/groups/": "arenan"},
}
ENDING = ("/staff/sign-out", "/staff/account/end-all")
CHOICES = {
    "action": ("confirm", "refuse", "reopen", "close"),
    "how": ("end", "merge", "resume"),
    "step": ("open", "close", "publish"),
}

Cells = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Address:
    """One rule of the router, as the table names it, with addresses to try it by."""

    named: str
    methods: frozenset[str]
    own: tuple[str, ...]
    other: tuple[str, ...]


def table() -> Cells:
    """What the document says, by `METHOD address` and role."""
    section = OPERATING.read_text(encoding="utf-8").split("## Who may open what")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    head, body = rows[0], rows[2:]
    return {(row[0].strip("`"), who): cell for row in body for who, cell in zip(head[1:], row[1:], strict=True)}


def addresses(app: Flask) -> list[Address]:
    """Every address under /staff."""
    house: Services = app.extensions["services"]
    with read_transaction(house.engine) as connection:
        tor = accounts.account_by_email(connection, TOR)
    assert tor
    known = {**SAME, "person": str(tor.id)}
    merged: dict[str, Address] = {}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/staff"):
            named = re.sub(r"<(?:[^<>:]*:)?(\w+)>", r"<\1>", rule.rule)
            own, other = (tuple(_filled(named, rule, {**known, **values})) for values in (OWN, OTHER))
            methods = frozenset(rule.methods or ()) | (merged[named].methods if named in merged else frozenset())
            merged[named] = Address(named, methods, own, other)
    return list(merged.values())


def _choices(rule: Rule) -> tuple[str, ...]:
    """In the order that leaves something to do for the next; those of a rule of its own in any."""
    name = next(iter(rule.arguments & set(CHOICES)), "")
    offered = tuple(sorted(getattr(rule._converters.get(name), "items", ()) or ()))
    usual = CHOICES.get(name, ("",))
    return usual if not offered or set(offered) == set(usual) else offered


def _filled(named: str, rule: Rule, known: dict[str, str]) -> Iterator[str]:
    key = next((key for part, key in KEYS.items() if named.startswith(part)), "")
    room = next((room for room in CHART_OF if named.startswith(room)), "")
    kinds = {"/staff/followup/targets/": "target", "/staff/followup/plan/": "activity", "/staff/audit/": "xlsx"}
    kind = next((kind for part, kind in kinds.items() if named.startswith(part)), known["kind"])
    for choice in _choices(rule):
        values = {
            **known,
            "key": key,
            "kind": kind,
            "chart": CHART_OF.get(room, "gap"),
            **dict.fromkeys(CHOICES, choice),
        }
        yield re.sub("[<>]", "", re.sub(r"<(\w+)>", r"<{\1}>", named).format(**values))


class Visitor:
    """Somebody of one role, who signs in again when a deed has ended their session."""

    def __init__(self, app: Flask, who: str) -> None:
        self.app, self.who = app, who
        self.enter()

    def enter(self) -> None:
        self.browser = StaffBrowser(self.app)
        if self.who:
            self.browser.sign_in(self.who)
        self.mark = self.browser.mark() if not self.who else ""

    def send(self, method: str, address: str) -> TestResponse:
        if self.who and self.browser.client.get("/staff/").location.startswith("/staff/sign-in"):
            self.enter()
        if self.who and not self.mark:
            page = self.browser.client.get("/staff/", follow_redirects=True).text
            found = re.search(r'name="csrf_token" value="([^"]+)"', page)
            assert found
            self.mark = found[1]
        data = {"csrf_token": self.mark} if method in ("POST", "PUT", "PATCH", "DELETE") else None
        return self.browser.client.open(address, method=method, data=data)


def verdict(reply: TestResponse) -> str:
    """What the reply says of the one who asked."""
    assert reply.status_code < 500, (reply.request.path, reply.status_code)
    # Signing out ends there too, as it should.
    asked = reply.status_code == 302 and reply.location.partition("?")[0] == "/staff/sign-in"
    if asked and reply.request.path not in ENDING:
        return "sign in"
    return "no" if reply.status_code == 403 else "yes"


def met(visitor: Visitor, method: str, address: Address) -> str:
    """What a role meets at an address: at its own and at others'."""
    own = {verdict(visitor.send(method, each)) for each in address.own}
    other = {verdict(visitor.send(method, each)) for each in address.other}
    if own == {"yes"} and other == {"no"}:
        return "own"
    return "/".join(sorted(own | other))


def matrix(app: Flask, only: str = "") -> Cells:
    """What each role meets everywhere; `only` at addresses that begin so."""
    found: Cells = {}
    for role, who in WHO.items():
        visitor = Visitor(app, who)
        for address in addresses(app):
            for method in ("GET", "POST"):
                if method in address.methods and address.named.startswith(only):
                    found[f"{method} {address.named}", role] = met(visitor, method, address)
    return found


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """A staff app with somebody of each role, and one whose account may be closed."""
    return with_everybody(tmp_path)


def with_everybody(folder: Path, config: str = "") -> Flask:
    """The same in this folder, with more in its settings."""
    app = furnish_instance(folder, 1, config=config)
    house: Services = app.extensions["services"]
    with write_transaction(house.engine) as connection:
        accounts.add_account(connection, WHO["auditor"], HASH, "auditor", "jh")
        accounts.add_account(connection, TOR, HASH, "followup", "jh")
        for role, who in TRANSLATORS.items():
            accounts.add_account(connection, who, HASH, role, "jh", language="en")
        unit_groups.add(connection, UnitGroup("arenan", 1, "Arenan", ("brunflo",), house.today()))
        activity = Activity(activity="Vi ringer upp", status="ongoing")
        goal = Target(name="Mål", kind="other", value="55 %", source="Avtal", status="lapsed", question=None)
        value = Measurement(
            series="Panel",
            kind="other",
            day=date(2022, 12, 31),
            qualifier="exact",
            value="29",
            unit_of_measure="%",
            respondents="befolkningen",
            source="Panel",
            question="nasta_tid",
        )
        plan_records.TARGETS.add(connection, StoredVersion(ENTRY, 1, date(2024, 6, 1), goal))
        for number, key in enumerate((ENTRY, "a" * 16, "b" * 16)):  # a picture takes three
            day = value.day.replace(year=value.day.year - number)
            plan_records.MEASUREMENTS.add(connection, StoredVersion(key, 1, date(2024, 6, 1), replace(value, day=day)))
        plan_records.ACTIVITIES.add(connection, StoredVersion(ENTRY, 1, date(2024, 6, 1), activity))
        for number, place in enumerate((OWN["pack"], OTHER["pack"]), start=1):
            draft = Pack(place, 0, 1, None, place, (place,), ("trygghet",), "", None, None, None)
            packs.add(connection, draft)
            kept = {"sha256": "a" * 64, "html": b"<p>", "pdf": b"%PDF", "on": house.today()}
            packs.freeze(connection, draft, number, **kept)  # type: ignore[arg-type]
    return app


def test_the_table_knows_each_role_and_each_address(app: Flask) -> None:
    assert {who for _, who in table()} == set(WHO) == {NOBODY, *ROLES}
    there = {
        f"{method} {each.named}" for each in addresses(app) for method in ("GET", "POST") if method in each.methods
    }
    assert {row for row, _ in table()} == there
    assert set(table().values()) <= {"yes", "no", "own", "sign in"}


@pytest.mark.slow
def test_each_role_meets_what_the_table_says(app: Flask) -> None:
    found, said = matrix(app), table()
    assert {cell: found[cell] for cell in said if found[cell] != said[cell]} == {}
    assert len(found) == len(said)


@pytest.mark.slow
def test_every_address_is_served_by_the_staffs_own_role_in_the_database(tmp_path: Path, cluster: Cluster) -> None:
    with owned_database(cluster) as parts:
        app = with_everybody(tmp_path, f'database = "{parts.url()}"\n')
        every, house = addresses(app), app.extensions["services"]
        app.extensions["services"] = replace(house, engine=make_engine(parts.url("staff")))
        said, visitors = table(), {role: Visitor(app, who) for role, who in WHO.items()}
        for address in every:
            for method in sorted(address.methods & {"GET", "POST"}):
                named = f"{method} {address.named}"
                role = next((each for each in reversed(WHO) if said[named, each] in ("yes", "own")), NOBODY)
                assert {verdict(visitors[role].send(method, each)) for each in address.own} != {"no"}, named
        app.extensions["services"].engine.dispose()


@pytest.mark.slow
def test_no_address_takes_another_method(app: Flask) -> None:
    for who in WHO.values():
        visitor = Visitor(app, who)
        for address in addresses(app):
            for method in METHODS:
                if method not in address.methods:
                    assert visitor.send(method, address.own[0]).status_code == 405, (method, address.named)


def test_what_is_allowed_is_a_page_and_not_a_way_round(app: Flask) -> None:
    """A yes means that something is there: no 404, but for a link never made, and a provider or nation that is not."""
    for who in list(WHO.values())[1:]:
        visitor = Visitor(app, who)
        for address in addresses(app):
            if "GET" in address.methods and not any(
                part in address.named for part in ("invited", "oidc", "new-password", "/regions")
            ):
                assert visitor.send("GET", address.own[0]).status_code in {200, 302, 403, 409}, address.named


@pytest.mark.slow
@pytest.mark.parametrize(
    "endpoint",
    [
        "audit.index",
        "admin.accounts.list_accounts",
        "admin.region_texts.show_form",
        "care_unit.index",
        "followup.index",
    ],
)
def test_control_a_view_without_its_guard_is_found(app: Flask, endpoint: str) -> None:
    view = app.view_functions[endpoint]
    guarded = inspect.unwrap(view)
    assert guarded is not view
    role_needed = {"followup.index": "auditor", "audit.index": "coordinator"}.get(endpoint, "followup")
    from survey.web.signin.views import requires

    app.view_functions[endpoint] = requires()(guarded)
    rule = next(each.rule for each in app.url_map.iter_rules() if each.endpoint == endpoint)
    found, said = matrix(app, rule), table()
    assert found[f"GET {rule}", role_needed] == "yes" != said[f"GET {rule}", role_needed]


def test_the_people_of_the_table_have_its_roles() -> None:
    assert all(PEOPLE[who][1] == role for role, who in WHO.items() if who in PEOPLE)
