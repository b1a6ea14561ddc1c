"""What a language's folder decides: whom it is offered to, what it falls back to, and what is no language."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string

from survey.web.i18n.language import (
    LanguageError,
    init_languages,
    languages,
    load_languages,
    offered,
    offered_languages,
    speaking,
)
from tests.language_folders import add_language

APPROVED = "approved by translator on 2026-09-01 for 6aa7c3aa"


def test_what_is_offered_follows_the_class_and_the_review(tmp_path: Path) -> None:
    texts = {"Nästa": "x"}
    reviewed = APPROVED.replace("approved", "reviewed")
    cases = [
        # class, texts, note, offered in earnest, shown in a demo, marked as not reviewed
        ("A", None, "", True, True, False),
        ("B", None, "", False, False, True),
        ("B", {"Nästa": ""}, "", False, False, True),
        ("B", texts, "", True, True, True),
        ("B", texts, reviewed, True, True, False),
        ("B", texts, reviewed.replace("6aa7c3aa", "00000000"), True, True, True),
        ("C", texts, "", False, True, True),
        ("C", texts, reviewed, False, True, True),
        ("C", texts, APPROVED, True, True, False),
        ("D", texts, reviewed, False, True, True),
        ("D", texts, APPROVED, True, True, False),
    ]
    for number, (review_class, found, note, *wanted) in enumerate(cases):
        root = tmp_path / str(number)
        add_language(root, "sv")
        add_language(root, "en", found, note, review_class)
        language = load_languages(root / "translations")["en"]
        is_so = [language.offered, language.shown, language.unreviewed]
        assert is_so == wanted, (review_class, found, note)


def test_a_demo_shows_every_whole_draft_marked_and_nothing_else_does(tmp_path: Path) -> None:
    for tag in ("sv", "ar", "fa", "fit"):
        add_language(tmp_path, tag, None if tag in ("sv", "fit") else {"Nästa": "x"})
    app = Flask("tiny")
    init_languages(app, tmp_path / "translations")
    for demo, tags in ((False, ["sv", "ar"]), (True, ["sv", "ar", "fa"])):
        app.extensions["services"] = SimpleNamespace(settings=SimpleNamespace(disabled_languages=(), demo=demo))
        with app.app_context():
            assert [language.tag for language in offered_languages()] == tags
            assert languages()["fa"].unreviewed
    app.extensions["services"] = SimpleNamespace(settings=SimpleNamespace(disabled_languages=("fa",), demo=True))
    with app.app_context():
        assert offered("fa") is None


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        (None, "translations/en: the folder has no language.toml."),
        ("tag = ", "translations/en: language.toml can't be read"),
        ('tag = "en"', "translations/en: name is missing."),
        ('tag = "en-GB"', "translations/en: the tag is en-GB, and the folder must have the same name."),
        ('class = "E"', "translations/en: class is E; the classes are A, B, C, D."),
        ('direction = "up"', "translations/en: direction is up; it is ltr or rtl."),
        ('locale = "prs"', "translations/en: Babel has no locale prs;"),
        ('colour = "blue"', "translations/en: colour is no field."),
        ('day = "d/M"', "translations/en: day is d/M; it is a pattern"),
        ("never = ['(']", "translations/en: never is a list of patterns"),
        ("options = 7", "translations/en: options is a table of answer options"),
    ],
)
def test_a_folder_that_is_no_language_stops_the_start(tmp_path: Path, record: str | None, sentence: str) -> None:
    add_language(tmp_path, "sv")
    add_language(tmp_path, "ar")
    (tmp_path / "translations" / "ar" / "language.toml").write_text('tag = "ar"', encoding="utf-8")
    folder = tmp_path / "translations" / "en"
    folder.mkdir()
    if record is not None:
        (folder / "language.toml").write_text(record, encoding="utf-8")
    with pytest.raises(LanguageError) as error:
        init_languages(Flask("tiny"), tmp_path / "translations")
    assert sentence in str(error.value)
    assert "translations/ar: name is missing." in str(error.value)


def test_a_language_falls_back_to_one_that_is_there_and_swedish_is(tmp_path: Path) -> None:
    folder = add_language(tmp_path, "en")
    with pytest.raises(LanguageError, match="translations/sv is missing"):
        load_languages(tmp_path / "translations")
    add_language(tmp_path, "sv")
    record = folder / "language.toml"
    record.write_text(record.read_text(encoding="utf-8") + 'fallback = "fi"\n', encoding="utf-8")
    with pytest.raises(LanguageError, match="it falls back to fi, which is no language here"):
        load_languages(tmp_path / "translations")


def test_a_text_is_sought_along_the_whole_way_back(tmp_path: Path) -> None:
    add_language(tmp_path, "sv")
    add_language(tmp_path, "fa", {"Tack": "تشکر"})
    record = add_language(tmp_path, "fa-AF", {"Nästa": "بعدی"}) / "language.toml"
    record.write_text(record.read_text(encoding="utf-8") + 'fallback = "fa"\n', encoding="utf-8")
    app = Flask("tiny")
    init_languages(app, tmp_path / "translations")
    with app.app_context(), speaking(languages()["fa-AF"]):
        page = render_template_string("{{ _('Nästa') }} {{ _('Tack') }} {{ _('Hej') }}")
    assert page == 'بعدی <span lang="fa" dir="rtl">تشکر</span> <span lang="sv" dir="ltr">Hej</span>'
