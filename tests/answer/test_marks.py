"""The mark by which our script knows a reply of ours: a thank-you names the form that it thanks for, and only after the
commit; an error names itself. A kiosk's errors lead nowhere else.
"""

from pathlib import Path

import pytest
from werkzeug.exceptions import NotFound

from survey.answer import submit
from survey.store.database.engine import DatabaseUnavailable
from survey.web.pages.error_pages import PROBLEMS, ErrorPage
from tests.answer.test_kiosk import NOON, at, paired
from tests.answering import ANSWERS, Answering, counted, make_answering
from tests.care_unit.conftest import with_people
from tests.reader import Page, Reader


def mark(page: Page) -> str:
    """What the last element of a page says that it is."""
    return next((each.get("value", "") for each in page.all("data") if each.get("id") == "said"), "")


def in_place(page: Page, **changed: str) -> dict[str, str]:
    """What the script posts of a fetched sheet with these answers."""
    return {**page.fields(), **ANSWERS, **changed, "in_place": "1"}


def test_a_thank_you_in_place_names_the_form_and_is_the_same_for_a_spent_code(
    invited: Answering, reader: Reader
) -> None:
    (code,) = invited.codes()
    sheet = reader.get("/s/froso/ar")
    sent = in_place(sheet, code=code)
    fresh, spent = reader.post("/s/froso/ar", sent, 200), reader.post("/s/froso/ar", sent, 200)
    assert mark(fresh) == f"kept {sheet.fields()['form_id']}"
    assert (fresh.response.data, list(fresh.response.headers)) == (spent.response.data, list(spent.response.headers))
    assert counted(invited, "invited") == (1, 1)
    assert {each.get("href") for each in fresh.all("a") if each.get("lang")} >= {"../sv/thanks"}
    other = reader.post("/s/froso/ar", in_place(reader.get("/s/froso/ar"), code=code), 200)
    assert len(other.response.data) == len(fresh.response.data), "one length, whichever form it names"


def test_the_page_that_anybody_may_fetch_names_no_form(reader: Reader) -> None:
    assert mark(reader.get("/s/froso/sv/thanks")) == "kept "


@pytest.mark.parametrize("form_id", ["", "x", '"><b>', "0" * 76])
def test_nothing_but_a_form_id_of_our_shape_is_given_back(invited: Answering, reader: Reader, form_id: str) -> None:
    (code,) = invited.codes()
    sent = in_place(reader.get("/s/froso"), code=code, form_id=form_id)
    assert mark(reader.post("/s/froso", sent, 200)) == "kept "


def test_what_is_not_kept_is_not_marked_so(
    opened: Answering, passer_by: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = in_place(passer_by.get("/s/froso"))
    assert mark(passer_by.post("/s/froso", {**sent, "code": "ABC"}, 422)) == ""
    monkeypatch.setattr(submit, "accept", lambda *_: refuse(DatabaseUnavailable("locked")))
    assert mark(passer_by.post("/s/froso", sent, 503)) == "problem database_kept"
    monkeypatch.setattr(submit, "thanks", lambda *_: refuse(RuntimeError("no page")))
    assert mark(passer_by.post("/s/froso", sent, 500)) == "problem fault_kept"
    assert counted(opened, "open") == (0, 0)


def test_when_the_thank_you_cant_be_drawn_nothing_was_kept(
    opened: Answering, passer_by: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submit, "thanks", lambda *_: refuse(DatabaseUnavailable("away")))
    page = passer_by.post("/s/froso", in_place(passer_by.get("/s/froso")), 503)
    assert "Inget är sparat" in page.words()
    assert counted(opened, "open") == (0, 0)


def refuse(fault: Exception) -> None:
    """Fail in this way."""
    raise fault


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Answering, str]:
    """A paired device, and its start."""
    folder: Path = tmp_path_factory.mktemp("kiosk")
    made = with_people(make_answering(folder / "instance", open_link=True, part="all"))
    at(made.app, NOON)
    return made, paired(made)


# What is never said on a kiosk: to staff, and to who may have a code.
ELSEWHERE = {"crowded", "crowded_today", *(name for name in PROBLEMS if name.startswith("staff_"))}


@pytest.mark.parametrize("name", [*sorted(PROBLEMS.keys() - ELSEWHERE), "status_418"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_error_leads_out_of_a_kiosk_or_speaks_of_codes(
    kiosk: tuple[Answering, str], name: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, start = kiosk

    def stop(*_: object) -> None:
        raise ErrorPage(name) if name in PROBLEMS else NotFound

    reader = Reader(made.app, language)
    fields = reader.get(f"{start}/{language}").fields()
    monkeypatch.setattr("survey.answer.kiosk.pages.unit_and_round", stop)
    status = PROBLEMS[name].status if name in PROBLEMS else 404
    pages = [reader.get(start, status), reader.get(f"{start}/{language}", status)]
    pages.append(reader.post(f"{start}/{language}", {**fields, **ANSWERS}, status))
    for page in pages:
        assert mark(page).startswith("problem ")
        ways = [each.get("href") or "" for each in page.all("a")] + [
            each.get("action") or "" for each in page.all("form")
        ]
        again = ("/kiosk?again",) if name in PROBLEMS and PROBLEMS[name].may_pair else ()  # it is a kiosk no longer
        assert [way for way in ways if not way.startswith((start, "#")) and way not in again] == []
        [told] = [each for each in page.all("div") if each.get("id") == "what"]
        words = "".join(told.itertext()).lower()
        assert not [word for word in ("kod", "lapp", "code", "slip") if word in words]
        assert f'data-start="{start}"' in page.text
