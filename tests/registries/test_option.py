"""An option of the answer scale is one entry: added in a copy, asked by a version of its own, answered and drawn."""

from collections.abc import Callable

import pytest

from tests.registries.copied import Copy

SCALE = "survey/domain/questions/answer_scale.py"
ENTRY = """    "{code}": AnswerOption(
        counts_as="{counts_as}",
        byte=6,
        word="{word}",
        heading="{label}",
        title="{label}, %%",
        meaning="{label}, i procent.",
        count_title="Antal {word}",
        count_meaning="Antal {word}, med brus.",
        tint=0.7,
    ),
"""
OPTIONS = {
    "mostly": ("not_yes", "till stor del", "Till stor del", '    "partly": AnswerOption('),
    "rather_not": ("non_substantive", "vill inte svara", "Vill inte svara", '    "dont_know": AnswerOption('),
}
RELEASE = """
import sys
from survey.cli import questionnaire
sys.exit(questionnaire.main(["survey/questionnaires/prov.toml"]))
"""
PATH = """
import secrets
from dataclasses import replace
from pathlib import Path
import tests.answering
from analysis.charts import drawing, table_of
from analysis.sentences import distribution
from analysis.localisation import PlainLocalisation
from survey.domain.places.place_tree import Place
from survey.domain.questions.answer_scale import QUESTIONS
from survey.domain.questions.responses import Response
from survey.publication.publish import publish
from survey.sealing.intake.submit import Outcome, Submission, accept
from survey.sealing.rounds.close_round import close_round
from survey.store.database.engine import read_transaction
from survey.store.published import editions
from tests.answering import REGION, ROUND, TODAY
from tests.care_unit.conftest import enter, with_people
from tests.reader import Reader

TOP = "jamtland-harjedalen"
usual = tests.answering.the_round
tests.answering.the_round = lambda open_link: replace(usual(open_link), version_patient="prov", version_provider="prov")
tests.answering.PLACES += (
    Place("are", "Åre", "municipality", TOP), Place("jarpen", "Järpens hälsocentral", "unit", "are", REGION)
)
made = with_people(tests.answering.make_answering(Path("instance"), open_link=True, part="all", demo=True))
house, reader = made.house, Reader(made.app)
page = reader.get("/s/froso")
assert LABEL in page.words()
reader.post("/s/froso", page.fields() | dict.fromkeys(QUESTIONS, CODE), 303)
for unit in ("froso", "stugun", "jarpen"):
    for code in (CODE, "partly", "yes") * 80:
        response = Response("patient", dict.fromkeys(QUESTIONS, code))
        sent = Submission(unit, ROUND, "patient", response, form_id=secrets.token_hex(16))
        assert accept(house.engine, house.volumes, sent) is Outcome.ACCEPTED
close_round(house.engine, house.volumes, ROUND)
publish(house.engine, house.settings, house.versions, ROUND, TODAY)
with read_transaction(house.engine) as connection:
    body = editions.get(connection, 1).content
counts = next(each["counts"] for each in body["cells"]
              if (each["place"], each["role"], each["question"]) == (TOP, "patient", "trygghet"))
assert abs(counts[CODE] - 241) < 60 and abs(counts["partly"] - 240) < 60, counts
table, texts = table_of("distribution", [body], TOP), PlainLocalisation.from_editions([body])
assert WORD in " ".join(distribution.distribution_lines(table, texts))
drawn = drawing("distribution", table, texts).decode()
assert (f"{CODE}-patient-trygghet" if COUNTS_AS == "not_yes" else WORD) in drawn
siv = enter(made, "Siv")
assert LABEL in siv.get(f"/staff/followup/1/{TOP}/trygghet").words()
assert f"{CODE}_count" in siv.client.get(f"/staff/followup/1/{TOP}/figures.csv").get_data(as_text=True)
print("all the way")
"""


def ask_it(made: Copy, code: str, label: str) -> None:
    """Release a version of the questionnaire that offers the option with every question."""
    text = (made.folder / "survey/questionnaires/underlag-2021.toml").read_text(encoding="utf-8")
    text = text.replace('key = "underlag-2021"', 'key = "prov"').replace("[labels]", f'[labels]\n{code} = "{label}"')
    beside, both = (
        ('"yes", ', f'"yes", "{code}", ') if code == "mostly" else ('"dont_know"]', f'"{code}", "dont_know"]')
    )
    made.add("survey/questionnaires/prov.toml", text.replace(beside, both))
    released = made.folder / "survey/questionnaires/released.toml"
    released.write_text(released.read_text(encoding="utf-8") + made.run(RELEASE), encoding="utf-8")


@pytest.mark.parametrize("code", OPTIONS)
def test_an_option_is_an_entry_of_the_scale(copy: Callable[[], Copy], code: str) -> None:
    made = copy()
    counts_as, word, label, before = OPTIONS[code]
    made.put_in(SCALE, before, ENTRY.format(code=code, counts_as=counts_as, word=word, label=label))
    assert list(made.touched()) == [SCALE]
    ask_it(made, code, label)
    named = f"CODE, COUNTS_AS, WORD, LABEL = {code!r}, {counts_as!r}, {word!r}, {label!r}\n"
    assert made.run(named + PATH).splitlines()[-1] == "all the way"
    made.contracts()
