"""Signing in through a certified provider in its own ways: the claims come from UserInfo, and TLS from the region's."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from survey.app import create_app
from survey.config import SettingsError, read_settings
from tests.followup.staffed import PEOPLE, StaffBrowser, furnish_instance
from tests.reader import Page
from tests.web.certified import Certified, certified

FREJA = PEOPLE["Freja"][0]
ACCOUNTS = {
    "freja": {"email": FREJA, "email_verified": True},
    "unverified": {"email": FREJA, "email_verified": False},
    "unsaid": {"email": FREJA},
    "without": {"email_verified": True},
    "stranger": {"email": "nobody@region.example", "email_verified": True},
}
SETTINGS = 'oidc_client_id = "survey"\noidc_client_secret = "{secret}"\noidc_mfa_claims = ["acr=http://id.sambi.se/loa/loa3"]\n'


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Certified]:
    """The provider, once for all that sign in here."""
    with certified(tmp_path_factory.mktemp("provider"), ACCOUNTS) as running:
        yield running


def furnished(folder: Path, provider: Certified, trusted: bool = True, secret: str = "hush") -> Flask:
    """The staff's part of an instance that signs in there."""
    furnish_instance(folder, 1)
    config = folder / "config.toml"
    lines = f'oidc_issuer = "{provider.issuer}"\n{SETTINGS.format(secret=secret)}'
    lines += f'ca_file = "{provider.authority}"\n' if trusted else ""
    config.write_text(config.read_text(encoding="utf-8") + lines)
    return create_app("staff", folder)


def came_back(app: Flask, provider: Certified, account: str, status: int) -> tuple[StaffBrowser, Page]:
    """Who has signed in there and comes back, and where they come."""
    browser = StaffBrowser(app)
    location = browser.get("/staff/oidc", 302).response.location
    return browser, browser.get(provider.approved(location, account), status)


def test_what_the_id_token_does_not_say_is_asked_of_userinfo(
    tmp_path: Path, provider: Certified, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "survey")
    app = furnished(tmp_path, provider)
    for account, said, why in (
        ("unverified", "är inte bekräftad där", "address_not_verified"),
        ("unsaid", "säger inte om din e-postadress är bekräftad", "email_verified_missing"),
        ("without", "lämnar inte ut din e-postadress", "email_missing"),
        ("stranger", "Det finns inget konto här", "no_account"),
    ):
        browser, page = came_back(app, provider, account, 403)
        assert said in page.words()
        browser.get("/staff/account/", 302)
        assert f"sign-in refused why={why} claims=" in caplog.text
    browser, _ = came_back(app, provider, "freja", 303)
    assert FREJA in browser.get("/staff/account/").words()
    assert FREJA not in caplog.text and "nobody" not in caplog.text


def test_a_provider_of_an_authority_that_is_not_trusted_is_a_line_in_the_log(
    tmp_path: Path, provider: Certified, caplog: pytest.LogCaptureFixture
) -> None:
    page = StaffBrowser(furnished(tmp_path, provider, trusted=False)).get("/staff/oidc", 502)
    assert "svarar inte" in page.words()
    assert "sign-in server not reached call=configuration kind=SSLError" in caplog.text


def test_what_the_environment_names_changes_no_trust(
    tmp_path: Path, provider: Certified, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "nothing.pem"))
    StaffBrowser(furnished(tmp_path / "instance", provider)).get("/staff/oidc", 302)


def test_a_call_that_is_refused_is_a_line_with_its_status(
    tmp_path: Path, provider: Certified, caplog: pytest.LogCaptureFixture
) -> None:
    _, page = came_back(furnished(tmp_path, provider, secret="wrong"), provider, "freja", 400)
    assert "Börja om" in page.words()
    assert "sign-in server refused call=token status=401" in caplog.text
    assert "sign-in not taken why=invalid_client" in caplog.text
    assert "hush" not in caplog.text and "code=" not in caplog.text


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_an_authorities_file_that_can_not_be_used_stops_the_start(tmp_path: Path, content: str | None) -> None:
    if content:
        (tmp_path / "own.pem").write_text(content, encoding="utf-8")
    (tmp_path / "config.toml").write_text(
        f'secret = "{"s" * 40}"\ndemo = true\nca_file = "own.pem"\n', encoding="utf-8"
    )
    with pytest.raises(SettingsError, match="ca_file"):
        read_settings(tmp_path)
