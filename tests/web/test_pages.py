"""The pages for all: what is promised and what not, what the law asks, how to help somebody, in plain words."""

import re
from pathlib import Path

import pytest

from survey.config import ROOT
from survey.domain.questions.questionnaire import DEFAULT_VERSION, read_versions
from survey.store.database.engine import write_transaction
from survey.store.published import region_texts
from tests.answering import Answering, make_answering
from tests.reader import Reader

LONGEST = 32
ASKED = {each.text for each in read_versions(ROOT / "survey" / "questionnaires")[DEFAULT_VERSION].questions["patient"]}
PRIVACY = (
    "minst nio andras",
    "minst fyra andras",
    "komma från en enda enhet, förstörs de olästa",
    "Den som vet vad alla dina arbetskamrater svarade kan gissa lite bättre än utan siffrorna.",
    "väntrum kan andra se att du svarar",
    # Article 13 of the GDPR: who, whom to ask, on what ground, who else, how long, what one may, where to complain.
    "Region Jämtland Härjedalen är personuppgiftsansvarig",
    "dataskyddsombud",
    "6.1 e och 9.2 h",
    "den som förmedlar regionens mejl och sms",
    "senast när enkäten stänger",
    "Du har rätt att få veta",
    "Integritetsskyddsmyndigheten, IMY, som har tillsyn. imy.se",
)
# The eleven things that Digg asks of a statement.
ACCESSIBILITY = {
    "who stands behind it": "Region Jämtland Härjedalen står bakom enkäten De 7 frågorna",
    "what it is about": "Det gäller sidorna för dig som svarar eller läser resultat.",
    "how far it follows the law": "Enkäten är delvis förenlig med lagen.",
    "by which standard": "EN 301 549",
    "what falls short, and why": "Skäl:",
    "what is too burdensome or outside the law": "Filmerna från 2019 omfattas inte av lagen.",
    "another way": "be din hälsocentral om enkäten på papper",
    "whom to tell of a fault": "Berätta för Region Jämtland Härjedalen vad som hindrar dig",
    "how it was tried": "har själv prövat den",
    "when it was assessed and written": "Bedömningen gjordes och texten uppdaterades senast 29 november 2026.",
    "who supervises": "Myndigheten för digital förvaltning, Digg, har tillsyn",
}
HELPING = (
    "utan att se svaren och utan att påverka dem",
    "precis som de står",
    "Titta bort när personen väljer.",
    "hoppa över frågor",
    "Låt helst någon annan hjälpa",
    "Det är du som bestämmer svaren.",
)


@pytest.fixture
def made(tmp_path: Path) -> Answering:
    return make_answering(tmp_path / "instance")


@pytest.mark.parametrize(
    ("address", "wanted"),
    [("/privacy/sv", PRIVACY), ("/helping/sv", HELPING)],
)
def test_a_page_holds_what_the_law_and_the_promise_ask(made: Answering, address: str, wanted: tuple[str, ...]) -> None:
    words = Reader(made.app).get(address).words()
    assert [each for each in wanted if each not in words] == []


def test_the_accessibility_page_has_the_eleven_things_that_are_asked(made: Answering) -> None:
    exceptions = "what is too burdensome or outside the law"
    words = Reader(made.app).get("/accessibility/sv").words()
    assert [each for each, said in ACCESSIBILITY.items() if said not in words] == [exceptions]
    with write_transaction(made.house.engine) as connection:
        region_texts.save(connection, "accessibility_exceptions", ACCESSIBILITY[exceptions])
    made.app.extensions["region_texts"]._until = 0.0
    assert ACCESSIBILITY[exceptions] in Reader(made.app).get("/accessibility/sv").words()


def test_the_regions_own_words_stand_where_it_has_written_them(made: Answering) -> None:
    with write_transaction(made.house.engine) as connection:
        for key in ("controller", "dpo", "accessibility"):
            region_texts.save(connection, key, f"{key}@region.example")
    made.app.extensions["region_texts"]._until = 0.0
    privacy, accessibility = (Reader(made.app).get(f"/{page}/sv").words() for page in ("privacy", "accessibility"))
    assert "Personuppgiftsansvarig: controller@region.example Dataskyddsombud: dpo@region.example" in privacy
    assert "regionens växel" not in privacy
    assert "hindrar dig: accessibility@region.example" in accessibility


@pytest.mark.parametrize(
    "address", ["/", "/privacy/sv", "/accessibility/sv", "/helping/sv", "/conversation/sv", "/s/froso/sv/thanks"]
)
def test_no_sentence_is_long(made: Answering, address: str) -> None:
    page = Reader(made.app).get(address)
    told = ["".join(each.itertext()) for tag in ("p", "li", "h1", "h2") for each in page.all(tag)]
    sentences = [sentence for text in told for sentence in re.split(r"(?<=[.?:])\s", text)]
    # SKR's questions are as SKR wrote them.
    assert [each for each in sentences if len(each.split()) > LONGEST and each not in ASKED] == []


def test_the_promise_of_small_groups_is_what_every_round_holds(tmp_path: Path) -> None:
    # A round that was opened before the number was raised is counted by the number of then.
    made = make_answering(tmp_path / "raised", config="smallest_group = 50")
    assert "grupper med färre än trettio visas inte för sig" in Reader(made.app).get("/privacy/sv").words()
