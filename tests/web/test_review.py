"""How far a translation has been read, text by text and as a whole."""

import io

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from survey.web.i18n.translation_review import level, short_hash, sign, source_hash, status

HASH = source_hash(Message("Nästa"))


def message(string: str = "Next", *comments: str, flags: tuple[str, ...] = ()) -> Message:
    """The Swedish text "Nästa" with its translation and a translator's comments."""
    return Message("Nästa", string, user_comments=comments, flags=flags)


@pytest.mark.parametrize(
    ("read", "reached"),
    [
        (message(""), "missing"),
        (message(flags=("fuzzy",)), "missing"),
        (message(), "draft"),
        (message("Next", "a short button"), "draft"),
        (message("Next", f"reviewed by nurse on 2026-09-01 for {HASH}"), "reviewed"),
        (message("Next", f"approved by translator on 2026-09-01 for {HASH}"), "approved"),
        (
            message(
                "Next",
                f"approved by translator on 2026-09-01 for {HASH}",
                f"reviewed by nurse on 2026-08-01 for {HASH}",
            ),
            "approved",
        ),
        (message("Next", "approved by translator on 2026-09-01 for 00000000"), "draft"),
        (message("Next", f"approved on 2026-09-01 for {HASH}"), "draft"),
        (message("Next", f"reviewed by translator on 2026-09-01 for {HASH} in {short_hash('Next')}"), "reviewed"),
        (message("Forward", f"reviewed by translator on 2026-09-01 for {HASH} in {short_hash('Next')}"), "draft"),
    ],
)
def test_the_status_of_a_text_is_what_was_signed_for_this_very_source(read: Message, reached: str) -> None:
    assert status(read) == reached


def catalog(*entries: tuple[str, str, str]) -> Catalog:
    """A catalog of (place, Swedish, translation)."""
    made = Catalog()
    for place, text, turned in entries:
        made.add(text, turned, locations=[(place, 1)])
    return made


def test_a_language_has_come_as_far_as_its_least_read_text_that_a_resident_meets() -> None:
    made = catalog(("survey/templates/answer/sheet.html", "Nästa", "Next"), ("survey/web/a.py", "Fel", "Error"))
    assert level(made) == "draft"
    sign(made, "reviewed", "nurse", "2026-09-01")
    assert level(made) == "reviewed"
    made.add("Ny", "", locations=[("survey/templates/base.html", 1)])
    assert level(made) == "missing"


def test_what_only_staff_meet_keeps_no_language_from_residents() -> None:
    made = catalog(
        ("survey/templates/answer/sheet.html", "Nästa", "Next"), ("analysis/sentences/findings.py", "Fel", "")
    )
    assert level(made) == "draft"
    shared = catalog(("analysis/sentences/findings.py", "Fel", ""))
    shared.add("Fel", locations=[("survey/templates/base.html", 2)])
    assert level(shared) == "missing"


def test_an_empty_catalog_is_missing() -> None:
    assert level(Catalog()) == "missing"


def test_only_translated_texts_are_signed_and_a_signature_must_read_as_one() -> None:
    made = catalog(("a.html", "Nästa", "Next"), ("a.html", "Fel", ""))
    assert sign(made, "approved", "authorised translator", "2026-09-01") == 1
    assert status(made["Nästa"]) == "approved"
    with pytest.raises(ValueError, match="Not a status"):
        sign(made, "liked", "nurse", "2026-09-01")
    with pytest.raises(ValueError, match="Not a status"):
        sign(made, "reviewed", "nurse", "in September")


def test_a_signature_survives_the_file() -> None:
    note = f"# reviewed by nurse on 2026-09-01 for {HASH}"
    read = read_po(io.StringIO(f'{note}\nmsgid "Nästa"\nmsgstr "Next"\n'))
    assert status(read["Nästa"]) == "reviewed"
