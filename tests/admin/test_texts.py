"""The region's own words: written by the coordinator, on residents' pages in seconds, and at no cost to an answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import Engine

from survey.store.database.engine import read_transaction, write_transaction
from survey.store.published import region_texts
from survey.store.staff import accounts
from survey.web.i18n.region_texts import KEYS, RegionTexts
from tests.answering import ANSWERS, UNIT, Answering, make_answering
from tests.followup.staffed import HASH, StaffBrowser
from tests.reader import Page
from tests.web.logged import logged

AT = "/staff/admin/texts/"
SIV = "siv@region.example"
CONTACT = "Enkätgruppen, 063-00 00 00 <b>&"


@pytest.fixture
def made(tmp_path: Path) -> Answering:
    """A house with an open round, a contact in its settings, and a coordinator."""
    made = make_answering(tmp_path / "house", open_link=True, part="all", config='contact = "ur inställningarna"')
    with write_transaction(made.house.engine) as connection:
        accounts.add_account(connection, SIV, HASH, "coordinator", "jamtland-harjedalen")
    return made


@pytest.fixture
def siv(made: Answering) -> StaffBrowser:
    """The coordinator, signed in."""
    browser = StaffBrowser(made.app)
    browser.sign_in(SIV)
    return browser


def two_seconds_later(app: Flask) -> None:
    app.extensions["region_texts"]._until = 0.0


def read(made: Answering, address: str) -> Page:
    two_seconds_later(made.app)
    return Page(made.app.test_client().get(address))


def fields(siv: StaffBrowser, **changed: str) -> dict[str, str]:
    return {**siv.get(AT).fields(), **changed}


def test_where_nothing_is_written_the_settings_stand(made: Answering) -> None:
    assert "ur inställningarna" in read(made, "/privacy/sv").words()
    assert "hälsocentral" in read(made, "/").words()
    assert "Dataskyddsombud:" not in read(made, "/privacy/sv").words()


def test_each_text_stands_where_it_belongs(made: Answering, siv: StaffBrowser) -> None:
    written = {
        **{
            "unit_word": "vårdcentral",
            "contact": CONTACT,
            "controller": "Regionstyrelsen",
            "dpo": "dso@region.example",
        },
        "accessibility": "Tillgänglighetsgruppen",
        "accessibility_exceptions": "Äldre filmer är undantagna.",
    }
    siv.post(AT, fields(siv, **written))
    assert "Ändringen är sparad" in siv.get(f"{AT}?saved=1").words()
    privacy = read(made, "/privacy/sv")
    for each in (CONTACT, "Regionstyrelsen", "dso@region.example"):
        assert each in privacy.words()
    assert "<b>&" not in privacy.text
    assert "vårdcentral" in read(made, "/").words()
    accessible = read(made, "/accessibility/sv").words()
    assert "Tillgänglighetsgruppen" in accessible and CONTACT not in accessible
    assert "Äldre filmer är undantagna." in accessible
    assert '<span lang="sv" dir="ltr">Äldre filmer är undantagna.</span>' in read(made, "/accessibility/ar").text
    assert [line["about"]["text"] for line in logged(made.house)[1:]] == list(KEYS)


def test_an_empty_text_is_the_settings_again(made: Answering, siv: StaffBrowser) -> None:
    siv.post(AT, fields(siv, contact="Enkätgruppen"))
    siv.post(AT, fields(siv, contact="  "))
    assert "ur inställningarna" in read(made, "/privacy/sv").words()
    with read_transaction(made.house.engine) as connection:
        assert region_texts.all_texts(connection) == {}
    assert [line["what"] for line in logged(made.house)] == ["signed_in", "text_changed", "text_changed"]


@pytest.mark.parametrize("text", ["x" * 301, "a\0b", "två\nrader", "\ue00f\x1b"])
def test_a_text_that_will_not_do(made: Answering, siv: StaffBrowser, text: str) -> None:
    page = siv.post(AT, fields(siv, contact=text, dpo="dso@region.example"), 422)
    assert "vanlig text på en rad" in page.words()
    assert page.fields()["dpo"] == "dso@region.example"
    with read_transaction(made.house.engine) as connection:
        assert region_texts.all_texts(connection) == {}


def test_two_who_write_at_once_lose_nothing_unseen(made: Answering, siv: StaffBrowser) -> None:
    mine, theirs = fields(siv, contact="min"), fields(siv, contact="deras", dpo="dso@region.example")
    siv.post(AT, theirs)
    page = siv.post(AT, mine, 409)
    assert "Någon annan sparade" in page.words() and "deras" in page.words("dl")
    assert page.fields()["contact"] == "min" and page.fields()["dpo"] == "dso@region.example"
    # What this person did not touch is no quarrel.
    siv.post(AT, fields(siv, controller="Regionstyrelsen"))
    with read_transaction(made.house.engine) as connection:
        assert region_texts.all_texts(connection) == {
            **{"contact": "deras", "dpo": "dso@region.example", "controller": "Regionstyrelsen"},
        }


@pytest.fixture
def asked(made: Answering) -> Iterator[list[str]]:
    """Every statement that names the texts."""
    found: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_more: object) -> None:
        if "region_text" in statement:
            found.append(statement)

    sa.event.listen(made.house.engine, "before_cursor_execute", note)
    yield found
    sa.event.remove(made.house.engine, "before_cursor_execute", note)


def test_an_answer_costs_no_look_at_the_texts(made: Answering, asked: list[str]) -> None:
    client, now = made.app.test_client(), [0.0]
    made.app.extensions["region_texts"] = RegionTexts(lambda: now[0])
    for second in range(6):
        now[0] = second / 2
        for code in made.codes(5):
            client.get(f"/s/{UNIT}/sv")
            ours = {"Sec-Fetch-Site": "same-origin"}
            assert client.post(f"/s/{UNIT}/sv", data={**ANSWERS, "code": code}, headers=ours).status_code == 303
            client.get(f"/s/{UNIT}/sv/thanks")
    assert len(asked) == 2  # at 0 and at 2 seconds


def test_while_the_database_is_away_the_words_stay(made: Answering) -> None:
    with write_transaction(made.house.engine) as connection:
        region_texts.save(connection, "contact", "Enkätgruppen")
    now = [0.0]
    known = made.app.extensions["region_texts"] = RegionTexts(lambda: now[0])
    fresh = RegionTexts(lambda: now[0])
    with made.app.app_context():
        assert known.now().contact == "Enkätgruppen"
        made.house.engine.dispose()
        file = made.instance / "survey.sqlite"
        file.rename(file.with_suffix(".away"))
        now[0] = 5.0
        assert known.now().contact == "Enkätgruppen"
        said = fresh.now()
        assert (said.unit_word, said.contact) == ("hälsocentral", "ur inställningarna")
    assert made.app.test_client().get("/privacy/sv").status_code == 200


def test_both_databases_keep_and_forget(engine: Engine) -> None:
    with write_transaction(engine) as connection:
        for text in ("ett", "två"):
            region_texts.save(connection, "contact", text)
        assert region_texts.all_texts(connection) == {"contact": "två"}
        region_texts.save(connection, "contact", "")
        assert region_texts.all_texts(connection) == {}
