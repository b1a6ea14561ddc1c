"""An address that is nearly right leads to its page; a secret in it stays, and staff's never becomes residents'."""

import pytest

from survey.web.pages.forgiving_urls import tidy_path
from tests.answering import Answering

MEANT = [
    ("/S/Froso", "/s/froso"),
    ("/s/froso.", "/s/froso"),
    ("/s/froso/SV", "/s/froso/sv"),
    ("/s/froso)", "/s/froso"),
    ("/s/froso”", "/s/froso"),
    ("/s/ froso", "/s/froso"),
    ("/s/froso\u200b", "/s/froso"),
    ("//s//froso", "/s/froso"),
    ("/s/froso#WVVP-1AEPQQCWM02F.", "/s/froso#WVVP1AEPQQCWM02F"),
    ("/s/froso%23WVVP1AEPQQCWM02F", "/s/froso#WVVP1AEPQQCWM02F"),
    ("/s/froso%2523WVVP1AEPQQCWM02F", "/s/froso#WVVP1AEPQQCWM02F"),
    ("/Kiosk/Froso/AbC-d_1", "/kiosk/froso/AbC-d_1"),
    ("//staff/admin/", "/staff/admin/"),
    ("//staff", "/staff/"),
    ("/STAFF", "/staff/"),
    ("/Staff/", "/staff/"),
    ("/staff.", "/staff/"),
    ("/staff/admin/waiting/AbC", "/staff/admin/waiting/AbC"),
    ("/staff/invited%23AbC-1.", "/staff/invited#AbC-1"),
    ("/s/froso/zh-HANT", "/s/froso/zh-Hant"),
]


@pytest.mark.parametrize(("typed", "meant"), MEANT)
def test_what_was_meant(typed: str, meant: str) -> None:
    assert tidy_path(typed, ["sv", "zh-Hant"]) == meant
    assert tidy_path(meant.partition("#")[0], ["sv", "zh-Hant"]) == meant.partition("#")[0]


@pytest.mark.parametrize("typed", ["/S/FROSO.", "/s//froso", "/s/froso%20", "/s/froso%2523"])
def test_the_browser_is_sent_there_and_finds_the_sheet(made: Answering, typed: str) -> None:
    reply = made.app.test_client().get(typed)
    assert (reply.status_code, reply.location) == (302, "/s/froso")


def test_a_path_with_two_slashes_first_is_the_staffs_too(made: Answering) -> None:
    for path in ("/STAFF/admin/", "/staff//admin/", "//STAFF/admin/"):
        reply = made.app.test_client().get("/", environ_overrides={"PATH_INFO": path})
        assert (reply.status_code, reply.location) == (302, "/staff/admin/")
    replies = [
        made.app.test_client().get("/", environ_overrides={"PATH_INFO": f"{more}/staff/sign-in"}) for more in ("", "/")
    ]
    sent = [{name for name, _value in reply.headers} for reply in replies]
    assert sent[0] == sent[1] >= {"Set-Cookie"}


@pytest.mark.parametrize(
    ("origin", "taken"),
    [
        ("http://localhost", True),
        ("HTTP://LOCALHOST:80", True),
        ("null", None),
        # A demo has no address set, and may stand behind a front that speaks TLS for it.
        ("https://localhost", True),
        ("http://localhost:8080", False),
        ("http://evil.example", False),
        ("", False),
    ],
)
def test_an_origin_is_compared_with_where_we_are(made: Answering, origin: str, taken: bool | None) -> None:
    from flask import request

    from survey.web.pages.security_headers import is_same_origin

    with made.app.test_request_context("/s/froso", method="POST", headers={"Origin": origin}):
        assert is_same_origin(request) is taken


def test_an_origin_is_compared_with_the_settings_and_not_with_the_host(made: Answering) -> None:
    from dataclasses import replace

    from flask import request

    from survey.web.pages.security_headers import is_same_origin

    settings = replace(made.house.settings, resident_address="https://svara.region.example")
    made.app.extensions["services"] = replace(made.house, settings=settings)
    for origin, taken in (("https://Svara.region.example:443", True), ("http://evil.example", False)):
        headers = {"Origin": origin, "Host": "evil.example"}
        with made.app.test_request_context("/s/froso", method="POST", headers=headers):
            assert is_same_origin(request) is taken


@pytest.fixture
def made(tmp_path_factory: pytest.TempPathFactory) -> Answering:
    """A house where residents and staff are served."""
    from tests.answering import make_answering

    return make_answering(tmp_path_factory.mktemp("house") / "instance", open_link=True, part="all")
