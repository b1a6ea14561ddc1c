"""Signing in through a real OpenID provider on loopback: who is let in, bound to what, and what is refused."""

import base64
import hashlib
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import oidc_provider_mock
import pytest
import requests
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from survey.app import create_app
from survey.config import SettingsError, read_settings
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.staff import accounts
from survey.store.tables import identity
from survey.web.request.services import Services
from tests.followup.staffed import PEOPLE, StaffBrowser, furnish_instance

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the provider's own


class Provider:
    """The provider, behind a door that notes what is asked and holds to PKCE as a strict one does."""

    def __init__(self) -> None:
        self._inner: WSGIApplication = oidc_provider_mock.app(require_nonce=True)
        self.challenges: dict[str, str] = {}
        self.issuer = ""
        self.userinfo: dict[str, object] | None = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        asked = Request(environ, populate_request=False)
        if environ["PATH_INFO"] == "/oauth2/token":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            verifier = parse_qs(body.decode()).get("code_verifier", [""])[0]
            digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
            if digest not in self.challenges.values():
                return Response('{"error": "invalid_grant"}', 400, mimetype="application/json")(environ, start_response)
            environ["wsgi.input"] = io.BytesIO(body)
        elif environ["PATH_INFO"] == "/userinfo" and self.userinfo is not None:
            return Response(json.dumps(self.userinfo), mimetype="application/json")(environ, start_response)
        elif environ["PATH_INFO"] == "/oauth2/authorize" and "code_challenge" in asked.args:
            assert asked.args["code_challenge_method"] == "S256"
            self.challenges[asked.args["state"]] = asked.args["code_challenge"]
        return self._inner(environ, start_response)

    def say(self, subject: str, **claims: object) -> None:
        """Keep what the provider says of somebody."""
        requests.put(f"{self.issuer}/users/{subject}", json=claims, timeout=5).raise_for_status()


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    server = make_server("localhost", 0, made, threaded=True)
    made.issuer = f"http://localhost:{server.server_port}"
    running = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    running.start()
    yield made
    server.shutdown()
    running.join()
    server.server_close()


SETTINGS = 'oidc_client_id = "survey"\noidc_client_secret = "hush"\noidc_mfa_claims = ["amr=mfa", "acr=loa3"]\n'


@pytest.fixture
def app(tmp_path: Path, provider: Provider) -> Flask:
    furnish_instance(tmp_path, 1)
    config = tmp_path / "config.toml"
    config.write_text(config.read_text(encoding="utf-8") + f'oidc_issuer = "{provider.issuer}"\n{SETTINGS}')
    return create_app("staff", tmp_path)


def begin(browser: StaffBrowser, address: str = "/staff/oidc") -> str:
    location: str = browser.get(address, 302).response.location
    return location


def approved(location: str, subject: str) -> str:
    """What the provider sends the browser back with, path and query."""
    reply = requests.post(location, data={"sub": subject}, allow_redirects=False, timeout=5)
    assert reply.status_code == 302, reply.text
    back = urlsplit(reply.headers["Location"])
    return f"{back.path}?{back.query}"


def enter(app: Flask, subject: str, status: int = 303, address: str = "/staff/oidc") -> StaffBrowser:
    browser = StaffBrowser(app)
    browser.get(approved(begin(browser, address), subject), status)
    return browser


FREJA = {"email": PEOPLE["Freja"][0], "email_verified": True, "amr": ["pwd", "mfa"]}


def test_the_code_flow_has_pkce_state_and_nonce(app: Flask, provider: Provider) -> None:
    asked = parse_qs(urlsplit(begin(StaffBrowser(app))).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert all(len(asked[name][0]) >= 20 for name in ("state", "nonce", "code_challenge"))
    assert asked["redirect_uri"] == ["http://localhost/staff/oidc/back"]
    assert asked["acr_values"] == ["loa3"]


def test_who_is_vouched_for_gets_in_and_back_to_the_page(app: Flask, provider: Provider) -> None:
    provider.say("freja-1", **FREJA)
    browser = StaffBrowser(app)
    back = approved(begin(browser, "/staff/oidc?next=/staff/followup/1/jh"), "freja-1")
    assert browser.get(back, 303).response.location == "/staff/followup/1/jh"
    assert PEOPLE["Freja"][0] in browser.get("/staff/account/").words()
    assert "Logga in med ditt konto hos" in StaffBrowser(app).get("/staff/sign-in").words()


def test_afterwards_issuer_and_subject_alone_say_who_it_is(app: Flask, provider: Provider) -> None:
    provider.say("freja-1", **FREJA)
    enter(app, "freja-1")
    provider.say("freja-1", email=PEOPLE["Sven"][0], email_verified=True, amr=["mfa"])
    assert PEOPLE["Freja"][0] in enter(app, "freja-1").get("/staff/account/").words()
    provider.say("freja-1", amr=["mfa"])
    enter(app, "freja-1")
    # The address now belongs to somebody else there.
    provider.say("somebody-2", **FREJA)
    enter(app, "somebody-2", 403).get("/staff/account/", 302)
    house: Services = app.extensions["services"]
    with read_transaction(house.engine) as connection:
        assert [(row.subject, row.issuer) for row in connection.execute(select(identity))] == [
            ("freja-1", provider.issuer)
        ]


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({**FREJA, "email_verified": False}, "är inte bekräftad där"),
        ({**FREJA, "email_verified": "true"}, "säger inte om din e-postadress är bekräftad"),
        ({"email": PEOPLE["Freja"][0], "amr": ["mfa"]}, "säger inte om din e-postadress är bekräftad"),
        ({**FREJA, "email": "nobody@region.example"}, "Det finns inget konto här"),
        ({**FREJA, "email": 7}, "lämnar inte ut din e-postadress"),
        ({**FREJA, "email": "a\0b"}, "Det finns inget konto här"),
        ({**FREJA, "amr": ["pwd"]}, "logga in i två steg"),
        ({**FREJA, "amr": ["xmfax"]}, "logga in i två steg"),
        ({**FREJA, "amr": None}, "logga in i två steg"),
        ({**FREJA, "amr": [], "acr": "loa2"}, "logga in i två steg"),
    ],
)
def test_nobody_else_gets_in(app: Flask, provider: Provider, claims: dict[str, object], said: str) -> None:
    provider.say("freja-1", **claims)
    browser = StaffBrowser(app)
    page = browser.get(approved(begin(browser), "freja-1"), 403)
    assert said in page.words()
    browser.get("/staff/account/", 302)


@pytest.mark.parametrize(
    ("userinfo", "said"),
    [
        ({"sub": "somebody-2", "email": PEOPLE["Freja"][0], "email_verified": True}, "Börja om"),
        ({"email": PEOPLE["Freja"][0], "email_verified": True}, "Börja om"),
        # Two factors are shown at this sign-in, and that the ID token says.
        ({"sub": "freja-1", "email": PEOPLE["Freja"][0], "email_verified": True, "amr": ["mfa"]}, "i två steg"),
        # An address that is verified speaks for no other.
        ({"sub": "freja-1", "email": "other@region.example", "email_verified": True}, "inget konto här"),
    ],
)
def test_userinfo_speaks_of_the_same_person_and_of_the_address_alone(
    app: Flask, provider: Provider, userinfo: dict[str, object], said: str
) -> None:
    claims = {"email": PEOPLE["Freja"][0], "amr": ["pwd"] if "amr" in userinfo else ["mfa"]}
    provider.say("freja-1", **claims)
    provider.userinfo = userinfo
    browser = StaffBrowser(app)
    assert said in browser.get(approved(begin(browser), "freja-1"), 403).words()
    browser.get("/staff/account/", 302)


@pytest.mark.parametrize("more", [{"amr": ["otp", "mfa"]}, {"amr": [], "acr": "loa3"}])
def test_the_claims_that_are_set_show_two_factors(app: Flask, provider: Provider, more: dict[str, object]) -> None:
    provider.say("freja-1", **{**FREJA, **more})
    enter(app, "freja-1")


def test_a_closed_account_stays_closed_before_and_after_it_is_bound(app: Flask, provider: Provider) -> None:
    house: Services = app.extensions["services"]
    provider.say("freja-1", **FREJA)
    for bound in (False, True):
        with write_transaction(house.engine) as connection:
            found = accounts.account_by_email(connection, PEOPLE["Freja"][0])
            assert found
            accounts.set_active(connection, found.id, False)
        enter(app, "freja-1", 403)
        with write_transaction(house.engine) as connection:
            accounts.set_active(connection, found.id, True)
        if not bound:
            enter(app, "freja-1")


def test_a_code_is_good_in_the_browser_that_asked_and_once(app: Flask, provider: Provider) -> None:
    provider.say("freja-1", **FREJA)
    browser = StaffBrowser(app)
    back = approved(begin(browser), "freja-1")
    assert "Börja om" in StaffBrowser(app).get(back, 400).words()
    forged = back.replace("state=", "state=x")
    browser.get(forged, 400)
    browser.get(back, 303)
    StaffBrowser(app).get(back, 400)
    browser.get(back, 400)


def test_a_reply_to_another_question_is_refused(app: Flask, provider: Provider) -> None:
    """The nonce: a code that was given for another request of the same browser."""
    provider.say("freja-1", **FREJA)
    victim, other = StaffBrowser(app), StaffBrowser(app)
    theirs = parse_qs(urlsplit(approved(begin(other), "freja-1")).query)
    ours = parse_qs(urlsplit(begin(victim)).query)
    # The verifier fits no longer either, so let the provider forget PKCE: the nonce alone must stop it.
    provider.challenges["any"] = ours["code_challenge"][0]
    page = victim.get(f"/staff/oidc/back?code={theirs['code'][0]}&state={ours['state'][0]}", 400)
    assert "Börja om" in page.words()
    victim.get("/staff/account/", 302)


@pytest.mark.parametrize(
    "query", ["", "?error=access_denied", "?code=x", "?state=x", "?code=x&state=y", "?code=%00&state=%00"]
)
def test_a_strange_return_is_refused_plainly(app: Flask, query: str) -> None:
    assert "Börja om" in StaffBrowser(app).get(f"/staff/oidc/back{query}", 400).words()
    browser = StaffBrowser(app)
    begin(browser)
    browser.get(f"/staff/oidc/back{query}", 400)


def test_who_says_no_there_is_not_signed_in(app: Flask, provider: Provider) -> None:
    browser = StaffBrowser(app)
    state = parse_qs(urlsplit(begin(browser)).query)["state"][0]
    assert "Börja om" in browser.get(f"/staff/oidc/back?error=access_denied&state={state}", 400).words()


def test_a_provider_that_does_not_answer_is_said_to_be_silent(tmp_path: Path) -> None:
    furnish_instance(tmp_path, 1)
    config = tmp_path / "config.toml"
    config.write_text(config.read_text(encoding="utf-8") + f'oidc_issuer = "http://127.0.0.1:9"\n{SETTINGS}')
    page = StaffBrowser(create_app("staff", tmp_path)).get("/staff/oidc", 502)
    assert "svarar inte" in page.words()


def test_many_begun_sign_ins_do_not_fill_the_cookie(app: Flask) -> None:
    browser = StaffBrowser(app)
    for _ in range(12):
        begin(browser)
    cookie = browser.client.get_cookie("staff", path="/staff")
    assert cookie and len(cookie.value) < 2500


def test_an_old_sign_in_there_is_not_fresh_here(app: Flask, provider: Provider) -> None:
    csv = "/staff/followup/1/jh/figures.csv"
    provider.say("freja-1", **FREJA)
    enter(app, "freja-1").get(csv)
    provider.say("freja-1", **FREJA, auth_time=int(time.time()) - 3600)
    browser = enter(app, "freja-1")
    page = browser.get(csv, 302)
    assert "again=1" in browser.get(page.response.location).text
    assert parse_qs(urlsplit(begin(browser, "/staff/oidc?again=1")).query)["prompt"] == ["login"]


def test_without_a_provider_there_is_no_such_page(tmp_path: Path) -> None:
    browser = StaffBrowser(furnish_instance(tmp_path, 1))
    browser.get("/staff/oidc", 404)
    browser.get("/staff/oidc/back", 404)
    assert "konto hos" not in browser.get("/staff/sign-in").words()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('oidc_issuer = "https://x.example"\noidc_mfa_claims = ["amr=mfa"]', "oidc_client_id is missing"),
        ('oidc_issuer = "http://x.example"\noidc_client_id = "a"\noidc_mfa_claims = ["amr=mfa"]', "begin with https"),
        ('oidc_issuer = "https://x.example"\noidc_client_id = "a"', "oidc_mfa_claims must say"),
        ('oidc_issuer = "https://x.example"\noidc_client_id = "a"\noidc_mfa_claims = ["mfa"]', "must say what shows"),
    ],
)
def test_settings_that_would_let_too_many_in_stop_the_start(tmp_path: Path, lines: str, said: str) -> None:
    (tmp_path / "config.toml").write_text(f'secret = "{"s" * 40}"\n{lines}\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=said):
        read_settings(tmp_path)
