"""A staff side with invented rounds, people by name, and a browser that looks at each page it is given."""

import html
import re
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from survey.app import create_app
from survey.domain.places.place_tree import Place
from survey.domain.rounds.lifecycle import Round
from survey.store.core import places, rounds
from survey.store.database.engine import write_transaction
from survey.store.maintenance.migrate import upgrade
from survey.store.published import editions
from survey.store.staff import accounts
from survey.web.request.services import Services
from survey.web.signin.hashing_budget import HashingBudget
from survey.web.signin.views import hash_password
from tests.followup import editions as invented
from tests.reader import Page, faults_of_page

PASSWORD = "ett lösenord som är långt nog"
HASH = hash_password(PASSWORD)
PEOPLE = {
    "Freja": ("freja@region.example", "followup", "jh"),
    "Klara": ("klara@are.example", "followup", "are"),
    "Sven": ("sven@region.example", "coordinator", "jh"),
    "Brita": ("brita@brunflo.example", "unit", "brunflo"),
    "Odd": ("odd@odensala.example", "unit", "odensala"),
    "Sara": ("sara@tomt.example", "unit", "nystart"),
}


def furnish_instance(folder: Path, last: int = 5, *, demo: bool = True, config: str = "") -> Flask:
    """A staff app of its own database, with `last` editions."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = f'secret = "{"s" * 40}"\ndemo = {str(demo).lower()}\nsession_cookie_secure = false\n'
    if not demo:
        settings += 'resident_address = "https://svara.example"\nstaff_address = "https://personal.example"\n'
    settings += config
    (folder / "config.toml").write_text(settings, encoding="utf-8")
    app = create_app("staff", folder, lambda: date(2024, 6, 1))
    house: Services = app.extensions["services"]
    upgrade(house.engine)
    with write_transaction(house.engine) as connection:
        places.save_places(connection, _places())
        for email, role, place in PEOPLE.values():
            accounts.add_account(connection, email, HASH, role, place)
        for number in range(1, last + 1):
            publish(connection, number)
    return app


def _places() -> list[Place]:
    filial = {"torvalla": "odensala"}
    found = [
        Place(key=key, name=name, level=level, parent=up, huvudman=owner, filial_of=filial.get(key))
        for key, name, level, up, owner, _patients, _providers in invented.PLACES
    ]
    return [*found, Place(key="nystart", name="Nystartade hälsocentralen", level="unit", parent="berg")]


def publish(connection: Connection, number: int) -> None:
    """Keep the round and its edition."""
    add_round(connection, number, "published")
    key, _name, _opens, closes = invented.ROUNDS[number - 1]
    text, digest = invented.frozen(invented.body(number))
    editions.add(connection, key, text, digest, closes)


def add_round(connection: Connection, number: int, state: str) -> None:
    """Keep the round in this state."""
    key, name, opens, closes = invented.ROUNDS[number - 1]
    rounds.add_round(
        connection,
        Round(
            key=key,
            name=name,
            opens=opens,
            closes=closes,
            grace_days=1,
            version_patient=invented.version_of(number),
            version_provider=invented.version_of(number),
            threshold_patient=10,
            threshold_provider=5,
            open_link=True,
            state=state,
        ),
    )


class StaffBrowser:
    """Keeps the cookie, posts the forms' marks, and looks at every page."""

    def __init__(self, app: Flask, language: str = "sv") -> None:
        # More people sign in during a test than in a region's morning.
        app.extensions["hashing_budget"] = HashingBudget(saved=10**9)
        self.client = app.test_client()
        self.language = language

    def get(self, address: str, status: int = 200, **more: Any) -> Page:
        """Fetch a page that is expected to have this status."""
        headers = {"Accept-Language": self.language}
        return self._look(self.client.get(address, headers=headers, **more), status)

    def post(self, address: str, fields: dict[str, str], status: int = 302, *, mark: bool = True) -> Page:
        """Post a form, with the marks that a page of ours has given, or without."""
        if mark:
            fields = {**self.filled_from(address), **fields, "csrf_token": self.mark()}
        headers = {"Accept-Language": self.language}
        return self._look(self.client.post(address, data=fields, headers=headers), status)

    def filled_from(self, address: str) -> dict[str, str]:
        """What the form that goes to this address was filled from, as it stands now."""
        if not address.startswith(("/staff/admin/", "/staff/unit/", "/staff/followup/", "/staff/translation/")):
            return {}
        parts = address.split("/")
        for page in ("/".join(parts[:n]) for n in range(len(parts), max(len(parts) - 4, 2), -1)):
            reply = self.client.get(page)
            form = re.search(rf'<form[^>]* action="{re.escape(address)}"(.*?)</form>', reply.text, re.DOTALL)
            if reply.mimetype == "text/html" and form:
                return dict(re.findall(r'type="hidden" name="(filled_from|revision)" value="([^"]*)"', form[1]))
        return {}

    def mark(self) -> str:
        """The mark against cross-site posts that stands in every form."""
        page = self.client.get("/staff/sign-in", follow_redirects=True)
        found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert found, page.text
        return html.unescape(found.group(1))

    def sign_in(self, name: str, password: str = PASSWORD, status: int = 302) -> Page:
        """Sign a person of this name in."""
        email = PEOPLE[name][0] if name in PEOPLE else name
        return self.post("/staff/sign-in", {"email": email, "password": password}, status)

    def _look(self, response: TestResponse, status: int) -> Page:
        assert response.status_code == status, f"{response.status_code}: {response.text[:3000]}"
        assert list(faults_of_staff_headers(response)) == []
        if response.mimetype != "text/html":
            return Page(response) if response.is_json else _File(response)
        page = Page(response)
        if status not in (301, 302, 303, 308):
            assert list(faults_of_page(page)) == []
        return page


class _File(Page):
    """A reply that is no page: a picture or a table."""

    def __init__(self, response: TestResponse) -> None:
        self.response, self.status, self.body = response, response.status_code, response.data
        self.text = response.data.decode("utf-8-sig")


STAFF_HEADERS = {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}
POLICY_PARTS = (
    "default-src 'none'",
    "img-src 'self' data:",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
)


def faults_of_staff_headers(response: TestResponse) -> list[str]:
    """What is missing or too open among a staff page's headers."""
    sent = {name.lower(): value for name, value in response.headers}
    found = [name for name, value in STAFF_HEADERS.items() if sent.get(name) != value]
    policy = sent.get("content-security-policy", "")
    found += [part for part in POLICY_PARTS if part not in policy.split("; ")]
    found += [word for word in ("unsafe", "http:", "https:", "*") if word in policy]
    kept = sent.get("cache-control", "")
    if "no-store" not in kept and not (response.mimetype == "image/svg+xml" and "private" in kept):
        found.append(f"cache-control is {kept}")
    return found
