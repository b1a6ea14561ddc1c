"""The shipped languages: complete where a resident reads, never stale, true to placeholders and terms."""

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from flask import Flask
from flask_babel import gettext

from survey.answer.results import low_end, percent
from survey.domain.questions.questionnaire import ROLES, read_versions
from survey.web.i18n import catalogs
from survey.web.i18n.catalog_rules import OwnRules, own_rules, text_faults
from survey.web.i18n.language import STAFF_LANGUAGES, init_languages, languages, load_languages, speaking
from survey.web.i18n.language_files import refused
from survey.web.i18n.translation_review import is_met_by_residents
from survey.web.pages import public_pages

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "translations"
TRANSLATED = sorted(path.parent.parent.name for path in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))
QUESTION_TEXTS = [
    question.text
    for version in read_versions(ROOT / "survey" / "questionnaires").values()
    for role in ROLES
    for question in version.questions[role]
]
# One word for one thing, everywhere that a resident reads: these are the others.
OTHER_WORDS = {
    "en": r"\bresponses?\b|with health care\b|health care (does|and the)|\byou who\b|scan the square|does not tell who",
    "ar": r"المنطقة|المربع|العاملون|العاملين|[تي]ُحت?سب|شخصًا? ثابت|الشخص الثابت|طوعية|سؤالاً|ابحث عن وحدتك",
}


# the Swedish terms need no Swedish beside them, and the sentence on contracts has to say the word
NOT_OF_SWEDISH = ("term", "contract")
UNDRAFTED = ("fit", "rom", "se", "sma", "swl", "yi")
CLASSES = {"sv": "A"} | dict.fromkeys(("ar", "en", "es", "fi", "pl", "ru", "sv-x-lattlast", "uk"), "B")
CLASSES |= dict.fromkeys(("bs", "ckb", "fa", "fa-AF", "kmr", "so", "th", "ti", "tr"), "C") | dict.fromkeys(
    UNDRAFTED, "D"
)
AS_WRITTEN = [
    ("sv", "14 mars 2026", "52 61\xa0%"),
    ("sv-x-lattlast", "14 mars 2026", "52 61\xa0%"),
    ("en", "14 March 2026", "52 61%"),
    ("ar", "14 مارس 2026", "52 61%"),
    ("es", "14 de marzo de 2026", "52 61\xa0%"),
    ("fi", "14. maaliskuuta 2026", "52 61\xa0%"),
    ("pl", "14 marca 2026", "52 61%"),
    ("ru", "14 марта 2026", "52 61\xa0%"),
    ("uk", "14 березня 2026", "52 61%"),
    ("bs", "14. mart 2026.", "52 61%"),
    ("ckb", "14ی ئازاری 2026", "52 61%"),
    ("fa", "14 مارس 2026", "52 61%"),
    ("fa-AF", "14 مارچ 2026", "52 61%"),
    ("kmr", "14ê adara 2026an", "%52 %61"),
    ("so", "14 Maarso 2026", "52 61%"),
    ("th", "14 มีนาคม ค.ศ. 2026", "52 61%"),
    ("ti", "14 መጋቢት 2026", "52 61%"),
    ("tr", "14 Mart 2026", "%52 %61"),
    ("sma", "14 mars 2026", "52 61\xa0%"),
]


@cache
def catalog(tag: str) -> Catalog:
    """A shipped catalog."""
    return catalogs.read_catalog(TRANSLATIONS / tag / "LC_MESSAGES" / "messages.po")


def test_no_catalog_is_stale() -> None:
    assert catalogs.stale(ROOT) == [], "run `flask translations extract` and `… update`, then translate"


def test_the_languages_of_the_house_are_here() -> None:
    shipped = load_languages(TRANSLATIONS)
    assert shipped.keys() == CLASSES.keys()
    assert {tag: language.review_class for tag, language in shipped.items()} == CLASSES
    assert next(iter(shipped)) == "sv"
    rtl = {tag for tag, language in shipped.items() if language.direction == "rtl"}
    assert rtl == {"ar", "ckb", "fa", "fa-AF", "yi"}


def test_every_catalog_is_whole_where_a_resident_reads() -> None:
    missing = [
        (tag, message.id)
        for tag in TRANSLATED
        for message in catalog(tag)
        if message.id and is_met_by_residents(message) and not message.string
    ]
    assert missing == []


def test_who_must_have_read_a_language_decides_where_it_is_offered() -> None:
    for tag, language in load_languages(TRANSLATIONS).items():
        earnest, demo, marked = {"A": (1, 1, 0), "B": (1, 1, 1), "C": (0, 1, 1), "D": (0, 0, 1)}[CLASSES[tag]]
        assert (language.offered, language.shown, language.unreviewed) == (earnest, demo, marked), tag


def test_what_no_machine_may_draft_has_its_place_and_no_text() -> None:
    assert [path.name for tag in UNDRAFTED for path in (TRANSLATIONS / tag).iterdir()] == ["language.toml"] * 6


@pytest.mark.parametrize("tag", sorted({*TRANSLATED} - {"ar", "en"}))
def test_what_was_found_in_a_draft_is_written_down(tag: str) -> None:
    written = (ROOT / "docs" / "translations" / f"{tag}.md").read_text(encoding="utf-8")
    for heading in ("Status: ", "## Terms", "## Differences", "## What still needs ", "## Figures"):
        assert heading in written


@pytest.mark.parametrize(("tag", "day", "low_end_and_share"), AS_WRITTEN)
def test_days_and_shares_are_as_the_language_writes_them(tag: str, day: str, low_end_and_share: str) -> None:
    app = Flask("tiny")
    init_languages(app)
    with app.app_context(), speaking(languages()[tag]):
        assert public_pages.day(date(2026, 3, 14)) == day
        assert f"{low_end(52.4)} {percent(61)}" == low_end_and_share


@pytest.mark.parametrize("tag", [tag for tag in STAFF_LANGUAGES if tag != "sv"])
def test_staff_have_every_text_in_their_languages(tag: str) -> None:
    assert [message.id for message in catalog(tag) if message.id and not message.string] == []


def test_every_catalog_holds_to_the_rules() -> None:
    assert refused(load_languages(TRANSLATIONS).values()) == []


@pytest.mark.parametrize("tag", sorted(OTHER_WORDS))
def test_one_thing_has_one_word(tag: str) -> None:
    met = [str(message.string) for message in catalog(tag) if message.string and is_met_by_residents(message)]
    assert [text for text in met if re.search(OTHER_WORDS[tag], text, re.IGNORECASE)] == []


def test_a_word_that_only_looks_like_a_contract_is_none() -> None:
    arabic, ukrainian = (own_rules(TRANSLATIONS / tag) for tag in ("ar", "uk"))
    assert [*text_faults("Svårt", "معقد", arabic)] == []
    assert [fault.rule for fault in text_faults("Svårt", "العقد", arabic)] == ["contract"]
    assert [*text_faults("Det här är nytt", "Домовленість", ukrainian)] == []
    assert [fault.rule for fault in text_faults("Det här är nytt", "Договору", ukrainian)] == ["contract"]


def test_the_questions_are_among_the_texts_to_translate() -> None:
    wanted = {str(message.id) for message in catalogs.read_catalog(TRANSLATIONS / "messages.pot")}
    assert set(QUESTION_TEXTS) <= wanted


def test_the_swedish_holds_to_the_rules_too() -> None:
    # A rule that holds a translation against the Swedish says nothing of a fault that the Swedish has.
    ours = [str(message.id) for message in catalogs.read_catalog(TRANSLATIONS / "messages.pot") if message.id]
    found = [
        fault for text in ours for fault in text_faults(text, text, OwnRules()) if fault.rule not in NOT_OF_SWEDISH
    ]
    assert found == []


def test_no_text_counts_nouns() -> None:
    # gettext's plural rules in Babel differ from CLDR for several of the languages to come
    assert [
        message.id for message in catalogs.read_catalog(TRANSLATIONS / "messages.pot") if message.pluralizable
    ] == []
    code = [*ROOT.glob("survey/**/*.py"), *ROOT.glob("survey/**/*.html"), *ROOT.glob("analysis/**/*.py")]
    counted = re.compile(r"\b(ngettext|npgettext|pluralize)\b")
    assert [path for path in code if counted.search(path.read_text(encoding="utf-8"))] == []


def test_the_header_of_a_catalog_is_never_shown() -> None:
    app = Flask("tiny")
    init_languages(app)
    with app.app_context():
        for language in languages().values():
            with speaking(language):
                assert gettext("") == ""


def test_a_language_reads_the_questions_in_its_own_words() -> None:
    app = Flask("tiny")
    init_languages(app)
    with app.app_context():
        with speaking(languages()["en"]):
            assert gettext("Vet du ditt nästa steg?") == "Do you know your next step?"
        with speaking(languages()["ar"]):
            assert gettext("Vet inte") == "لا أعرف"
        with speaking(languages()["sv"]):
            assert gettext("Vet du ditt nästa steg?") == "Vet du ditt nästa steg?"
