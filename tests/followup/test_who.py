"""Who has answered: of those who were asked, beside who lives there, and with a code of one's own or without."""

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from flask import Flask

from survey.domain.questions.questionnaire import QUESTIONS, read_versions
from survey.domain.records.population import AGES
from survey.sealing.rounds.counting import Counts
from survey.store.database.engine import write_transaction
from survey.store.published import editions as kept
from tests.followup.editions import ROUNDS, drawn, opening, places, round_of
from tests.followup.looking import rows, said, section, table_of
from tests.followup.staffed import StaffBrowser, add_round, furnish_instance
from tests.followup.test_plan_files import look, passed_on, take
from tests.told_rounds import ROOT, Opening, Rounds

Enter = Callable[[str], StaffBrowser]
PAGE = "/staff/followup/2/jh/who"
IMPORT = "/staff/followup/targets/import/population"
OPEN = {"brunflo": 60, "froso": 60, "hallen": 60, "myrviken": 60}
HANDED_OUT = {("jh", "patient"): 900, ("jh", "provider"): 200, ("brunflo", "provider"): 20, ("are", "patient"): 300}
HEADS = {"brunflo": 25, "hallen": 10, "jarpen": 15, "are-hemsjukvard": None}
POPULATION = "kön;ålder;antal\n" + "\n".join(
    f"{gender};{age};{n}"
    for gender in ("kvinnor", "män")
    for n, age in zip((900, 900, 400, 400, 200, 200), AGES, strict=True)
)
AGED = {"woman:50-64": 120, "woman:65-79": 200, "man:65-79": 120, "man:other": 60, "other": 40}


def told(number: int) -> Opening:
    """A round in which some came without a code, and said yes to one question far more often."""
    chance, made = Random(number), opening(number)
    opened = dict(made.opened)
    for place, n in OPEN.items():
        opened[place, "patient", "open"] = lifted(drawn(number, "patient", n, chance), "overblick", n)
    groups = {("gender_age", group): drawn(number, "patient", n, chance) for group, n in AGED.items()}
    return Opening(opened, groups)


def lifted(counts: Counts, question: str, n: int) -> Counts:
    """The same answers, with nearly all yes to one question."""
    kept = Counter({key: value for key, value in counts.items() if key[0] != question})
    return kept + Counter({(question, "yes"): n - 2, (question, "no"): 2})


def bodies() -> list[dict[str, Any]]:
    """Two rounds, with codes handed out and how many work at some units."""
    made = Rounds(
        places(), read_versions(ROOT / "survey" / "questionnaires"), wordings=lambda _v, r: dict.fromkeys(QUESTIONS, r)
    )
    for number in (1, 2):
        body = made.publish(round_of(number), told(number))
        for row in body["respondents"]:
            row["handed_out"] = HANDED_OUT.get((row["place"], row["role"]))
        for place in body["places"]:
            place["headcount"] = HEADS.get(place["key"])
    return made.bodies


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The two rounds, published."""
    from survey.publication.edition import canonical

    app = furnish_instance(tmp_path_factory.mktemp("who"), 0)
    with write_transaction(app.extensions["services"].engine) as connection:
        for number, body in enumerate(bodies(), start=1):
            add_round(connection, number, "published")
            kept.add(connection, ROUNDS[number - 1][0], *canonical(body), ROUNDS[number - 1][3])
    return app


def test_rates_are_told_where_they_are_known_and_never_as_zero(as_person: Enter) -> None:
    page = as_person("Freja").get(PAGE)
    by_place = {row[0]: row[1:] for row in table_of(page, "rates")}
    assert len(by_place) == 5
    (came,) = (row for row in table_of(page, "ways") if row[0] == "Med egen kod")
    assert by_place["Region Jämtland Härjedalen"][0] == "900"
    assert by_place["Region Jämtland Härjedalen"][2] == came[3] and by_place["Åre"][2] == "–"
    received = int(by_place["Region Jämtland Härjedalen"][4])
    assert by_place["Region Jämtland Härjedalen"][3:6] == ["200", str(received), f"{round(received / 2)} %"]
    assert by_place["Berg"][3] == "–" and by_place["Berg"][5:] == ["–", "–", "–"]
    assert "0" not in {cell for row in by_place.values() for cell in row}
    assert "utan egen kod" in said(section(page, "rates"))
    unit = {row[0]: row[1:] for row in table_of(as_person("Freja").get("/staff/followup/2/brunflo/who"), "rates")}
    n = int(unit["Brunflo hälsocentral"][4])
    assert unit["Brunflo hälsocentral"][3:] == ["20", str(n), part(n / 20), "25", part(n / 25)]


def part(rate: float) -> str:
    """As it is printed: answers are rounded to five, so that they may be more than all."""
    return "nästan alla" if rate >= 0.995 else f"{round(100 * rate)} %"


def test_silent_units_stand_by_name_for_who_may_read_them(as_person: Enter) -> None:
    silent = said(section(as_person("Freja").get(PAGE), "silent"))
    assert "Färre än 5 svar från medarbetare: Bergs hemsjukvård" in silent
    assert "Brunflo" not in silent
    as_person("Brita").get("/staff/followup/2/are/who", 403)
    assert "Bergs hemsjukvård" not in as_person("Brita").get(PAGE).words("main")


def test_answers_stand_beside_the_population_and_the_share_as_it_would_have_been(as_person: Enter) -> None:
    freja = as_person("Freja")
    assert "Befolkningen är inte inläst än" in freja.get(PAGE).words("main")
    assert "Läs in befolkningen" not in as_person("Brita").get(PAGE).words("main")
    looked = look(freja, POPULATION, address=IMPORT)
    assert "Läggs till: 12" in looked.words("main") and "Kvinnor, 18–34 år" in looked.words("main")
    assert "Befolkningen är inte inläst än" in freja.get(PAGE).words("main"), "looked at, and not kept"
    freja.post(f"{IMPORT}/keep", passed_on(looked))
    page = freja.get(PAGE)
    groups = {row[0]: row[1:] for row in table_of(page, "people")}
    assert groups["Kvinnor, 65–79 år"] == ["200", "40 %", "200", "6 %", "7,2"]
    assert groups["Män, annan eller okänd ålder"][2] == "2 800"
    assert groups["Kvinnor, 18–34 år"] == ["–", "–", "900", "–", "–"]
    assert groups["Övriga"] == ["40", "–", "–", "–", "–"]
    assert "Flest i förhållande till hur många de är: Kvinnor, 65–79 år, 40 % av svaren" in said(
        section(page, "people")
    )
    questions = table_of(page, "as-people")
    assert len(questions) == 1 + len(QUESTIONS) and all("–" in row[2] and "%" in row[2] for row in questions[1:])
    assert "upp till" in said(section(page, "as-people"))


def test_a_newer_population_is_told_at_once(as_person: Enter) -> None:
    freja = as_person("Freja")
    freja.get(PAGE)
    take(freja, POPULATION.replace("män;65-79;200", "män;65-79;2 000"), IMPORT)
    assert "2 000" in {row[3] for row in table_of(freja.get(PAGE), "people")}
    assert "Rad 3: könet" in look(freja, POPULATION.replace("kvinnor;18-34", "flickor;18-34"), 422, IMPORT).words(
        "main"
    )


def test_a_change_is_told_apart_from_others_having_answered(as_person: Enter) -> None:
    page = as_person("Freja").get(PAGE)
    told_rows = table_of(page, "mix")[1:]
    assert [row[0] for row in told_rows] and {row[1] for row in told_rows} == {"våren 2022"}
    assert all(row[5] in READ for row in told_rows)


READ = {"Kvar vid samma kön och ålder.", "Mest att andra har svarat.", "Går inte att skilja från noll."}


def test_the_open_link_stands_beside_the_code(as_person: Enter) -> None:
    page = as_person("Freja").get(PAGE)
    ways = section(page, "ways")
    tables = [rows(table) for table in ways.iter("table")]
    came = {row[0]: row[1:] for row in tables[0][1:]}
    assert came["Utan kod"] == ["240", "delas inte ut", "–"]
    n = int(came["Med egen kod"][0])
    assert came["Med egen kod"][1:] == ["900", f"{round(100 * n / 900)} %"]
    assert "De som svarade utan kod svarar ja oftare än de som hade kod: Överblick." in said(ways)
    now = {row[0]: row[1:] for row in tables[1][1:]}
    assert len(now) == len(QUESTIONS) and now["Överblick"][2].startswith("+")
    assert len(tables[2]) == 1 + 2 * len(QUESTIONS) and tables[2][0][2:] == ["Våren 2022", "Hösten 2022"]


def test_a_place_under_the_region_tells_how_many_alone(as_person: Enter) -> None:
    page = as_person("Freja").get("/staff/followup/2/ostersund/who")
    assert [each.get("id") for each in page.all("h2")] == ["rates"]
