"""What is asked: two versions word for word, and their answers."""

from pathlib import Path

import pytest

from survey.domain.questions.questionnaire import QUESTIONS, ROLES, read_versions, short_name, wording

FOLDER = Path(__file__).resolve().parent.parent.parent / "survey" / "questionnaires"


UNDERLAG_2021 = {
    "patient": {
        "trygghet": "Känner du att du kan ha fokus på att leva ditt liv och litar du på att du "
        "lätt får hjälp "
        "från vården när du behöver det?",
        "overenskommelse": "Har du en överenskommelse med vården som utgår från vad som är "
        "viktigt för dig, där "
        "du vet vad du gör för att må bra och vad du gör om du blir sjuk och vad vården gör?",
        "kontaktvagar": "Har du enkla sätt att ta kontakt med vården?",
        "fast_vardkontakt": "Har du en fast vårdkontakt? (vid behov)",
        "nasta_steg": "Vet du ditt nästa steg?",
        "nasta_tid": "Har du och vården kommit överens om din nästa tid tillsammans?",
        "overblick": "Har du en överblick av dina olika planer i vården och hjälp med samordning vid behov?",
    },
    "provider": {
        "trygghet": "Vet ni om era patienter känner att de kan ha fokus på att leva sitt liv och "
        "litar på att de "
        "lätt får hjälp från er när de behöver det?",
        "overenskommelse": "Har ni en överenskommelse med patienterna som utgår från vad som är "
        "viktigt för dem, "
        "där de vet vad de ska göra för att må bra och vad de ska göra om de blir sjuka och vad "
        "ni i vården ska "
        "göra?",
        "kontaktvagar": "Har patienterna enkla sätt att ta kontakt med er?",
        "fast_vardkontakt": "Erbjuder ni patienterna en fast vårdkontakt? (vid behov)",
        "nasta_steg": "Vet patienterna alltid sitt nästa steg?",
        "nasta_tid": "Har ni och patienten tillsammans kommit överens om tiden för nästa kontakt?",
        "overblick": "Har era patienter en överblick av sina olika planer i vården och får hjälp "
        "med samordning "
        "vid behov?",
    },
}


METODSTOD_2019 = {
    "patient": UNDERLAG_2021["patient"]
    | {
        "trygghet": "Känner du att du kan ha fokus på att leva livet och litar på att du lätt får hjälp från "
        "vården när du behöver det?",
        "overenskommelse": "Har du en överenskommelse med vården som utgår från vad som är "
        "viktigt för dig, där "
        "du vet vad du gör för att må bra, vad du gör om du blir sjuk och vad vården gör?",
        "fast_vardkontakt": "Har du en fast vårdkontakt (vid behov)?",
    },
    "provider": UNDERLAG_2021["provider"]
    | {
        "trygghet": "Vet ni om era patienter känner att de kan ha fokus på att leva livet och "
        "litar på att de "
        "lätt får hjälp från er när de behöver det?",
        "overenskommelse": "Har ni en överenskommelse med patienterna som utgår från vad som är "
        "viktigt för dem, "
        "där de vet vad de ska göra för att må bra, vad de ska göra om de blir sjuka och vad ni i vården ska "
        "göra?",
        "fast_vardkontakt": "Erbjuder ni patienterna en fast vårdkontakt (vid behov)?",
    },
}


SCALE = [("yes", "Ja"), ("partly", "Delvis"), ("no", "Nej"), ("dont_know", "Vet inte")]


WITH_NOT_NEEDED = [*SCALE[:3], ("not_needed", "Inte aktuellt för mig"), SCALE[3]]


PATIENT_OPTIONS = {
    "trygghet": SCALE,
    "overenskommelse": WITH_NOT_NEEDED,
    "kontaktvagar": SCALE,
    "fast_vardkontakt": [
        ("yes", "Ja"),
        ("no", "Nej, men jag behöver"),
        ("not_needed", "Nej, jag behöver ingen"),
        ("dont_know", "Vet inte"),
    ],
    "nasta_steg": WITH_NOT_NEEDED,
    "nasta_tid": WITH_NOT_NEEDED,
    "overblick": WITH_NOT_NEEDED,
}


@pytest.mark.parametrize(("key", "texts"), [("underlag-2021", UNDERLAG_2021), ("metodstod-2019", METODSTOD_2019)])
def test_each_version_asks_word_for_word_what_skr_asks(key: str, texts: dict[str, dict[str, str]]) -> None:
    version = read_versions(FOLDER)[key]
    for role in ROLES:
        assert {question.key: question.text for question in version.questions[role]} == texts[role]
        assert tuple(question.key for question in version.questions[role]) == QUESTIONS


@pytest.mark.parametrize("key", ["underlag-2021", "metodstod-2019"])
def test_each_question_offers_its_own_answers_in_one_order(key: str) -> None:
    version = read_versions(FOLDER)[key]
    for question in QUESTIONS:
        patient = version.question("patient", question)
        provider = version.question("provider", question)
        assert [(option.code, option.label) for option in patient.options] == PATIENT_OPTIONS[question]
        assert [(option.code, option.label) for option in provider.options] == SCALE


def test_both_versions_are_released_and_help_where_a_word_is_hard() -> None:
    for version in read_versions(FOLDER).values():
        assert version.released and version.name and version.source
        assert version.question("patient", "fast_vardkontakt").explanation
        assert version.question("patient", "overblick").term == "Vad menas med planer och samordning?"
        for role in ROLES:
            assert all(question.difference for question in version.questions[role])
            assert all(bool(question.term) == bool(question.explanation) for question in version.questions[role])


def test_no_text_calls_the_agreement_a_contract() -> None:
    for path in FOLDER.glob("*.toml"):
        text = path.read_text(encoding="utf-8").lower()
        assert "kontrakt" not in text and "contract" not in text


def test_six_texts_differ_between_the_two_versions_and_a_trend_breaks_there_only() -> None:
    versions = read_versions(FOLDER)
    for role in ROLES:
        changed = {
            question
            for question in QUESTIONS
            if wording(versions["underlag-2021"].question(role, question))
            != wording(versions["metodstod-2019"].question(role, question))
        }
        assert changed == {"trygghet", "overenskommelse", "fast_vardkontakt"}


def test_every_question_has_a_short_name() -> None:
    assert short_name("fast_vardkontakt") == "Fast vårdkontakt"
    assert len({short_name(question) for question in QUESTIONS}) == 7
