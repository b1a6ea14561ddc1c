"""What stands on the sheet before anyone has answered."""

import pytest

from survey.domain.questions.questionnaire import QUESTIONS
from tests.answering import Answering, make_answering
from tests.language_folders import OFFERED
from tests.reader import Page, Reader

PROMISE = (
    "Dina svar låses när du skickar dem. De öppnas först när enkäten har stängt, och bara tillsammans med minst nio "
    "andras. Innan något sparas ändras varje siffra lite, på måfå. Då kan ingen, inte ens vi, se vems som är vems, "
    "och inte ens den som vet vad alla andra svarade kan vara säker på vad du svarade. "
    "Blir de för få förstörs de olästa."
)


def radio_names(page: Page) -> list[str]:
    return list(dict.fromkeys(f.get("name", "") for f in page.all("input") if f.get("type") == "radio"))


def test_a_resident_meets_sender_purpose_promise_day_and_where_care_is(reader: Reader) -> None:
    words = reader.get("/s/froso").words()
    for expected in (
        "Region Jämtland Härjedalen",
        "Frösö hälsocentral",
        PROMISE,
        "15 oktober 2026",
        "Du kan inte kontakta vården här. Ring 1177",
        "112",
    ):
        assert expected in words


def test_each_is_promised_their_own_crowd_and_staff_told_what_an_insider_can_work_out(reader: Reader) -> None:
    resident, staff = reader.get("/s/froso").words(), reader.get("/p/froso").words()
    insider = "Den som vet vad alla dina arbetskamrater svarade kan gissa lite bättre än utan siffrorna."
    assert PROMISE.replace("nio", "fyra") in staff and insider in staff
    assert "nio andras" not in staff
    assert "fyra andras" not in resident
    assert insider not in resident


@pytest.mark.parametrize("address", ["/s/froso", "/p/froso"])
def test_seven_questions_stand_verbatim_with_their_codes_and_nothing_is_chosen(
    invited: Answering, address: str
) -> None:
    role = "patient" if address.startswith("/s") else "provider"
    page = Reader(invited.app).get(address)
    assert page.chosen() == {}
    assert tuple(name for name in radio_names(page) if name in QUESTIONS) == QUESTIONS
    legends = [" ".join("".join(each.itertext()).split()) for each in page.all("legend")]
    asked = invited.house.versions["underlag-2021"].questions[role]
    for number, question in enumerate(asked, 1):
        assert f"Fråga {number} av 7 {question.text}" in legends
        offered = [f.get("value") for f in page.all("input") if f.get("name") == question.key]
        assert offered == [option.code for option in question.options]


def test_only_residents_are_asked_about_themselves(reader: Reader) -> None:
    resident, staff = reader.get("/s/froso"), reader.get("/p/froso")
    assert {"gender", "help"} <= set(radio_names(resident))
    assert [f.get("name") for f in resident.all("select")] == ["age", "language_used"]
    assert set(radio_names(staff)) == set(QUESTIONS)
    assert staff.all("select") == []


def test_send_is_the_first_button_that_submits(reader: Reader) -> None:
    """Enter in the code field presses the first submit button, and that must not be a language."""
    submits = [each for each in reader.get("/s/froso").all("button") if each.get("type") != "button"]
    assert "send" in submits[0].get("class", "")
    assert [each.get("value") for each in submits[1:] if each.get("name") == "lang"] == [*OFFERED]
    assert [each.get("name") for each in submits[1:]] == ["in_place", *["lang"] * len(OFFERED)]


def test_the_language_of_the_address_wins_and_else_the_browsers(invited: Answering) -> None:
    arab = Reader(invited.app, "ar-SY,sv;q=0.5")
    assert arab.get("/s/froso").tree.get("dir") == "rtl"
    assert arab.get("/s/froso/en").tree.get("lang") == "en"
    assert Reader(invited.app, "xx").get("/s/froso").tree.get("lang") == "sv"


def test_a_language_that_is_not_offered_leads_to_the_address_without_one(reader: Reader) -> None:
    assert reader.get("/s/froso/tlh", 302).response.location == "/s/froso"
    assert reader.get("/s/froso/tlh/thanks", 302).response.location == "/s/froso"


def test_a_typed_address_forgives_capitals_and_a_last_slash(reader: Reader) -> None:
    assert reader.get("/s/FROSO/", 302).response.location == "/s/froso"


def test_each_fetch_gets_a_form_id_of_its_own_and_nothing_else_differs(reader: Reader) -> None:
    first, second = reader.get("/s/froso"), reader.get("/s/froso")
    ids = first.fields()["form_id"], second.fields()["form_id"]
    assert ids[0] != ids[1]
    assert first.text.replace(ids[0], "") == second.text.replace(ids[1], "")
    assert len(first.response.data) == len(second.response.data)


def test_the_same_page_with_and_without_compression(invited: Answering) -> None:
    zipped, plain = Reader(invited.app).get("/s/froso"), Reader(invited.app, zipped=False).get("/s/froso")
    assert zipped.response.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.response.headers
    ids = zipped.fields()["form_id"], plain.fields()["form_id"]
    assert zipped.text.replace(ids[0], "") == plain.text.replace(ids[1], "")


def test_the_words_about_the_code_follow_what_the_round_allows(reader: Reader, passer_by: Reader) -> None:
    assert "Skriv koden som står på lappen" in reader.get("/s/froso").words()
    assert "Annars lämnar du fältet tomt" in passer_by.get("/s/froso").words()
    # Said before the first question, and where no code is needed not at all.
    first = reader.get("/s/froso").words().partition("Fråga 1 av 7")[0]
    assert "Du behöver en kod. Den står på lappen" in first
    assert "Du behöver en kod" not in passer_by.get("/s/froso").words()
    assert "Du behöver en kod" in passer_by.get("/p/froso").words()


def test_a_trial_says_so_on_every_page(tmp_path) -> None:  # type: ignore[no-untyped-def]
    trial = Reader(make_answering(tmp_path / "trial", demo=True).app)
    banner = "Provkörning: nycklarna ligger bredvid svaren. Skicka inte ut den här enkäten."
    for address, status in (("/", 200), ("/s/froso", 200), ("/s/froso/sv/thanks", 200), ("/nowhere", 404)):
        assert banner in trial.get(address, status).words()


def test_a_new_closing_day_is_on_the_page_at_once(invited: Answering) -> None:
    """The drawn page is kept under all that it was drawn from, so nothing old is ever shown."""
    from datetime import date

    from survey.answer.open_rounds import OpenRoundCache
    from survey.store.database.engine import write_transaction
    from survey.store.tables import round_

    reader = Reader(invited.app)
    assert "15 oktober 2026" in reader.get("/s/froso").words()
    with write_transaction(invited.house.engine) as connection:
        connection.execute(round_.update().values(closes=date(2026, 10, 20)))
    invited.app.extensions["answer"].open_rounds = OpenRoundCache()
    assert "20 oktober 2026" in reader.get("/s/froso").words()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_is_swedish_on_a_page_in_another_language_is_marked_so(invited: Answering, language: str) -> None:
    """Names, and the terms that a translation keeps in brackets; where an element may stand."""
    page = Reader(invited.app).get(f"/s/froso/{language}")
    marked = [each.text for each in page.all("span") if each.get("lang") == "sv" and each.get("dir") == "ltr"]
    assert {"Frösö hälsocentral", "Region Jämtland Härjedalen", "överenskommelse"} <= set(marked)
    assert [each.get("lang") for each in page.all("option") if each.text == "العربية"] == ["ar"]
    assert (
        Reader(invited.app).get("/s/froso/sv").text.count('lang="sv"') == 5
    )  # the page, its menu and its list, in which lättläst is Swedish too


@pytest.mark.parametrize(("name", "said"), [("Hösten 2026", "autumn 2026"), ("Extra mätning", "extra mätning")])
def test_a_round_is_called_what_it_is_called_in_the_readers_language(invited: Answering, name: str, said: str) -> None:
    from survey.store.database.engine import write_transaction
    from survey.store.tables import round_

    with write_transaction(invited.house.engine) as connection:
        connection.execute(round_.update().values(name=name))
    page = Reader(invited.app, "en").get("/results/2026-host", 404)
    assert said in page.words()
    assert (said in [each.text for each in page.all("span") if each.get("lang") == "sv"]) == (name[0] == "E")


@pytest.mark.parametrize("step", ["start", "q1", "q8", "q9"])
def test_an_unread_translation_says_so_on_every_step(invited: Answering, step: str) -> None:
    """The mark stands outside the steps, of which one at a time is shown."""
    page = Reader(invited.app).get("/s/froso/en")
    [mark] = [each for each in page.all("p") if each.get("class") == "draft-translation"]
    assert mark.text == "Translation not reviewed"
    [section] = [each for each in page.all("section") if each.get("id") == step]
    assert mark not in list(section.iter())
