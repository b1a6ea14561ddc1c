"""Addresses in settings and from browsers: one spelling, and nothing that leads elsewhere than it seems to."""

import pytest

from survey.domain.text.web_address import AddressFault, parse_base, parse_origin, same_site

GOOD = [
    ("https://svara.region.example", "https://svara.region.example"),
    ("https://Svara.Region.example/", "https://svara.region.example"),
    ("https://svara.region.example:443", "https://svara.region.example"),
    ("https://svara.region.example:8443/", "https://svara.region.example:8443"),
    ("https://xn--hlsa-loa.example", "https://xn--hlsa-loa.example"),
    ("HTTPS://enkat", "https://enkat"),
]
BAD = [
    "http://svara.region.example", "svara.region.example", "//svara.region.example", "ftp://svara.region.example",
    "https://", "https:///s", "https://svara.region.example/s", "https://svara.region.example?x", "https://a.example#",
    "https://a.example/#x", "https://anna@a.example", "https://anna:hemligt@a.example", "https://a.example:0",
    "https://a.example:99999", "https://a.example:x", "https://a b.example", " https://a.example", "https://a.example ",
    "https://a.example\n", "https://-a.example", "https://a-.example", "https://a..example", "https://a.example.",
    "https://a_b.example", "https://hälsa.example", "https://xn--.example", "https://xn--a.example", "https://a.1",
    "https://a.example\\@b.example", "https://а.example", "https://a\u200b.example", "http://127.0.0.1:8000",
    "https://" + "a" * 64 + ".example",
]  # fmt: skip


@pytest.mark.parametrize(("written", "kept"), GOOD)
def test_an_address_is_kept_in_one_spelling(written: str, kept: str) -> None:
    assert parse_origin(written) == kept


@pytest.mark.parametrize("written", BAD)
def test_anything_else_is_refused(written: str) -> None:
    with pytest.raises(AddressFault):
        parse_origin(written)


def test_a_trial_may_be_here_over_http_and_a_gateway_may_have_a_path() -> None:
    assert parse_origin("http://127.0.0.1:8000/", trial=True) == "http://127.0.0.1:8000"
    with pytest.raises(AddressFault, match="https"):
        parse_origin("http://region.example", trial=True)
    assert parse_base("https://SMS.example/send?v=1") == "https://sms.example/send?v=1"


def test_a_name_in_letters_of_its_own_is_told_as_it_travels() -> None:
    with pytest.raises(AddressFault, match="written as it travels: xn--hlsa-loa"):
        parse_origin("https://hälsa.example")


@pytest.mark.parametrize("told", ["https://a.example", "HTTPS://A.example", "https://a.example:443"])
def test_a_site_is_itself_whatever_its_case_and_usual_port(told: str) -> None:
    assert same_site(told, "https://a.example")


@pytest.mark.parametrize("told", ["http://a.example", "https://a.example:8443", "https://b.example", "null", ""])
def test_another_site_is_another(told: str) -> None:
    assert not same_site(told, "https://a.example")
