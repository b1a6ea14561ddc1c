"""The checker fault by fault on a tiny questionnaire, and the freezing of what is released."""

import copy
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

from survey.cli.questionnaire import SENTENCES, main, sentences
from survey.domain.questions.questionnaire import (
    QUESTIONS,
    ROLES,
    QuestionnaireError,
    answer_codes_of,
    checksum,
    faults,
    read_version,
    read_versions,
    wording,
)
from survey.domain.questions.questionnaire_check import FILE, LABELS
from survey.domain.text.fault import Fault, QuestionnaireCode

PATIENT, PROVIDER = (("question", "kontaktvagar", role) for role in ("patient", "provider"))
STEP = ("question", "nasta_steg", "patient")


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


FAULTS: list[tuple[Callable[[dict[str, Any]], Any], Fault]] = [
    (drop("name"), Fault("field_missing", where=FILE, field="name")),
    (drop("labels"), Fault("no_labels")),
    (drop("questions"), Fault("no_questions")),
    (lambda data: data.update(colour="blå"), Fault("field_unknown", where=FILE, field="colour")),
    (
        lambda data: data["labels"].update(maybe="Kanske"),
        Fault("label_unknown", where=LABELS, code="maybe"),
    ),
    (lambda data: data["labels"].update(yes=" "), Fault("field_empty", where=LABELS, field="yes")),
    (lambda data: data["questions"].pop(0), Fault("question_missing", key="trygghet")),
    (
        lambda data: data["questions"].append(copy.deepcopy(data["questions"][6])),
        Fault("question_twice", key="overblick", times=2),
    ),
    (lambda data: data["questions"].reverse(), Fault("questions_out_of_order")),
    (change(0, None, key="lycka"), Fault("question_unknown", key="lycka")),
    (change(0, None, key=None), Fault("field_missing", where=("number", "1"), field="key")),
    (change(0, None, difference=None), Fault("field_missing", where=("question", "trygghet"), field="difference")),
    (change(0, None, patient=None), Fault("role_missing", where=("question", "trygghet"), role="patient")),
    (change(2, "provider", text=""), Fault("field_empty", where=PROVIDER, field="text")),
    (change(2, "provider", text=7), Fault("field_no_text", where=PROVIDER, field="text")),
    (
        change(2, "provider", text="Hundra %?"),
        Fault("field_untidy", where=PROVIDER, field="text"),
    ),
    (change(2, "provider", hint="Tänk"), Fault("field_unknown", where=PROVIDER, field="hint")),
    (
        change(2, "patient", options=None),
        Fault("no_options", where=PATIENT),
    ),
    (
        change(2, "patient", options=["yes", "partly", "no"]),
        Fault("option_missing", where=PATIENT, code="dont_know"),
    ),
    (
        change(2, "patient", options=["yes", "partly", "no", "dont_know", "sometimes"]),
        Fault("option_unknown", where=PATIENT, code="sometimes"),
    ),
    (
        change(2, "patient", options=["yes", "yes", "partly", "no", "dont_know"]),
        Fault("option_twice", where=PATIENT, code="yes", times=2),
    ),
    (
        change(2, "patient", options=["no", "partly", "yes", "dont_know"]),
        Fault("options_out_of_order", where=PATIENT),
    ),
    (
        change(3, "patient", options=["yes", "partly", "no", "not_needed", "dont_know"]),
        Fault("option_not_allowed", where=("question", "fast_vardkontakt", "patient"), code="partly"),
    ),
    (
        change(3, "provider", options=["yes", "partly", "no", "not_needed", "dont_know"]),
        Fault("option_not_allowed", where=("question", "fast_vardkontakt", "provider"), code="not_needed"),
    ),
    (
        lambda data: data["labels"].pop("partly"),
        Fault("option_without_label", where=("question", "trygghet", "patient"), code="partly"),
    ),
    (
        change(4, "patient", labels={"perhaps": "?"}),
        Fault("label_unknown", where=STEP, code="perhaps"),
    ),
    (
        change(4, "patient", term="Vad är ett steg?"),
        Fault("half_explanation", where=STEP, field="term"),
    ),
]


@pytest.mark.parametrize(("plant", "fault"), FAULTS, ids=[str(fault) for _, fault in FAULTS])
def test_the_checker_names_the_fault(plant: Callable[[dict[str, Any]], Any], fault: Fault) -> None:
    data = tiny()
    plant(data)
    found = faults(data, "liten.toml")
    assert {each.file for each in found} == {"liten.toml"}
    alike = [each.fault for each in found if each.fault.code == fault.code]
    assert any(set(fault.values) <= set(each.values) for each in alike)
    assert all(line.startswith("liten.toml: ") and line.endswith(".") for line in sentences(found))


def test_every_code_of_a_fault_has_its_words() -> None:
    assert set(SENTENCES) == set(get_args(QuestionnaireCode))


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
        "liten.toml: Question trygghet, role patient, has text without text.",
        "liten.toml: Question nasta_tid, role provider, lacks the answer partly.",
        "liten.toml: the file must have the version's name, annan.toml.",
        "trasig.toml: it can't be read as TOML",
    ):
        assert sentence in "\n".join(sentences(error.value.faults))


def test_an_empty_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(QuestionnaireError, match="no_versions"):
        read_versions(tmp_path)


def test_a_released_version_is_frozen_and_a_draft_is_not(write: Callable[..., Path]) -> None:
    released = write().parent / "released.toml"
    released.write_text(f'liten = "{checksum(tiny())}"\n', encoding="utf-8")
    assert read_versions(released.parent)["liten"].released
    edited = tiny()
    edited["questions"][0]["patient"]["text"] = "trygghet, kanske?"
    with pytest.raises(QuestionnaireError, match=r"liten\.toml: released_changed"):
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
    with pytest.raises(QuestionnaireError, match="released_missing key=borta"):
        read_versions(write().parent)


def test_the_author_gets_the_faults_or_the_line_that_releases(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(write())]) == 0
    assert capsys.readouterr().out == f'liten = "{checksum(tiny())}"\n'
    data = tiny()
    del data["questions"][1]
    assert main([str(write(data))]) == 1
    assert capsys.readouterr().out == "liten.toml: Question overenskommelse is missing.\n"


def test_a_label_breaks_a_trend_and_a_help_text_does_not(write: Callable[..., Path]) -> None:
    asked = read_version(write()).question("patient", "nasta_steg")
    helped = tiny()
    helped["questions"][4]["patient"] |= {"term": "Vad är ett steg?", "explanation": "Det som händer."}
    assert wording(read_version(write(helped)).question("patient", "nasta_steg")) == wording(asked)
    relabelled = tiny()
    relabelled["labels"]["partly"] = "Ibland"
    assert wording(read_version(write(relabelled)).question("patient", "nasta_steg")) != wording(asked)
