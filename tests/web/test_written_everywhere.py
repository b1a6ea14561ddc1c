"""No text comes in unwritten: by any field of any form, by its name alone, by a query; none forges a mark of ours."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import request
from wtforms import Form, HiddenField, PasswordField, StringField, TextAreaField

import survey
from survey.store.core import places
from survey.store.database.engine import write_transaction
from survey.store.published import resident_messages
from survey.web.request.clean_request import AS_TYPED
from tests.answer.test_results import a_body, publish
from tests.answering import PLACES, ROUND, Answering, make_answering

BAD = " a\0\ue0ff\ue1fe\ue00fform-id\ue00f\ufdd0\u200b\u202e o\u0308\r\nb\u2028\x1b "
KEPT = " a\ufffd\ufffd\ufffd\ufffdform-id\ufffd\ufffd ö\nb\n\ufffd "
FORGED = "a\ue0ffb\ue1fe c\ue00fform-id\ue00f \x0b\x01 \\ue0ff"


@pytest.fixture
def made(tmp_path: Path) -> Answering:
    """Both parts of a house."""
    return make_answering(tmp_path / "instance", open_link=True, part="all")


def every_form() -> Iterator[type[Form]]:
    """Every form class of ours."""
    for found in pkgutil.walk_packages(survey.__path__, "survey."):
        if not found.name.startswith(("survey.migrations", "survey.__main__")):
            importlib.import_module(found.name)
    waiting = [Form]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if kind.__module__.startswith("survey."):
                yield kind


def texts_of(kind: type[Form]) -> Iterator[tuple[str, Any]]:
    """Its fields that take a text."""
    for name in dir(kind):
        field = getattr(kind, name)
        found = getattr(field, "field_class", None)
        if found is not None and issubclass(found, StringField):
            yield name, field


def test_every_text_field_of_every_form_takes_a_written_text(made: Answering) -> None:
    seen = set()
    for kind in every_form():
        for name, unbound in texts_of(kind):
            if issubclass(unbound.field_class, PasswordField):
                assert name in AS_TYPED, f"{kind.__name__}.{name} would not be hashed as it was typed"
                continue
            with made.app.test_request_context(method="POST", data={name: BAD}):
                field = unbound.bind(form=Form(), name=name)
                field.process(request.form)
            seen.add((kind.__name__, name))
            signs = set(field.data)
            assert not signs & set("\0\x1b\r\ue0ff\ue00f\u200b\u202e\ufdd0\u2028"), f"{kind.__name__}.{name}"
            assert "ö" in field.data
            if not issubclass(unbound.field_class, (HiddenField, TextAreaField)):
                assert "\n" not in signs and field.data == field.data.strip(), f"{kind.__name__}.{name} is no Line"
    assert {("NameForm", "name"), ("InviteForm", "email"), ("DecisionForm", "who"), ("SignInForm", "email")} <= seen


def test_what_is_read_by_its_name_alone_is_written_too(made: Answering) -> None:
    with made.app.test_request_context("/?q=%EE%83%BF%00", method="POST", data={"x": BAD, "password": "o\u0308"}):
        assert request.form["x"] == KEPT
        assert request.values["q"] == request.args["q"] == "\ufffd\ufffd"
        assert request.form["password"] == "o\u0308"


@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_what_was_kept_before_makes_no_page_fail(made: Answering, language: str) -> None:
    publish(made, a_body(1))
    with write_transaction(made.house.engine) as connection:
        for place in (PLACES[0], PLACES[2]):
            resident_messages.save(connection, place.key, ROUND, FORGED)
            places.save_places(connection, [replace(place, name=FORGED)])
    client = made.app.test_client(use_cookies=False)
    for address in (f"/results/{ROUND}/{language}", f"/s/froso/{language}", f"/?language={language}"):
        page = client.get(address)
        assert page.status_code == 200, address
        assert len(re.findall(r"</span *>", page.text)) == page.text.count("<span"), address
    sheet = client.get(f"/s/froso/{language}").text
    assert len(sheet.rsplit('name="form_id" value="', 1)[1].split('"')[0]) > 40
