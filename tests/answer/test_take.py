"""The answers are posted: taken and thanked for, or given back with every answer kept."""

from datetime import date

import pytest

from survey.answer.open_rounds import OpenRoundCache
from survey.domain.rounds.access_codes import grouped
from tests.answering import ANSWERS, Answering, counted
from tests.reader import Page, Reader

THANKS = "/s/froso/sv/thanks"


def posted(page: Page, **changed: str) -> dict[str, str]:
    """The fields of a fetched sheet, with these answers put in."""
    return {**page.fields(), **changed}


def test_answers_with_a_code_are_taken_and_thanked_for(invited: Answering, reader: Reader) -> None:
    (code,) = invited.codes()
    reply = reader.post("/s/froso/sv", posted(reader.get("/s/froso"), code=code, **ANSWERS))
    assert reply.response.location == THANKS
    assert counted(invited, "invited") == (1, 0)
    words = reader.get(THANKS).words()
    assert "Tack Svaren är låsta." in words
    # The same for a fresh code as for a used one.
    assert "hade någon redan använt den gäller de svar som kom först" in words
    assert "15 oktober 2026" in words
    assert "localhost/results/2026-host" in words


@pytest.mark.parametrize("forgiven", [grouped, str.lower, lambda code: f" #{code}", lambda code: f"%23{code}"])
def test_a_typed_code_is_forgiven_its_spelling(invited: Answering, reader: Reader, forgiven) -> None:  # type: ignore[no-untyped-def]
    (code,) = invited.codes()
    typed = forgiven(code).replace("0", "O").replace("1", "l")
    reader.post("/s/froso", posted(reader.get("/s/froso"), code=typed, nasta_steg="no"))
    assert counted(invited, "invited") == (1, 0)


def test_a_fresh_and_a_spent_code_get_the_same_bytes(invited: Answering, reader: Reader) -> None:
    (code,) = invited.codes()
    sent = posted(reader.get("/s/froso"), code=code, **ANSWERS)
    fresh, spent = reader.post("/s/froso", sent), reader.post("/s/froso", sent)
    assert (fresh.body, list(fresh.response.headers)) == (spent.body, list(spent.response.headers))
    assert counted(invited, "invited") == (1, 1)


def test_a_thousand_fetches_spend_nothing(invited: Answering, reader: Reader) -> None:
    (code,) = invited.codes()
    scanner = invited.app.test_client()
    for number in range(1000):
        assert scanner.get(("/s/froso", f"/s/froso?{code}", f"/s/froso/sv?code={code}")[number % 3]).status_code == 200
    reader.post("/s/froso", posted(reader.get("/s/froso"), code=code, **ANSWERS))
    assert counted(invited, "invited") == (1, 0)


def test_staff_answer_their_own_sheet(invited: Answering, reader: Reader) -> None:
    (code,) = invited.codes(role="provider")
    reply = reader.post("/p/froso/sv", posted(reader.get("/p/froso"), code=code, **ANSWERS))
    assert reply.response.location == "/p/froso/sv/thanks"
    assert counted(invited, "invited", "provider") == (1, 0)
    reader.get("/p/froso/sv/thanks")


def test_staff_need_a_code_where_residents_need_none(opened: Answering, passer_by: Reader) -> None:
    page = passer_by.get("/p/froso")
    assert "Skriv koden som står på lappen" in page.words()
    assert "Koden saknas" in passer_by.post("/p/froso", posted(page, **ANSWERS), 422).words()
    assert counted(opened, "open", "provider") == (0, 0)


def test_a_residents_code_is_no_staff_code(invited: Answering, reader: Reader) -> None:
    (code,) = invited.codes()
    reader.post("/p/froso", posted(reader.get("/p/froso"), code=code, **ANSWERS), 422)
    assert counted(invited, "invited", "provider") == (0, 0)


def test_an_open_round_takes_answers_without_a_code_once_per_page(opened: Answering, passer_by: Reader) -> None:
    sent = posted(passer_by.get("/s/froso"), overblick="partly")
    passer_by.post("/s/froso", sent)
    passer_by.post("/s/froso", sent)
    assert counted(opened, "open") == (1, 1)
    passer_by.post("/s/froso", posted(passer_by.get("/s/froso"), overblick="partly"))
    assert counted(opened, "open") == (2, 1)


def test_a_code_counts_as_invited_also_where_none_is_needed(opened: Answering, passer_by: Reader) -> None:
    (code,) = opened.codes()
    passer_by.post("/s/froso", posted(passer_by.get("/s/froso"), code=code, **ANSWERS))
    assert (counted(opened, "invited"), counted(opened, "open")) == ((1, 0), (0, 0))


@pytest.mark.parametrize("typed", ["ABCD", "åäö", "0000 0000 0000 0001", "<script>", "x" * 3000])
def test_an_unknown_code_keeps_every_answer_and_what_was_typed(reader: Reader, typed: str) -> None:
    sent = posted(reader.get("/s/froso"), code=typed, age="65-79", gender="woman", **ANSWERS)
    page = reader.post("/s/froso", sent, 422)
    assert "Vi känner inte igen koden. Dina svar är kvar. Titta på lappen igen." in page.words()
    assert "svara utan kod" not in page.words()
    assert page.chosen() == {**ANSWERS, "gender": "woman"}
    assert page.fields()["age"] == "65-79"
    assert page.fields()["code"] == typed[:64]
    assert page.fields()["form_id"] == sent["form_id"]


def test_where_no_code_is_needed_one_may_go_on_without(opened: Answering, passer_by: Reader) -> None:
    sent = posted(passer_by.get("/s/froso"), code="ABCD", **ANSWERS)
    page = passer_by.post("/s/froso", sent, 422)
    assert "Titta på lappen igen, eller svara utan kod." in page.words()
    passer_by.post("/s/froso", posted(page, code=""))
    assert counted(opened, "open") == (1, 0)


def test_without_a_code_where_one_is_needed(reader: Reader) -> None:
    page = reader.post("/s/froso", posted(reader.get("/s/froso"), **ANSWERS), 422)
    assert "Koden saknas. Dina svar är kvar." in page.words()
    assert page.chosen() == ANSWERS


def test_a_code_of_another_unit_is_unknown_here(invited: Answering, reader: Reader) -> None:
    (code,) = invited.codes(unit="stugun")
    reader.post("/s/froso", posted(reader.get("/s/froso"), code=code, **ANSWERS), 422)
    assert counted(invited, "invited") == (0, 0)


def test_all_questions_skipped_spends_no_code(invited: Answering, reader: Reader) -> None:
    (code,) = invited.codes()
    page = reader.post("/s/froso", posted(reader.get("/s/froso"), code=code, gender="man"), 422)
    assert "Du har inte svarat på någon fråga. Inget är sparat." in page.words()
    reader.post("/s/froso", posted(page, kontaktvagar="no"))
    assert counted(invited, "invited") == (1, 0)


@pytest.mark.parametrize(
    ("name", "value"),
    [("trygghet", "maybe"), ("fast_vardkontakt", "partly"), ("age", "200"), ("language_used", "tlh")],
)
def test_a_value_that_was_never_offered_is_dropped_and_the_others_are_kept(
    invited: Answering, reader: Reader, name: str, value: str
) -> None:
    (code,) = invited.codes()
    sent = posted(reader.get("/s/froso"), code=code, **{**ANSWERS, name: value})
    page = reader.post("/s/froso", sent, 422)
    assert "Ett av svaren kom inte fram rätt." in page.words()
    assert page.chosen() == {key: kept for key, kept in ANSWERS.items() if key != name}
    assert counted(invited, "invited") == (0, 0)


def test_a_form_id_that_is_none_of_ours_is_given_anew(opened: Answering, passer_by: Reader) -> None:
    sent = posted(passer_by.get("/s/stugun"), **ANSWERS)
    page = passer_by.post("/s/froso", sent, 422)
    assert "dina svar är kvar. Skicka dem igen." in page.words()
    assert page.fields()["form_id"] != sent["form_id"]
    passer_by.post("/s/froso", posted(page))
    assert counted(opened, "open") == (1, 0)


def test_a_language_button_gives_the_form_back_with_answers_and_place(invited: Answering, reader: Reader) -> None:
    (code,) = invited.codes()
    sent = posted(reader.get("/s/froso"), code=code, at="4", age="80+", trygghet="partly", nasta_tid="not_needed")
    arabic = reader.post("/s/froso", {**sent, "lang": "ar"}, 200)
    assert arabic.tree.get("dir") == "rtl"
    assert arabic.fields() == sent
    assert arabic.all("form")[0].get("action") == "/s/froso/ar"
    swedish = reader.post("/s/froso/ar", {**posted(arabic), "lang": "sv"}, 200)
    assert swedish.fields() == sent
    assert counted(invited, "invited") == (0, 0)
    assert reader.post("/s/froso/ar", posted(arabic)).response.location == "/s/froso/ar/thanks"
    assert counted(invited, "invited") == (1, 0)


def test_the_way_to_the_first_question_without_an_answer(reader: Reader) -> None:
    sent = posted(reader.get("/s/froso"), trygghet="yes", kontaktvagar="no", lang="sv")
    assert 'href="#q2"' in reader.post("/s/froso", sent, 200).text


def test_an_unknown_unit_is_told_how_to_find_it(reader: Reader) -> None:
    for page in (reader.get("/s/nowhere", 404), reader.post("/s/nowhere", ANSWERS, 404)):
        assert "Vi hittar inte den enheten" in page.words()
        assert "find" in page.fields()


def test_a_closed_round_says_so_and_takes_nothing(invited: Answering, reader: Reader) -> None:
    from dataclasses import replace

    (code,) = invited.codes()
    sent = posted(reader.get("/s/froso"), code=code, **ANSWERS)
    house = invited.house
    invited.app.extensions["services"] = replace(house, today=lambda: date(2026, 10, 17))
    assert "tar inte emot svar just nu" in reader.get("/s/froso", 410).words()
    page = reader.post("/s/froso", sent, 410)
    assert "Dina svar togs inte emot, och inget är sparat." in page.words()
    assert page.fields()["trygghet"] == "yes"
    assert "Tack" in reader.get(THANKS).words()
    invited.app.extensions["services"] = replace(house, today=lambda: date(2026, 10, 16))
    reader.post("/s/froso", sent)
    assert counted(invited, "invited") == (1, 0)


def test_a_round_that_closes_between_page_and_post_is_refused_by_the_database(
    invited: Answering, reader: Reader
) -> None:
    from survey.store.core import rounds
    from survey.store.database.engine import write_transaction

    (code,) = invited.codes()
    sent = posted(reader.get("/s/froso"), code=code, **ANSWERS)
    with write_transaction(invited.house.engine) as connection:
        rounds.set_state(connection, "2026-host", "closing")
    reader.post("/s/froso", sent, 410)
    assert counted(invited, "invited") == (0, 0)


def test_an_open_round_is_remembered_for_two_seconds_and_a_place_for_ten(invited: Answering) -> None:
    from survey.store.database.engine import write_transaction
    from survey.store.tables import place, round_

    now = [0.0]
    remembered = OpenRoundCache(clock=lambda: now[0])
    with invited.app.app_context():
        found, asked = remembered.of("froso")
        assert found is not None and asked is not None
        with write_transaction(invited.house.engine) as connection:
            connection.execute(place.update().where(place.c.key == "froso").values(name="Frösön"))
        now[0] = 9.9
        assert remembered.of("froso") == (found, asked)
        now[0] = 11.9
        renamed, _ = remembered.of("froso")
        assert renamed is not None and renamed.name == "Frösön"
        with write_transaction(invited.house.engine) as connection:
            connection.execute(round_.update().values(state="closing"))
        now[0] = 13.8
        assert remembered.of("froso") == (renamed, asked)
        now[0] = 13.9
        assert remembered.of("froso") == (renamed, None)


def test_many_fetches_of_many_units_cost_no_query(invited: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    from survey.answer import open_rounds

    now = [0.0]
    remembered, looked, usual = OpenRoundCache(clock=lambda: now[0]), [], open_rounds._look_up
    monkeypatch.setattr(open_rounds, "_look_up", lambda unit, day: (looked.append(unit), usual(unit, day))[1])
    with invited.app.app_context():
        for second in range(60):
            now[0] = float(second)
            assert all(remembered.of(unit)[1] is not None for unit in ("froso", "stugun"))
    assert looked == ["froso", "stugun"]
