"""Addresses that look like others: what is told of them, and that what people here write is left in peace."""

import pytest

from survey.domain.text.lookalikes import confusables, unicode_address


@pytest.mark.parametrize(
    ("address", "signs"),
    [
        ("аnna@region.example", {"а": "kyrilliska"}),
        ("anna@rеgiоn.example", {"е": "kyrilliska", "о": "kyrilliska"}),
        ("anna@xn--rgion-zwe.example", {"е": "kyrilliska"}),
        ("anna@XN--rgion-zwe.example", {"е": "kyrilliska"}),
        ("https://xn--rgion-zwe.example/s/froso", {"е": "kyrilliska"}),
        ("αnna@region.example", {"α": "grekiska"}),
        ("annɑ@regıon.example", {"ɑ": "ovanligt latinskt tecken", "ı": "ovanligt latinskt tecken"}),
        ("ａnna@region.example", {"ａ": "annan skrift"}),
        ("annа1٢@region.example", {"а": "kyrilliska", "٢": "annan skrift"}),
        ("аnna", {"а": "kyrilliska"}),
    ],
)
def test_each_sign_that_can_be_mistaken_is_named_once(address: str, signs: dict[str, str]) -> None:
    assert dict(confusables(address)) == signs


@pytest.mark.parametrize(
    "address",
    ["anna.berg+1@region.example", "åsa@härjedalen.example", "asa@xn--hrjedalen-v2a.example", "rené@x.example"],
)
def test_what_people_here_write_is_left_in_peace(address: str) -> None:
    assert confusables(address) == []


def test_a_name_that_travels_is_read() -> None:
    assert unicode_address("asa@mail.xn--hrjedalen-v2a.example") == "asa@mail.härjedalen.example"
    assert unicode_address("a@xn--\u00e5.example") == "a@xn--\u00e5.example"
    assert unicode_address("anna@region.example") == "anna@region.example"
