"""The checker fault by fault on a tiny questionnaire, and the freezing of what is released."""

import copy
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from survey.domain.questions.questionnaire import (
    QUESTIONS,
    ROLES,
    QuestionnaireError,
    answer_codes_of,
    checksum,
    faults,
    main,
    read_version,
    read_versions,
    wording,
)


def tiny() -> dict[str, Any]:
    """The smallest faultless version."""
    return {
        "key": "liten",
        "name": "Liten",
        "source": "Provet",
        "labels": {"yes": "Ja", "partly": "Delvis", "no": "Nej", "not_needed": "Ej", "dont_know": "Vet inte"},
        "questions": [
            {
                "key": question,
                "difference": "Det betyder något.",
                **{role: {"text": f"{question}?", "options": list(answer_codes_of(role, question))} for role in ROLES},
            }
            for question in QUESTIONS
        ],
    }


def as_toml(data: dict[str, Any]) -> str:
    """The version as a file, enough for these tests."""
    lines = [f'{field} = "{data[field]}"' for field in ("key", "name", "source")]
    lines += ["[labels]", *(f'{code} = "{label}"' for code, label in data["labels"].items())]
    for entry in data["questions"]:
        lines += ["[[questions]]", f'key = "{entry["key"]}"', f'difference = "{entry["difference"]}"']
        for role in ROLES:
            lines += [f"[questions.{role}]", *(f"{name} = {value!r}" for name, value in entry[role].items())]
    return "\n".join(lines)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a version to a file of its name in a folder of its own."""

    def write_(data: dict[str, Any] | None = None) -> Path:
        path = tmp_path / "liten.toml"
        path.write_text(as_toml(data or tiny()), encoding="utf-8")
        return path

    return write_


def test_the_tiny_version_has_no_fault(write: Callable[..., Path]) -> None:
    assert faults(tiny(), "liten.toml") == []
    assert tomllib.loads(as_toml(tiny())) == tiny()
    assert read_version(write()).question("provider", "nasta_tid").text == "nasta_tid?"


def drop(field: str) -> Callable[[dict[str, Any]], None]:
    """A change that takes a field of the version away."""
    return lambda data: data.pop(field)


def change(question: int, role: str | None, **fields: Any) -> Callable[[dict[str, Any]], None]:
    """A change of fields in one question, or in one role's part of it; None takes the field away."""

    def apply(data: dict[str, Any]) -> None:
        target = data["questions"][question] if role is None else data["questions"][question][role]
        target.update(fields)
        for field in [field for field, value in fields.items() if value is None]:
            del target[field]

    return apply


FAULTS: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (drop("name"), "Filen saknar name."),
    (drop("labels"), "Filen saknar tabellen [labels] med en text för varje svarskod."),
    (drop("questions"), "Filen saknar frågorna, ett [[questions]] för varje fråga."),
    (lambda data: data.update(colour="blå"), "Filen har det okända fältet colour."),
    (
        lambda data: data["labels"].update(maybe="Kanske"),
        "Tabellen [labels] har en text för den okända svarskoden maybe.",
    ),
    (lambda data: data["labels"].update(yes=" "), "Tabellen [labels] har yes utan text."),
    (lambda data: data["questions"].pop(0), "Frågan trygghet saknas."),
    (
        lambda data: data["questions"].append(copy.deepcopy(data["questions"][6])),
        "Frågan overblick står 2 gånger.",
    ),
    (lambda data: data["questions"].reverse(), "Frågorna står i fel ordning."),
    (change(0, None, key="lycka"), "Frågan lycka är okänd."),
    (change(0, None, key=None), "Fråga nummer 1 saknar key."),
    (change(0, None, difference=None), "Frågan trygghet saknar difference."),
    (change(0, None, patient=None), "Frågan trygghet saknar rollen patient."),
    (change(2, "provider", text=""), "Frågan kontaktvagar, rollen provider, har text utan text."),
    (change(2, "provider", text=7), "Frågan kontaktvagar, rollen provider, har text som inte är text."),
    (
        change(2, "provider", text="Hundra %?"),
        "Frågan kontaktvagar, rollen provider, har text med mellanslag",
    ),
    (change(2, "provider", hint="Tänk"), "Frågan kontaktvagar, rollen provider, har det okända fältet hint."),
    (
        change(2, "patient", options=None),
        "Frågan kontaktvagar, rollen patient, saknar svarsalternativ (options).",
    ),
    (
        change(2, "patient", options=["yes", "partly", "no"]),
        "Frågan kontaktvagar, rollen patient, saknar svarsalternativet dont_know.",
    ),
    (
        change(2, "patient", options=["yes", "partly", "no", "dont_know", "sometimes"]),
        "Frågan kontaktvagar, rollen patient, har den okända svarskoden sometimes.",
    ),
    (
        change(2, "patient", options=["yes", "yes", "partly", "no", "dont_know"]),
        "Frågan kontaktvagar, rollen patient, har svarsalternativet yes 2 gånger.",
    ),
    (
        change(2, "patient", options=["no", "partly", "yes", "dont_know"]),
        "Frågan kontaktvagar, rollen patient, har svarsalternativen i fel ordning.",
    ),
    (
        change(3, "patient", options=["yes", "partly", "no", "not_needed", "dont_know"]),
        "Frågan fast_vardkontakt, rollen patient, får inte ha svarsalternativet partly.",
    ),
    (
        change(3, "provider", options=["yes", "partly", "no", "not_needed", "dont_know"]),
        "Frågan fast_vardkontakt, rollen provider, får inte ha svarsalternativet not_needed.",
    ),
    (
        lambda data: data["labels"].pop("partly"),
        "Frågan trygghet, rollen patient, har svarsalternativet partly, men ingen text för det i labels.",
    ),
    (change(4, "patient", labels={"perhaps": "?"}), "har en text för den okända svarskoden perhaps."),
    (change(4, "patient", term="Vad är ett steg?"), "En ordförklaring behöver både term och explanation."),
]


@pytest.mark.parametrize(("plant", "sentence"), FAULTS, ids=[sentence for _, sentence in FAULTS])
def test_the_checker_names_the_fault(plant: Callable[[dict[str, Any]], Any], sentence: str) -> None:
    data = tiny()
    plant(data)
    found = faults(data, "liten.toml")
    assert all(fault.startswith("liten.toml: ") for fault in found)
    assert any(sentence in fault for fault in found)


def test_every_fault_is_reported_at_once(write: Callable[..., Path]) -> None:
    data = tiny()
    change(0, "patient", text="")(data)
    change(5, "provider", options=["yes"])(data)
    data["key"] = "annan"
    write(data)
    (write().parent / "trasig.toml").write_text("key = ", encoding="utf-8")
    write(data)
    with pytest.raises(QuestionnaireError) as error:
        read_versions(write(data).parent)
    assert len(error.value.faults) == 6
    for sentence in (
        "liten.toml: Frågan trygghet, rollen patient, har text utan text.",
        "liten.toml: Frågan nasta_tid, rollen provider, saknar svarsalternativet partly.",
        "liten.toml: filen ska heta som versionen, annan.toml.",
        "trasig.toml: filen går inte att läsa som TOML",
    ):
        assert sentence in str(error.value)


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(QuestionnaireError, match="har inga frågeversioner"):
        read_versions(tmp_path)


def test_a_released_version_is_frozen_and_a_draft_is_not(write: Callable[..., Path]) -> None:
    released = write().parent / "released.toml"
    released.write_text(f'liten = "{checksum(tiny())}"\n', encoding="utf-8")
    assert read_versions(released.parent)["liten"].released
    edited = tiny()
    edited["questions"][0]["patient"]["text"] = "trygghet, kanske?"
    with pytest.raises(QuestionnaireError, match=r"liten\.toml: versionen är släppt och får inte ändras"):
        read_versions(write(edited).parent)
    released.write_text("", encoding="utf-8")
    assert not read_versions(released.parent)["liten"].released


def test_a_comment_in_a_released_file_is_no_change(write: Callable[..., Path]) -> None:
    path = write()
    (path.parent / "released.toml").write_text(f'liten = "{checksum(tiny())}"\n', encoding="utf-8")
    path.write_text("# en kommentar\n\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert read_versions(path.parent)["liten"].released


def test_a_released_version_may_not_go_missing(write: Callable[..., Path]) -> None:
    (write().parent / "released.toml").write_text('borta = "0"\n', encoding="utf-8")
    with pytest.raises(QuestionnaireError, match=r"borta är släppt, men borta\.toml saknas"):
        read_versions(write().parent)


def test_the_author_gets_the_faults_or_the_line_that_releases(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(write())]) == 0
    assert capsys.readouterr().out == f'liten = "{checksum(tiny())}"\n'
    data = tiny()
    del data["questions"][1]
    assert main([str(write(data))]) == 1
    assert capsys.readouterr().out == "liten.toml: Frågan overenskommelse saknas.\n"


def test_a_label_breaks_a_trend_and_a_help_text_does_not(write: Callable[..., Path]) -> None:
    asked = read_version(write()).question("patient", "nasta_steg")
    helped = tiny()
    helped["questions"][4]["patient"] |= {"term": "Vad är ett steg?", "explanation": "Det som händer."}
    assert wording(read_version(write(helped)).question("patient", "nasta_steg")) == wording(asked)
    relabelled = tiny()
    relabelled["labels"]["partly"] = "Ibland"
    assert wording(read_version(write(relabelled)).question("patient", "nasta_steg")) != wording(asked)
