"""The catalogs: all texts gathered, updated without guessing, compiled when changed, named when stale."""

from pathlib import Path

import pytest

from survey.web.i18n import catalogs, translation_review
from tests.language_folders import add_language

MAPPINGS = """
[[tool.babel.mappings]]
method = "survey.web.i18n.message_extraction:questionnaire"
pattern = "survey/questionnaires/*-*.toml"
[[tool.babel.mappings]]
method = "jinja2"
pattern = "survey/templates/**.html"
options = { silent = "false" }
[[tool.babel.mappings]]
method = "python"
pattern = "survey/**.py"
[[tool.babel.mappings]]
method = "python"
pattern = "analysis/**.py"
"""
QUESTIONNAIRE = """
key = "liten-2026"
name = "Liten"
source = "Provet"
[labels]
yes = "Ja"
[[questions]]
key = "nasta_steg"
difference = "Det betyder något."
[questions.patient]
text = "Vet du ditt nästa steg?"
options = ["yes"]
labels = { yes = "Ja, absolut" }
term = "Vad är ett steg?"
explanation = "Det som händer."
[questions.provider]
text = "Vet patienterna alltid sitt nästa steg?"
options = ["yes"]
"""
CODE = """
title = _("Sidan")
later = lazy_gettext("Senare på sidan")
now = gettext("Nu")
WORD = N_("Ett ord")
computed = _(title)
"""
ALL = {
    "Liten",
    "Provet",
    "Ja",
    "Det betyder något.",
    "Vet du ditt nästa steg?",
    "Ja, absolut",
    "Vad är ett steg?",
    "Det som händer.",
    "Vet patienterna alltid sitt nästa steg?",
    "Nästa",
    "Fråga %(number)s",
    "Sidan",
    "Senare på sidan",
    "Nu",
    "Ett ord",
    "för få svar",
}
STAFFS_OWN = {"för få svar"}
TAGS = ("en", "sv-x-lattlast", "fa-AF", "kmr", "fit")


def write(path: Path, text: str) -> None:
    """Write a file, its folders with it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A tiny project with a text of every kind, and a catalog in each of TAGS."""
    write(tmp_path / "pyproject.toml", MAPPINGS)
    write(tmp_path / "survey" / "questionnaires" / "liten-2026.toml", QUESTIONNAIRE)
    write(tmp_path / "survey" / "templates" / "answer" / "sheet.html", TEMPLATE)
    write(tmp_path / "survey" / "web" / "pages.py", CODE)
    write(tmp_path / "analysis" / "findings.py", 'x = texts.gettext("för få svar")\n')
    add_language(tmp_path, "sv")
    for tag in TAGS:
        add_language(tmp_path, tag, {"Nästa": "Next", "Bort": "Gone"}, "a button")
    catalogs.extract(tmp_path)
    return tmp_path


TEMPLATE = '<p>{{ _("Nästa") }} {{ _("Fråga %(number)s", number=1) }}</p>'


def msgids(path: Path) -> set[str]:
    """The texts in a catalog file."""
    return {str(message.id) for message in catalogs.read_catalog(path) if message.id}


def po(root: Path, tag: str) -> Path:
    """A language's catalog."""
    return root / "translations" / tag / "LC_MESSAGES" / "messages.po"


def test_every_kind_of_text_is_gathered(root: Path) -> None:
    assert msgids(root / "translations" / "messages.pot") == ALL


def test_a_template_that_cannot_be_read_is_not_passed_over(root: Path) -> None:
    write(root / "survey" / "templates" / "broken.html", '{{ _("Nästa" }}')
    with pytest.raises(Exception, match="unexpected"):
        catalogs.extract(root)


def test_the_same_texts_give_the_same_file_wherever_in_their_files_they_stand(root: Path) -> None:
    pot = root / "translations" / "messages.pot"
    before = pot.read_bytes()
    catalogs.extract(root)
    assert pot.read_bytes() == before
    write(root / "survey" / "web" / "pages.py", "\n\n\n" + CODE)
    catalogs.extract(root)
    assert pot.read_bytes() == before
    text = before.decode()
    for machine in ("Date", "Generated-By", "Translator", ":1\n", str(root)):
        assert machine not in text


@pytest.mark.parametrize("tag", TAGS)
def test_an_update_adds_removes_and_guesses_nothing_in_every_language(root: Path, tag: str) -> None:
    catalogs.update(root)
    assert msgids(po(root, tag)) == (ALL if tag == "en" else ALL - STAFFS_OWN)
    updated = catalogs.read_catalog(po(root, tag))
    assert (updated["Nästa"].string, updated["Nästa"].user_comments) == ("Next", ["a button"])
    assert {message.string for message in updated if message.id and message.id != "Nästa"} == {""}
    assert f'"Language: {tag}\\n"' in po(root, tag).read_text(encoding="utf-8")
    assert "Bort" not in po(root, tag).read_text(encoding="utf-8")
    again = po(root, tag).read_bytes()
    catalogs.update(root)
    assert po(root, tag).read_bytes() == again


def test_a_language_that_no_staff_read_holds_what_residents_meet_and_where(root: Path) -> None:
    write(root / "survey" / "followup" / "place.py", 'x = _("Nu")\n')
    catalogs.extract(root)
    catalogs.update(root)
    places = {tag: dict(catalogs.read_catalog(po(root, tag))["Nu"].locations).keys() for tag in ("en", "kmr")}
    assert places == {"en": {"survey/followup/place.py", "survey/web/pages.py"}, "kmr": {"survey/web/pages.py"}}
    assert catalogs.stale(root) == []


def test_a_changed_text_loses_its_translation_and_is_not_guessed_at(root: Path) -> None:
    catalogs.update(root)
    write(root / "survey" / "templates" / "answer" / "sheet.html", TEMPLATE.replace("Nästa", "Nästa!"))
    catalogs.extract(root)
    catalogs.update(root)
    assert catalogs.read_catalog(po(root, "en"))["Nästa!"].string == ""


def test_stale_catalogs_are_named_text_by_text(root: Path) -> None:
    catalogs.update(root)
    assert catalogs.stale(root) == []
    write(root / "survey" / "templates" / "answer" / "sheet.html", TEMPLATE + '{{ _("Ny") }}')
    write(root / "survey" / "web" / "pages.py", CODE.replace("Ett ord", "Två ord"))
    write(root / "survey" / "web" / "more.py", 'y = _("Nu")')
    found = catalogs.stale(root)
    for path in ("translations/messages.pot", "translations/sv-x-lattlast/LC_MESSAGES/messages.po"):
        assert f"{path} lacks the text: Ny" in found
        assert f"{path} lacks the text: Två ord" in found
        assert f"{path} still has the text: Ett ord" in found
        assert f"{path} has other places for the text: Nu" in found


def test_a_catalog_compiles_again_when_other_texts_are_the_staffs(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, path = root / "translations" / "en", po(root, "en")
    path.write_text(
        path.read_text(encoding="utf-8") + '\n#: survey/newly/moved.py\nmsgid "Ny"\nmsgstr ""\n', encoding="utf-8"
    )
    assert catalogs.compiled(folder).level == "missing"
    monkeypatch.setattr(translation_review, "STAFF_ONLY", ("survey/newly/",))
    assert catalogs.compiled(folder).level == "draft"


@pytest.mark.parametrize("tag", TAGS)
def test_a_catalog_compiles_by_itself_and_again_when_it_changes(root: Path, tag: str) -> None:
    folder = root / "translations" / tag
    assert catalogs.compiled(folder) == catalogs.Compiled({"Nästa": "Next", "Bort": "Gone"}, "draft")
    binary = folder / "LC_MESSAGES" / "messages.mo"
    first = binary.stat().st_ino
    assert catalogs.compiled(folder).texts["Nästa"] == "Next"
    assert binary.stat().st_ino == first
    path = po(root, tag)
    path.write_text(path.read_text(encoding="utf-8").replace("Next", "Onwards"), encoding="utf-8")
    assert catalogs.compiled(folder).texts["Nästa"] == "Onwards"
    assert list(binary.parent.glob("*.mo")) == [binary]


def test_a_broken_compiled_file_is_made_anew(root: Path) -> None:
    binary = po(root, "en").with_suffix(".mo")
    for rubbish in (b"", b"rubbish", b"\xde\x12\x04\x95" + b"\xff" * 40):
        binary.write_bytes(rubbish)
        assert catalogs.compiled(root / "translations" / "en").texts["Nästa"] == "Next"


def test_a_checkout_that_cannot_be_written_to_still_has_its_texts(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert catalogs.compiled(root / "translations" / "en").texts["Nästa"] == "Next"


def test_compiling_all_makes_a_file_for_each_catalog(root: Path) -> None:
    catalogs.compile_(root)
    assert all(po(root, tag).with_suffix(".mo").exists() for tag in TAGS)
