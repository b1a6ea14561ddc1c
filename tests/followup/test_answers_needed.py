"""How many answers it takes: on a question's page and before a round, from the formulas and the place's own answers."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

from analysis.measures.planning import answers_needed, codes_needed
from survey.store.database.engine import write_transaction
from survey.store.published import editions
from tests.followup.editions import QUESTIONS, body, frozen
from tests.followup.looking import cell_of, gap_of, table_of
from tests.followup.staffed import StaffBrowser, add_round, furnish_instance

Enter = Callable[[str], StaffBrowser]
UNIT = "brunflo"


def number(words: str) -> int:
    return int(re.sub(r"\s", "", words))


def test_a_unit_s_question_says_what_its_answers_can_tell_and_what_it_takes(as_person: Enter) -> None:
    page = as_person("Freja").get(f"/staff/followup/5/{UNIT}/overblick")
    least = -int(-gap_of(UNIT, "overblick")["detectable"] // 1)
    told = f"en skillnad på minst {least} procentenheter, i fyra fall av fem"
    assert page.words("main").count(told) == 1, "it stands once, beside the gap or beside what it takes"
    noise = {role: cell_of(body(5), UNIT, role, "overblick")["noise"] for role in ("patient", "provider")}
    for row, points in zip(table_of(page, "needed")[1:], (10, 15, 20), strict=True):
        needed = answers_needed(points / 100, noise_1=noise["provider"], noise_2=noise["patient"])
        assert needed is not None and row[0] == f"{points} procentenheter"
        assert 0 <= number(row[1]) - needed < 5
    assert [row[2] for row in table_of(page, "needed")[1:]] == ["går inte"] * 3  # fifty patients are too few


def test_over_several_units_it_takes_more_than_in_one(as_person: Enter) -> None:
    rows = table_of(as_person("Freja").get("/staff/followup/5/jh/overblick"), "needed")[1:]
    plain = [answers_needed(points / 100) for points in (10, 15, 20)]
    assert all(number(row[1]) > needed for row, needed in zip(rows, plain, strict=True) if needed)
    assert [number(row[1]) for row in rows] == sorted((number(row[1]) for row in rows), reverse=True)


def test_before_a_round_the_codes_follow_from_the_answers(as_person: Enter) -> None:
    freja = as_person("Freja")
    plan = table_of(freja.get(f"/staff/followup/5/{UNIT}/planner"), "plan")[1:]
    for row in plan:
        for codes, rate in zip(row[2:], (0.2, 0.4, 0.6, 0.8), strict=True):
            assert 0 <= number(codes) - codes_needed(number(row[1]), rate) < 5
    needed = [table_of(freja.get(f"/staff/followup/5/{UNIT}/{question}"), "needed")[1][1] for question in QUESTIONS]
    assert number(plan[0][1]) == max(map(number, needed))  # enough for each of the seven


def test_how_many_answered_the_last_time_is_said_where_codes_were_counted(tmp_path: Path) -> None:
    app, edition = furnish_instance(tmp_path, 0), body(1)
    for row in edition["respondents"]:
        row["handed_out"] = 200 if row["place"] == "jh" and row["role"] == "provider" else None
    (n,) = (
        row["n"]
        for row in edition["collection_modes"]
        if (row["role"], row["collection_mode"]) == ("provider", "invited")
    )
    with write_transaction(app.extensions["services"].engine) as connection:
        add_round(connection, 1, "published")
        editions.add(connection, "v22", *frozen(edition), date(2022, 4, 15))
    browser = StaffBrowser(app)
    browser.sign_in("Freja")
    words = browser.get("/staff/followup/1/jh/planner").words("main")
    assert f"I hela regionen besvarades {round(n / 2)} % av koderna till medarbetare våren 2022." in words
    assert "koderna till invånare" not in words
