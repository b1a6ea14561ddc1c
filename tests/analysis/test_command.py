"""python -m analysis: everything drawn from files, and clear words when a file is no edition."""

import json
from pathlib import Path

import pytest

from analysis.__main__ import main
from analysis.charts import CHARTS
from tests.analysis.invented import editions


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    paths = []
    for made in editions()[:2]:
        path = tmp_path / f"edition-{made['number']}.json"
        path.write_text(json.dumps(made), encoding="utf-8")
        paths.append(str(path))
    return paths


def test_draws_every_chart_of_a_place(files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "folder"
    assert main([*reversed(files), "--out", str(out), "--place", "odensala"]) == 0
    names = {path.name for path in out.iterdir()}
    for chart in CHARTS:
        for ending in (".svg", "-dark.svg", "-narrow.svg", "-narrow-dark.svg", ".csv", ".xlsx", ".json", ".txt"):
            assert f"odensala-{chart}{ending}" in names
    assert len(capsys.readouterr().out.splitlines()) == len(names) == 8 * len(CHARTS) + 3
    assert {f"odensala-figures.{kind}" for kind in ("csv", "xlsx", "json")} <= names
    assert "hösten 2022" in (out / "odensala-gap.svg").read_text(encoding="utf-8")


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
    with pytest.raises(SystemExit, match=r"other\.json is an edition of format 2, and this program reads format 1"):
        main([str(other), "--out", str(tmp_path / "out")])
    with pytest.raises(SystemExit):
        main([files[0], "--out", str(tmp_path / "out"), "--place", "atlantis"])
    assert "odensala" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_key_cannot_leave_the_folder(tmp_path: Path) -> None:
    made = editions()[0]
    text = json.dumps(made).replace('"odensala"', '"../odensala"')
    path = tmp_path / "edition.json"
    path.write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    main([str(path), "--out", str(out), "--place", "../odensala"])
    assert {file.name for file in tmp_path.iterdir()} == {"edition.json", "out"}
    assert (out / "___odensala-gap.svg").exists()
