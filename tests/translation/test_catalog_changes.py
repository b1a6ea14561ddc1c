"""A catalog that changes under translators' wordings, and what of theirs still stands then."""

from pathlib import Path

from flask import Flask

from survey.domain.staff.translation_approvals import fingerprint
from tests.followup.staffed import StaffBrowser
from tests.translation.conftest import AT, arabic, changed, sent

NEXT = "Nästa"
PAGE = f"{AT}text/{fingerprint(NEXT)}"
BETTER, NEWER = "الخطوة التالية", "التالي الآن"


def test_a_new_translation_in_the_catalog_is_not_hidden_by_wordings_of_the_old(
    app: Flask, folder: Path, tua: StaffBrowser, ted: StaffBrowser
) -> None:
    tua.post(PAGE, {"wording": BETTER})
    ted.post(f"{PAGE}/approve", {})
    assert arabic(app).texts[NEXT] == BETTER
    sent(app, folder, changed(folder, NEXT, NEWER))
    ted.post(f"{AT}text/{fingerprint('Tillbaka')}/approve", {})
    assert arabic(app).texts[NEXT] == NEWER
    page = tua.get(PAGE)
    assert NEWER in page.text and BETTER not in page.text and "Utkast" in page.words()
    tua.post(PAGE, {"wording": BETTER})
    assert arabic(app).texts[NEXT] == BETTER, "Ted's approval of the same words still counts"


def test_a_wording_that_the_catalog_has_taken_in_stands_with_those_after_it(
    app: Flask, folder: Path, tua: StaffBrowser, ted: StaffBrowser
) -> None:
    tua.post(PAGE, {"wording": BETTER})
    ted.post(PAGE, {"wording": NEWER})
    sent(app, folder, changed(folder, NEXT, BETTER))
    assert NEWER in tua.get(PAGE).text
    tua.post(f"{PAGE}/approve", {})
    assert arabic(app).texts[NEXT] == NEWER
