"""The shipped languages: complete where a resident reads, never stale, true to placeholders and terms."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from flask import Flask
from flask_babel import gettext

from survey.domain.questions.questionnaire import ROLES, read_versions
from survey.web.i18n import catalogs
from survey.web.i18n.language import STAFF_LANGUAGES, init_languages, languages, load_languages, speaking
from survey.web.i18n.translation_review import is_met_by_residents

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "translations"
TRANSLATED = sorted(path.parent.parent.name for path in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))
QUESTION_TEXTS = [
    question.text
    for version in read_versions(ROOT / "survey" / "questionnaires").values()
    for role in ROLES
    for question in version.questions[role]
]
# never a contract: SKR says the agreement is none. In Arabic the word stands alone or with a particle.
CONTRACT = re.compile(r"contract|kontrakt|\b(?:ال|و|ب|ل)*عقد\b", re.IGNORECASE)

# One word for one thing, everywhere that a resident reads: these are the others.
OTHER_WORDS = {
    "en": r"\bresponses?\b|with health care\b|health care (does|and the)|\byou who\b|scan the square|does not tell who",
    "ar": r"المنطقة|المربع|العاملون|العاملين|[تي]ُحت?سب|شخصًا? ثابت|الشخص الثابت|طوعية|سؤالاً|ابحث عن وحدتك",
}


def catalog(tag: str) -> Catalog:
    """A shipped catalog."""
    return catalogs._read(TRANSLATIONS / tag / "LC_MESSAGES" / "messages.po")


def translated() -> Iterator[tuple[str, Message]]:
    """Every text that has a translation, with the language."""
    for tag in TRANSLATED:
        yield from ((tag, message) for message in catalog(tag) if message.id and message.string)


def placeholders(text: str) -> list[str]:
    """What a text leaves open, and the percent signs it writes out."""
    return sorted(re.findall(r"%\(\w+\)[a-z]|%%", text))


def faults_of(text: str, turned: str) -> list[str]:
    """What a translation must keep of its source, and does not."""
    faults = [] if placeholders(text) == placeholders(turned) else ["other placeholders"]
    if re.sub(r"%\(\w+\)s|%%", "", text + turned).count("%"):
        faults.append("a percent sign that stands alone")
    if CONTRACT.search(turned):
        faults.append("a contract")
    if "!" in text + turned:
        faults.append("an exclamation mark")
    if text.rstrip()[-1:] != {"؟": "?"}.get(last := turned.rstrip()[-1:], last) and text[-1:] in "?:":
        faults.append("another end")
    if (text != text.strip()) or turned != turned.strip():
        faults.append("space at an end")
    return faults


def test_no_catalog_is_stale() -> None:
    assert catalogs.stale(ROOT) == [], "run `flask translations extract` and `… update`, then translate"


def test_the_languages_of_the_house_are_here() -> None:
    shipped = load_languages(TRANSLATIONS)
    assert {"sv", "en", "ar"} <= shipped.keys()
    assert next(iter(shipped)) == "sv"
    assert shipped["ar"].direction == "rtl"
    assert len(shipped) == len([path for path in TRANSLATIONS.iterdir() if path.is_dir()])


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_a_resident_can_choose_english_and_arabic_marked_as_not_reviewed(tag: str) -> None:
    missing = [message.id for message in catalog(tag) if is_met_by_residents(message) and not message.string]
    assert [text for text in missing if text] == []
    language = load_languages(TRANSLATIONS)[tag]
    assert language.offered and language.piloted


@pytest.mark.parametrize("tag", [tag for tag in STAFF_LANGUAGES if tag != "sv"])
def test_staff_have_every_text_in_their_languages(tag: str) -> None:
    assert [message.id for message in catalog(tag) if message.id and not message.string] == []


def test_every_translation_keeps_what_it_must_of_its_source() -> None:
    found = [
        (tag, message.id, faults)
        for tag, message in translated()
        if (faults := faults_of(str(message.id), str(message.string)))
    ]
    assert found == []


@pytest.mark.parametrize("tag", sorted(OTHER_WORDS))
def test_one_thing_has_one_word(tag: str) -> None:
    met = [str(message.string) for message in catalog(tag) if message.string and is_met_by_residents(message)]
    assert [text for text in met if re.search(OTHER_WORDS[tag], text, re.IGNORECASE)] == []


@pytest.mark.parametrize(
    ("text", "turned", "fault"),
    [
        ("Fråga %(number)s", "Question", "other placeholders"),
        ("Fråga %(number)s", "Question %(nummer)s", "other placeholders"),
        ("Fråga", "Question 5 %", "a percent sign that stands alone"),
        ("Överenskommelse", "Contract", "a contract"),
        ("Överenskommelse", "العقد", "a contract"),
        ("Tack", "Thank you!", "an exclamation mark"),
        ("Vad är det?", "What is it", "another end"),
        ("Tack", "Thanks ", "space at an end"),
    ],
)
def test_the_rules_for_a_translation_can_fail(text: str, turned: str, fault: str) -> None:
    assert fault in faults_of(text, turned)


def test_a_word_that_only_looks_like_a_contract_is_none() -> None:
    assert faults_of("Svårt", "معقد") == []
    assert faults_of("Vad är det?", "ما هو؟") == []


def test_a_question_keeps_the_swedish_term_in_brackets() -> None:
    for tag in TRANSLATED:
        turned = {str(message.id): str(message.string) for message in catalog(tag)}
        for term in ("fast vårdkontakt", "överenskommelse"):
            for text in (text for text in QUESTION_TEXTS if term in text and turned.get(text)):
                assert f"({term})" in turned[text].replace("\N{NO-BREAK SPACE}", " "), (tag, text)


def test_the_questions_are_among_the_texts_to_translate() -> None:
    wanted = {str(message.id) for message in catalogs._read(TRANSLATIONS / "messages.pot")}
    assert set(QUESTION_TEXTS) <= wanted


def test_no_text_counts_nouns() -> None:
    # gettext's plural rules in Babel differ from CLDR for several of the languages to come
    assert [message.id for message in catalogs._read(TRANSLATIONS / "messages.pot") if message.pluralizable] == []
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
