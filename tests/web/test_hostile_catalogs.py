"""A catalog that somebody sends may say anything: each fault is refused, named, and its language is not offered."""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from flask import Flask

from survey.config import ROOT
from survey.domain.questions.questionnaire import read_versions
from survey.web.i18n import catalog_rules, catalogs
from survey.web.i18n.language import find, init_languages, languages, load_languages, offered, offered_languages
from survey.web.i18n.language_files import refused
from tests.language_folders import add_language

TAG = "fi"
GOOD = ROOT / "translations" / TAG
AGREEMENT = "Vad är en överenskommelse?"
PHONE = "Ring 1177 för råd om vård, 112 om det är fara för livet."
ZOOM = "Texten går att förstora till 400 procent, och sidorna följer ljust eller mörkt läge i din telefon eller dator."
ASKED = "Har du en fast vårdkontakt (vid behov)?"
NEXT, PLACE, DAY, NO, YES = "Nästa", "Fråga %(number)s av %(total)s", "Svara senast %(day)s.", "Nej", "Ja"
PLAIN = (
    NEXT,
    PLACE,
    DAY,
    AGREEMENT,
    PHONE,
    ZOOM,
    "Skicka svaren",
    "Kontrollera och skicka",
    "Översättning ej granskad",
)
Change = Callable[[dict[str, str]], None]


def put(text: str, turn: Callable[[str], str]) -> Change:
    """Change one translation."""
    return lambda texts: texts.update({text: turn(texts[text])})


def swap(one: str, other: str) -> Change:
    """Let two translations change places."""
    return lambda texts: texts.update({one: texts[other], other: texts[one]})


# rule, text that is refused, what was done
CORPUS: list[tuple[str, str, Change]] = [
    ("markup", NEXT, put(NEXT, lambda _: "<b>Seuraava</b>")),
    ("markup", NEXT, put(NEXT, lambda t: f"{t}<script>alert(1)</script>")),
    ("markup", NEXT, put(NEXT, lambda t: f'{t}"><img src=x onerror=alert(1)>')),
    ("markup", DAY, put(DAY, lambda t: f"&lt;b&gt;{t}")),
    ("markup", DAY, put(DAY, lambda t: f"&#60;{t}")),
    ("markup", ASKED, put(ASKED, lambda t: t.replace(" ", "<!-- ", 1))),
    ("placeholders", PLACE, put(PLACE, lambda t: t.replace("%(total)s", "seitsemästä"))),
    ("placeholders", PLACE, put(PLACE, lambda t: t.replace("%(total)s", "%(number)s"))),
    ("placeholders", PLACE, put(PLACE, lambda t: t.replace("%(total)s", "%(summa)s"))),
    ("placeholders", DAY, put(DAY, lambda t: t.replace("%(day)s", "%(day)d"))),
    ("placeholders", DAY, put(DAY, lambda t: t.replace("%(day)s", "%(day)900s"))),
    ("placeholders", DAY, put(DAY, lambda t: f"{t[:-1]} %(day)s.")),
    ("placeholders", NEXT, put(NEXT, lambda t: f"{t} %(config)s")),
    ("placeholders", NEXT, put(NEXT, lambda t: f"{t} %%")),
    ("format", NEXT, put(NEXT, lambda t: f"{t} %s")),
    ("format", NEXT, put(NEXT, lambda t: f"{t} 5 %")),
    ("format", NEXT, put(NEXT, lambda t: f"{t} {{0.__class__}}")),
    ("format", NEXT, put(NEXT, lambda t: f"{t} ${{HOME}}")),
    ("format", NEXT, put(NEXT, lambda t: f"{t}\\x41")),
    *(("hidden-signs", NEXT, put(NEXT, lambda t, sign=sign: f"{t[:3]}{sign}{t[3:]}")) for sign in  # type: ignore[misc]
      "\u202e\u202a\u2066\u2069\u200e\u200f\u061c\u200b\u00ad\ufeff\ue0ff\0\x1b\u2028\n\U000e0041"),
    ("address", DAY, put(DAY, lambda t: t.replace(".", " https://evil.example.", 1))),
    ("address", DAY, put(DAY, lambda t: t.replace(".", " www.huijaus.", 1))),
    ("address", DAY, put(DAY, lambda t: t.replace(".", " minulle@huijaus.fi.", 1))),
    ("address", DAY, put(DAY, lambda t: t.replace(".", " huijaus.com.", 1))),
    ("numbers", PHONE, put(PHONE, lambda t: t.replace("1177", "0900123"))),
    ("numbers", PHONE, put(PHONE, lambda t: t.replace("112", "hätänumeroon"))),
    ("numbers", ZOOM, put(ZOOM, lambda t: t.replace("400", "200"))),
    ("digits", NEXT, put(NEXT, lambda t: f"{t} ٧")),
    ("digits", NEXT, put(NEXT, lambda t: f"{t} ๗")),
    ("exclamation", NEXT, put(NEXT, lambda t: f"{t}!")),
    ("exclamation", NEXT, put(NEXT, lambda t: f"{t}！")),
    ("ending", AGREEMENT, put(AGREEMENT, lambda t: t.replace("?", "."))),
    ("ending", NEXT, put(NEXT, lambda t: f"{t} ")),
    ("length", NEXT, put(NEXT, lambda t: f"{t} {'sivulle ' * 6}nyt")),
    ("length", ASKED, put(ASKED, lambda t: t.replace(" ", f" {'erittäin ' * 20}", 1))),
    ("term", ASKED, put(ASKED, lambda t: t.replace("(fast vårdkontakt)", ""))),
    ("term", ASKED, put(ASKED, lambda t: t.replace("fast vårdkontakt", "fast läkare"))),
    ("contract", AGREEMENT, put(AGREEMENT, lambda _: "Mikä on sopimus (överenskommelse)?")),
    ("contract", AGREEMENT, put(AGREEMENT, lambda _: "Mikä on Contract (överenskommelse)?")),
    ("scale", NO, swap(YES, NO)),
    ("scale", YES, swap(YES, NO)),
    ("scale", "Delvis", swap("Delvis", "Vet inte")),
    ("scale", "Nej, men jag behöver", swap("Nej, men jag behöver", "Nej, jag behöver ingen")),
    ("scale", "Delvis", put("Delvis", lambda _: "KYLLÄ")),
    ("scale", NO, lambda texts: texts.pop(NO)),
    ("scale", NO, put(NO, lambda _: "")),
    ("scale", "Vet inte", lambda texts: texts.pop("Vet inte")),
    ("scale", "Delvis", put("Delvis", lambda _: "Täysin")),
]  # fmt: skip
KINDS = sorted({rule for rule, _text, _change in CORPUS})


def good() -> dict[str, str]:
    """A catalog without a fault: every question and option in two versions, and some more texts."""
    shipped = catalogs.read_catalog(GOOD / catalogs.PO)
    asked = [
        text
        for version in read_versions(ROOT / "survey" / "questionnaires").values()
        for questions in version.questions.values()
        for question in questions
        for text in (question.text, *(option.label for option in question.options))
    ]
    return {text: str(shipped[text].string) for text in dict.fromkeys([*asked, *PLAIN])}


@pytest.fixture(scope="module")
def whole() -> dict[str, str]:
    """The good catalog's texts."""
    return good()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with Swedish and one language more, its record the shipped one."""
    add_language(tmp_path, "sv")
    folder = tmp_path / "translations" / TAG
    (folder / "LC_MESSAGES").mkdir(parents=True)
    (folder / catalog_rules.RECORD).write_bytes((GOOD / catalog_rules.RECORD).read_bytes())
    return tmp_path


def sent(root: Path, texts: dict[str, str], **more: str) -> Path:
    """Put a catalog in the language's folder; return the folder."""
    catalog = Catalog(fuzzy=False)
    for text, turned in texts.items():
        catalog.add(text, turned, locations=[("survey/templates/answer/sheet.html", 1)])
    folder = root / "translations" / TAG
    (folder / catalogs.PO).write_bytes(catalogs.written(catalog, TAG))
    return folder


def changed(whole: dict[str, str], change: Change) -> dict[str, str]:
    """A copy of the good texts, with what was done to them."""
    texts = dict(whole)
    change(texts)
    return texts


def test_the_good_catalog_is_taken(root: Path, whole: dict[str, str]) -> None:
    found = catalogs.compiled(sent(root, whole))
    assert found.faults == ()
    assert (found.level, found.texts) == ("draft", whole)


@pytest.mark.parametrize("number", range(len(CORPUS)))
def test_each_hostile_catalog_is_refused_by_file_text_and_fault(number: int, root: Path, whole: dict[str, str]) -> None:
    rule, text, change = CORPUS[number]
    texts = changed(whole, change)
    assert texts != whole
    found = catalogs.compiled(sent(root, texts))
    (fault, *_) = [each for each in found.faults if each.rule == rule and (each.text == text or text not in texts)] or [
        each for each in found.faults if each.rule == rule and not texts.get(text)
    ]
    assert found.level == "missing"
    assert fault.text not in found.texts
    (sentence, *_) = [
        each for each in refused(load_languages(root / "translations").values()) if fault.sentence in each
    ]
    assert sentence == f'translations/fi/LC_MESSAGES/messages.po: "{fault.text}" {fault.sentence}'


@pytest.mark.parametrize("rule", sorted(catalog_rules._RULES))
def test_without_its_rule_a_fault_would_pass(
    rule: str, root: Path, whole: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(catalog_rules._RULES, rule)
    cases = [change for name, _text, change in CORPUS if name == rule]
    assert any(not catalogs.compiled(sent(root, changed(whole, change))).faults for change in cases)


def test_every_rule_has_a_hostile_catalog() -> None:
    assert {*KINDS} == {*catalog_rules._RULES, "contract", "scale"}


def an_app(root: Path) -> Flask:
    """An app that starts with the languages of this project."""
    app = Flask("tiny")
    init_languages(app, root / "translations")
    return app


def test_the_start_goes_on_without_the_language_and_says_why(
    root: Path, whole: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    sent(root, changed(whole, put(NEXT, lambda t: f"<b>{t}</b>")))
    with caplog.at_level(logging.WARNING, "survey"):
        app = an_app(root)
    assert "language not offered language=fi why=markup count=1" in caplog.text
    with app.app_context():
        assert [spoken.tag for spoken in offered_languages()] == ["sv"]
        assert not languages()[TAG].shown and offered(TAG) is None
        assert find(NEXT, languages()[TAG])[0] == NEXT
        assert find(AGREEMENT, languages()[TAG])[0] == whole[AGREEMENT]


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"msgid", b'msgid "a"\nmsgstr[x] "b"\n', b'msgid "a\nmsgstr "b"\n' * 3, b"\0" * 99],
)
def test_a_file_that_is_no_catalog_stops_nothing(root: Path, content: bytes) -> None:
    (root / "translations" / TAG / catalogs.PO).write_bytes(content)
    with an_app(root).app_context():
        assert not languages()[TAG].shown
        assert [spoken.tag for spoken in offered_languages()] == ["sv"]


def test_a_catalog_cannot_write_our_notes_or_hide_behind_a_context(root: Path, whole: dict[str, str]) -> None:
    folder = sent(root, {text: turned for text, turned in whole.items() if text != NEXT})
    path = folder / catalogs.PO
    place = "\n#: survey/templates/answer/sheet.html\n"
    taken = path.read_text(encoding="utf-8")
    for more in (
        f'{place}msgid "{NEXT}"\nmsgstr ""\n{place}msgid "catalog:level"\nmsgstr "approved"\n',
        f'{place}msgctxt "x"\nmsgid "{NEXT}"\nmsgstr "Seuraava"\n',
        f'{place}msgid "{NEXT}"\nmsgid_plural "{NEXT}"\nmsgstr[0] "Seuraava"\nmsgstr[1] "<b>"\n',
    ):
        path.write_text(taken + more, encoding="utf-8")
        found = catalogs.compiled(folder)
        assert [fault.rule for fault in found.faults] == ["form"]
        assert found.level == "missing"
        assert "<b>" not in str(found.texts) and NEXT not in found.texts


def test_an_option_that_the_record_lacks_is_refused(root: Path, whole: dict[str, str]) -> None:
    record = root / "translations" / TAG / catalog_rules.RECORD
    record.write_text(record.read_text(encoding="utf-8").replace('"Delvis" =', '"Kanske" ='), encoding="utf-8")
    assert {(fault.rule, fault.text) for fault in catalogs.compiled(sent(root, whole)).faults} == {("scale", "Delvis")}


def test_a_catalog_is_held_anew_against_other_questions(tmp_path: Path) -> None:
    asked = tmp_path / "questionnaires"
    shutil.copytree(ROOT / "survey" / "questionnaires", asked)
    before = catalog_rules.rules_fingerprint(asked)
    (asked / "liten-2026.toml").write_text("key = 'liten-2026'\n", encoding="utf-8")
    catalog_rules.rules_fingerprint.cache_clear()
    assert catalog_rules.rules_fingerprint(asked) != before
