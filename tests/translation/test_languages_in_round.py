"""A release that brings new texts while a round is open: the languages it began with stay, and the office is told."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from survey.config import ROOT
from survey.domain.questions.questionnaire import DEFAULT_VERSION, Version, read_versions
from survey.store.database.engine import write_transaction
from survey.store.staff import translation_approvals
from survey.web.i18n import catalogs
from survey.web.i18n.language import find, init_languages, languages, offered
from survey.web.i18n.languages_in_round import note_offered
from survey.web.i18n.translation_review import sign
from survey.web.request.services import Services
from tests.translation.conftest import arabic, ask, changed, sent
from tests.translation.test_accounts import LANGUAGES, offer_of, sven_at

OFFICE = "/staff/admin/"
ASKED = read_versions(ROOT / "survey" / "questionnaires")[DEFAULT_VERSION].questions["patient"][0].text
IN_PART = "Språk där nya eller ändrade texter står på svenska tills mätomgången är över: 1."
GONE = "Språk som gick att välja när mätomgången öppnades och inte gör det nu, därför att texter har ändrats: 1."


def begun(app: Flask) -> None:
    """Let a round ask, opened with the languages of this moment."""
    ask(app, "draft")
    services: Services = app.extensions["services"]
    with app.app_context(), write_transaction(services.engine) as connection:
        note_offered(connection, "nu")
    ask(app, "open")


def released(app: Flask, folder: Path, content: bytes) -> None:
    """Start with a release that has this catalog of Arabic."""
    sent(app, folder, content)
    app.extensions["approved_texts"].known = None


def lacking(app: Flask, folder: Path, text: str) -> None:
    """Start with a release in which the Arabic lacks a text."""
    released(app, folder, changed(folder, text, ""))


def test_between_rounds_a_language_that_lacks_a_text_waits(app: Flask, folder: Path) -> None:
    lacking(app, folder, "Nästa")
    arabic(app)
    with app.app_context():
        assert offered("ar") is None
    assert "Språk där" not in sven_at(app).get(OFFICE).words()


def test_in_a_round_it_stays_with_the_text_in_swedish(
    app: Flask, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    begun(app)
    lacking(app, folder, "Nästa")
    with caplog.at_level(logging.WARNING, "survey"):
        spoken = arabic(app)
    assert "texts in Swedish until the round is over language=ar count=1" in caplog.text
    with app.app_context():
        assert offered("ar") is spoken and spoken.unreviewed and spoken.level == "draft"
        assert find("Nästa", spoken) == ("Nästa", languages()["sv"])
    sven = sven_at(app)
    wait = next(link for link in sven.get(OFFICE).all("a") if link.text == IN_PART)
    assert wait.get("href") == LANGUAGES
    said = offer_of(sven.get(LANGUAGES), "العربية")
    assert "Texter som står på svenska tills mätomgången är över: 1." in said and "Nej" not in said
    told = app.test_cli_runner().invoke(args=["translations", "status"]).output
    assert told.startswith("Round nu is open: ") and "until the round is over: 1." in told
    ask(app, "closed")
    arabic(app)
    with app.app_context():
        assert offered("ar") is None


def test_a_language_whose_questions_changed_is_gone_and_that_is_told(
    app: Flask, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    begun(app)
    lacking(app, folder, ASKED)
    with caplog.at_level(logging.WARNING, "survey"):
        arabic(app)
    assert "language not offered language=ar why=changed" in caplog.text
    sven = sven_at(app)
    assert GONE in sven.get(OFFICE).words() and IN_PART not in sven.get(OFFICE).words()
    said = offer_of(sven.get(LANGUAGES), "العربية")
    assert "Nej" in said and "Språket gick att välja när mätomgången öppnades." in said


def test_what_another_version_asks_takes_no_language_away(app: Flask, folder: Path) -> None:
    # A release brings the next round's questions, which nobody has translated yet, while this round is open.
    versions = read_versions(ROOT / "survey" / "questionnaires")
    here = {text for version in versions.values() if version.key == DEFAULT_VERSION for text in texts_of(version)}
    other = next(text for version in versions.values() for text in texts_of(version) if text not in here)
    begun(app)
    lacking(app, folder, other)
    spoken = arabic(app)
    with app.app_context():
        assert offered("ar") is spoken and spoken.in_swedish == 1


def texts_of(version: Version) -> list[str]:
    """The questions that residents are asked."""
    return [question.text for question in version.questions["patient"]]


def test_unread_words_of_a_release_are_left_to_swedish_where_two_must_have_read(app: Flask, folder: Path) -> None:
    services: Services = app.extensions["services"]
    app.extensions["services"] = replace(services, settings=replace(services.settings, demo=False))
    record = folder / "ar" / "language.toml"
    record.write_text(record.read_text(encoding="utf-8").replace('class = "B"', 'class = "C"'), encoding="utf-8")
    catalog = catalogs.read_catalog(folder / "ar" / catalogs.PO)
    sign(catalog, "approved", "nurse", "2024-05-01")
    sent(app, folder, catalogs.written(catalog, "ar"))
    begun(app)
    message = catalog["Nästa"]
    message.string, message.user_comments = "التالي الآن", []
    released(app, folder, catalogs.written(catalog, "ar"))
    spoken = arabic(app)
    assert "Nästa" not in spoken.texts and spoken.offered and not spoken.unreviewed and spoken.in_swedish == 1


def test_the_start_says_which_languages_lack_texts(app: Flask, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folder / "ar" / catalogs.PO).write_bytes(changed(folder, "Nästa", ""))
    with caplog.at_level(logging.WARNING, "survey"):
        init_languages(Flask("tiny"), folder)
    assert [each.getMessage() for each in caplog.records] == ["language not offered language=ar why=missing count=1"]


def test_an_opening_that_was_refused_leaves_no_languages_behind(app: Flask) -> None:
    begun(app)
    services: Services = app.extensions["services"]
    with app.app_context(), write_transaction(services.engine) as connection:
        assert {"sv", "ar"} <= translation_approvals.languages_offered_in(connection, "nu")
        translation_approvals.note_offered(connection, "nu", ["sv"])
        assert translation_approvals.languages_offered_in(connection, "nu") == {"sv"}
