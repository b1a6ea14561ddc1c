"""python -m analysis: everything drawn from files, and clear words when a file is no edition."""

import json
from pathlib import Path

import pytest

from analysis.__main__ import main
from analysis.charts import CHARTS, IN_MUNICIPALITIES, IN_UNITS, MORE, OF_GROUPS, OF_QUESTION
from tests.analysis.invented import editions

FILES = (".csv", ".excel.csv", ".xlsx", ".json")


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    paths = []
    for made in editions()[:2]:
        path = tmp_path / f"edition-{made['number']}.json"
        path.write_text(json.dumps(made), encoding="utf-8")
        paths.append(str(path))
    return paths


@pytest.mark.slow
def test_draws_every_chart_of_a_place(files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "folder"
    assert main([*reversed(files), "--out", str(out), "--place", "odensala"]) == 0
    names = {path.name for path in out.iterdir()}
    pictures = (*CHARTS, *MORE, *OF_QUESTION, *IN_UNITS)
    for chart in pictures:
        for ending in (".svg", "-dark.svg", "-narrow.svg", "-narrow-dark.svg", *FILES, ".txt"):
            assert f"odensala-{chart}{ending}" in names
    assert len(capsys.readouterr().out.splitlines()) == len(names) == 9 * len(pictures) + 4
    assert {f"odensala-figures{kind}" for kind in FILES} <= names
    assert "hösten 2022" in (out / "odensala-gap.svg").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_region_has_its_municipalities_and_its_groups(files: list[str], tmp_path: Path) -> None:
    main([*files, "--out", str(tmp_path / "out"), "--place", "region"])
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {f"region-{name}-narrow-dark.svg" for name in (*IN_MUNICIPALITIES, *OF_GROUPS)} <= names
    assert {f"region-residents{kind}" for kind in FILES} <= names
    assert not any("residents" in name or "municipalities" in name for name in _drawn(files, tmp_path, "odensala"))


def _drawn(files: list[str], tmp_path: Path, place: str, *more: str) -> dict[str, str]:
    """What is drawn of a place, by file; the pictures and their words."""
    out = tmp_path / f"{place}{len(more)}"
    main([*files, "--out", str(out), "--place", place, *more])
    return {path.name: path.read_text(encoding="utf-8") for path in out.iterdir() if path.suffix != ".xlsx"}


@pytest.mark.slow
def test_in_another_language(files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    english = Path(__file__).resolve().parents[2] / "translations" / "en" / "LC_MESSAGES" / "messages.po"
    found = _drawn(files, tmp_path, "odensala", "--texts", str(english))
    assert "patients" in found["odensala-gap.svg"] and "patienter" not in found["odensala-gap.svg"]
    assert "providers" in found["odensala-trend.txt"] and "vården" not in found["odensala-trend.txt"]
    invented = tmp_path / "invented.json"
    invented.write_text(json.dumps(editions()[0] | {"invented": True}), encoding="utf-8")
    said = _drawn([str(invented)], tmp_path, "ostersund", "--texts", str(english))["ostersund-gap.svg"]
    assert "Östersund (invented answers)" in said and "påhittade" not in said
    assert found["odensala-gap.excel.csv"].startswith("\ufeffRound;Place;Question;Patients: shown;")
    wrong = tmp_path / "wrong.po"
    for content in (b"no translation", b"\xff\xfe"):
        wrong.write_bytes(content)
        with pytest.raises(SystemExit, match=r"wrong\.po cannot be read as a translation"):
            main([*files, "--out", str(tmp_path / "none"), "--texts", str(wrong)])
    assert not (tmp_path / "none").exists()
    assert capsys.readouterr().err == ""


@pytest.mark.slow
def test_all_places_without_a_choice(files: list[str], tmp_path: Path) -> None:
    out = tmp_path / "all"
    main([files[0], "--out", str(out)])
    assert {path.name.split("-")[0] for path in out.iterdir()} == {"region", "ostersund", "odensala"}


def test_clear_words(files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken, other = tmp_path / "broken.json", tmp_path / "other.json"
    broken.write_text("{", encoding="utf-8")
    other.write_text('{"format": 2}', encoding="utf-8")
    for path in (broken, other, tmp_path / "missing.json"):
        with pytest.raises(SystemExit, match=path.name):
            main([str(path), "--out", str(tmp_path / "out")])
    with pytest.raises(SystemExit, match=r"other\.json is an edition of format 2, and this program reads format 3"):
        main([str(other), "--out", str(tmp_path / "out")])
    with pytest.raises(SystemExit):
        main([files[0], "--out", str(tmp_path / "out"), "--place", "atlantis"])
    assert "odensala" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_key_cannot_leave_the_folder(tmp_path: Path) -> None:
    made = editions()[0]
    text = json.dumps(made).replace('"odensala"', '"../odensala"')
    path = tmp_path / "edition.json"
    path.write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    main([str(path), "--out", str(out), "--place", "../odensala"])
    assert {file.name for file in tmp_path.iterdir()} == {"edition.json", "out"}
    assert (out / "___odensala-gap.svg").exists()
