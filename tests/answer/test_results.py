"""The public page of a published round."""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from survey.app import create_app
from survey.domain.questions.questionnaire import QUESTIONS
from survey.store.core import rounds
from survey.store.database.engine import write_transaction
from survey.store.published import editions, resident_messages
from tests.answering import PLACES, ROUND, Answering, make_answering
from tests.reader import Reader

SHOWN = {"status": "shown", "n": 340, "share": 56, "low": 51, "high": 61}
INTERVAL = {"status": "interval", "n": 25, "share": None, "low": 34.6, "high": 98.0}
UNSURE = {"status": "unsure", "n": 15, "share": None, "low": None, "high": None}
HIDDEN = {"status": "hidden"}


def a_body(number: int, share: int = 56) -> dict[str, Any]:
    """An edition: one question shown, one as an interval alone, one hidden, and a cell of a unit."""
    region = PLACES[0].key
    cells = [
        {"place": region, "role": "patient", "question": "trygghet", **SHOWN, "share": share},
        {"place": region, "role": "provider", "question": "trygghet", **INTERVAL},
        {"place": region, "role": "patient", "question": "overblick", **HIDDEN},
        {"place": "froso", "role": "patient", "question": "overblick", **SHOWN, "share": 77},
    ]
    return {
        "number": number,
        "round": {"key": ROUND, "name": "Hösten 2026", "opens": "2026-09-01", "closes": "2026-10-15"},
        "versions": {"patient": "underlag-2021", "provider": "metodstod-2019"},
        "places": [{"key": place.key, "name": place.name, "level": place.level} for place in PLACES],
        "cells": cells,
    }


def publish(invited: Answering, body: dict[str, Any]) -> None:
    text = json.dumps(body)
    with write_transaction(invited.house.engine) as connection:
        editions.add(connection, ROUND, text, hashlib.sha256(text.encode()).hexdigest(), date(2026, 11, 1))


def test_before_it_is_published_the_page_says_when_to_come_back(reader: Reader) -> None:
    words = reader.get("/results/2026-host", 404).words()
    assert "Resultaten för hösten 2026 är inte klara. Enkäten stänger 15 oktober 2026." in words


def test_a_closed_round_that_is_not_published_is_not_said_to_be_open(invited: Answering) -> None:
    late = Reader(create_app("resident", invited.instance, lambda: date(2026, 10, 17)))
    assert "Enkäten har stängt. Resultaten visas här" in late.get("/results/2026-host", 404).words()


def test_a_cancelled_round_has_no_results_to_wait_for(invited: Answering, reader: Reader) -> None:
    with write_transaction(invited.house.engine) as connection:
        rounds.set_state(connection, ROUND, "cancelling")
    words = reader.get("/results/2026-host", 404).words()
    assert "Enkäten för hösten 2026 avbröts. Svaren som hade kommit in förstördes olästa." in words
    assert "stänger" not in words


def test_the_regions_figures_for_each_question_and_role(invited: Answering, reader: Reader) -> None:
    publish(invited, a_body(1))
    words = reader.get("/results/2026-host").words()
    assert "Resultat, hösten 2026" in words
    assert "56 % Felmarginal 51–61 %. Antal svar: ungefär 340" in words
    assert "mellan 35 % och 98 %" in words
    assert words.count("för få svar") == 2 * len(QUESTIONS) - 2
    assert "77" not in words


def test_both_roles_wordings_stand_as_they_were_asked(invited: Answering, reader: Reader) -> None:
    publish(invited, a_body(1))
    words = reader.get("/results/2026-host").words()
    versions = invited.house.versions
    for question in QUESTIONS:
        assert versions["underlag-2021"].question("patient", question).text in words
        assert versions["metodstod-2019"].question("provider", question).text in words


def test_the_newest_edition_counts(invited: Answering, reader: Reader) -> None:
    publish(invited, a_body(1))
    publish(invited, a_body(2, share=58))
    words = reader.get("/results/2026-host").words()
    assert "58 %" in words
    assert "56 %" not in words


def test_a_demos_figures_are_called_invented(tmp_path: Path) -> None:
    made = make_answering(tmp_path / "trial", demo=True)
    publish(made, a_body(1))
    assert "Påhittade svar" in Reader(made.app).get("/results/2026-host").words()


def test_figures_in_earnest_are_not(invited: Answering, reader: Reader) -> None:
    publish(invited, a_body(1))
    assert "Påhittade" not in reader.get("/results/2026-host").words()


@pytest.mark.parametrize(("language", "figure"), [("en", "56%"), ("ar", "56%"), ("sv", "56 %")])
def test_figures_as_each_language_writes_them(invited: Answering, language: str, figure: str) -> None:
    publish(invited, a_body(1))
    page = Reader(invited.app).get(f"/results/2026-host/{language}")
    assert page.tree.get("lang") == language
    assert figure in page.words().replace("\u200e", "").replace("\u061c", "").replace("\u00a0", " ")


def test_the_closed_page_leads_to_the_latest_results(invited: Answering, reader: Reader) -> None:
    from dataclasses import replace

    publish(invited, a_body(1))
    invited.app.extensions["services"] = replace(invited.house, today=lambda: date(2027, 1, 1))
    assert 'href="/results/2026-host/sv"' in reader.get("/s/froso", 410).text


def tell(invited: Answering, place: str, text: str) -> None:
    with write_transaction(invited.house.engine) as connection:
        resident_messages.save(connection, place, ROUND, text)


def test_before_anything_is_decided_the_page_says_so(invited: Answering, reader: Reader) -> None:
    publish(invited, a_body(1))
    words = reader.get("/results/2026-host").words()
    assert "Här står vad regionen gör med svaren, när det är bestämt." in words
    assert "Det här förbättrar enheterna" not in words


@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_what_happens_next_stands_in_its_own_language(language: str, invited: Answering) -> None:
    publish(invited, a_body(1))
    tell(invited, PLACES[0].key, "Vi ringer upp.\n<b>Alla</b> får ett nästa steg.")
    tell(invited, "froso", "Skriver ner nästa steg")
    page = Reader(invited.app).get(f"/results/2026-host/{language}")
    assert "<b>Alla" not in page.text
    for said in ("Vi ringer upp.", "Skriver ner nästa steg"):
        found = next(each for each in (*page.all("p"), *page.all("span")) if said in "".join(each.itertext()))
        assert found.get("lang") == (None if language == "sv" else "sv")
        assert found.get("dir") == (None if language == "sv" else "ltr")


@pytest.mark.parametrize(
    ("language", "said", "note"),
    [("sv", "Vi ringer upp.", ""), ("en", "We call back.", ""), ("ar", "Vi ringer upp.", "باللغة السويدية فقط")],
)
def test_the_region_s_words_in_the_reader_s_language(language: str, said: str, note: str, invited: Answering) -> None:
    publish(invited, a_body(1))
    tell(invited, PLACES[0].key, "Vi ringer upp.")
    with write_transaction(invited.house.engine) as connection:
        resident_messages.save(connection, PLACES[0].key, ROUND, "We call back.", "en")
    page = Reader(invited.app).get(f"/results/2026-host/{language}")
    found = next(each for each in page.all("p") if said in "".join(each.itertext()))
    assert found.get("lang") == ("sv" if note else None)
    assert note in page.words() and ("باللغة السويدية" in page.words()) == bool(note)


def test_words_in_one_language_alone_are_shown_to_its_readers(invited: Answering) -> None:
    publish(invited, a_body(1))
    with write_transaction(invited.house.engine) as connection:
        resident_messages.save(connection, PLACES[0].key, ROUND, "سنتصل بكم.", "ar")
    assert "سنتصل بكم." in Reader(invited.app).get("/results/2026-host/ar").words()
    assert "när det är bestämt" in Reader(invited.app).get("/results/2026-host/sv").words()


@pytest.mark.parametrize(("language", "name"), [("sv", "hösten 2026"), ("en", "autumn 2026"), ("ar", "خريف 2026")])
def test_a_half_year_is_said_in_the_reader_s_language(language: str, name: str, invited: Answering) -> None:
    publish(invited, a_body(1))
    assert name in Reader(invited.app).get(f"/results/2026-host/{language}").words()


def test_what_was_said_most_and_least_is_of_shown_shares_alone(invited: Answering, reader: Reader) -> None:
    body = a_body(1)
    region = PLACES[0].key
    body["cells"] += [
        {"place": region, "role": "patient", "question": "nasta_tid", **SHOWN, "share": 71, "low": 66, "high": 76},
        {"place": region, "role": "patient", "question": "nasta_steg", **SHOWN, "share": 9, "status": "hollow"},
    ]
    publish(invited, body)
    words = reader.get("/results/2026-host").words().replace("\u00a0", " ")
    assert "Högst andel ja: Nästa tid, 71 %" in words
    assert "Lägst andel ja: Trygghet, 56 %" in words
    assert "Det här sa vårdens medarbetare" not in words


def test_nothing_is_called_most_or_least_where_the_intervals_overlap(invited: Answering, reader: Reader) -> None:
    body = a_body(1)
    near = {**SHOWN, "share": 60, "low": 55, "high": 65}
    body["cells"].append({"place": PLACES[0].key, "role": "patient", "question": "nasta_tid", **near})
    publish(invited, body)
    assert "st andel ja:" not in reader.get("/results/2026-host").words()


def test_the_front_page_leads_to_the_latest_results(invited: Answering, reader: Reader) -> None:
    assert "/results/" not in reader.get("/").text
    publish(invited, a_body(1))
    assert 'href="/results/2026-host/sv"' in reader.get("/").text


def test_it_says_what_a_share_is(invited: Answering, reader: Reader) -> None:
    publish(invited, a_body(1))
    words = reader.get("/results/2026-host").words()
    assert "av alla som svarade Ja, Delvis eller Nej" in words
    assert "Delvis räknas alltså med i underlaget, men inte som ja." in words


@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_it_leads_to_a_unit_that_may_be_shown(invited: Answering, language: str) -> None:
    publish(invited, a_body(1))
    tell(invited, "froso", "Skriver ner nästa steg")
    reader = Reader(invited.app, language)
    assert f'href="/results/{ROUND}/units/{language}"' in reader.get(f"/results/{ROUND}/{language}").text
    page = reader.get(f"/results/{ROUND}/units/{language}")
    assert f'href="/results/{ROUND}/unit/froso/{language}"' in page.text and "stugun" not in page.text
    words = reader.get(f"/results/{ROUND}/unit/froso/{language}").words().replace("\u00a0", " ")
    assert "77" in words and "Skriver ner nästa steg" in words


def test_of_a_unit_residents_alone_are_shown(invited: Answering, reader: Reader) -> None:
    body = a_body(1)
    body["cells"].append({"place": "froso", "role": "provider", "question": "overblick", **SHOWN, "share": 88})
    publish(invited, body)
    words = reader.get(f"/results/{ROUND}/unit/froso").words()
    assert "77" in words and "88" not in words and "80" not in words


@pytest.mark.parametrize("unit", ["stugun", "ostersund", "jamtland-harjedalen", "ingen"])
def test_what_may_not_be_shown_has_no_page(invited: Answering, reader: Reader, unit: str) -> None:
    body = a_body(1)
    body["cells"].append({"place": "stugun", "role": "patient", "question": "overblick", **HIDDEN})
    body["cells"].append({"place": "stugun", "role": "provider", "question": "overblick", **SHOWN})
    publish(invited, body)
    reader.get(f"/results/{ROUND}/unit/{unit}", 404)


def test_where_no_unit_may_be_shown_nothing_leads_to_one(invited: Answering, reader: Reader) -> None:
    body = a_body(1)
    body["cells"] = [cell for cell in body["cells"] if cell["place"] != "froso"]
    publish(invited, body)
    assert "/units" not in reader.get(f"/results/{ROUND}").text
    reader.get("/results/ingen/units", 404)


def test_the_closed_page_leads_to_the_unit_s_own(invited: Answering, reader: Reader) -> None:
    from dataclasses import replace

    publish(invited, a_body(1))
    invited.app.extensions["services"] = replace(invited.house, today=lambda: date(2027, 1, 1))
    assert f"/results/{ROUND}/unit/froso/sv" in reader.get("/s/froso", 410).text
    assert "/unit/" not in reader.get("/s/stugun", 410).text
