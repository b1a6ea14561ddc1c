"""The house keeps its own rules: arrows, sizes, docstrings, addresses, documentation.

Each rule is seen red on a planted fault.
"""

import ast
import hashlib
import json
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("survey", "analysis")
CODE = sorted([*(path for name in PACKAGES for path in (ROOT / name).rglob("*.py")), ROOT / "wsgi.py"])
MODULE_LINES, FUNCTION_LINES = 250, 40


def faults_of_size(source: str) -> list[str]:
    """Name what is too long in a module's source."""
    faults = [f"the module has {n} lines"] if (n := source.count("\n")) > MODULE_LINES else []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            if lines > FUNCTION_LINES:
                faults.append(f"{node.name} has {lines} lines")
    return faults


def faults_of_docstrings(source: str) -> list[str]:
    """Name the public parts of a module that say nothing of themselves."""
    tree = ast.parse(source)
    faults = [] if ast.get_docstring(tree) else ["the module has no docstring"]
    for node in tree.body:
        public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        if public and not ast.get_docstring(node):
            faults.append(f"{node.name} has no docstring")
    return faults


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short_and_says_what_it_is(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    if "migrations" in path.parts:
        return  # what was migrated is never reshaped
    assert faults_of_size(source) == []
    assert faults_of_docstrings(source) == []


def test_the_size_and_docstring_rules_can_fail() -> None:
    long = "def long():\n" + "    pass\n" * 41
    assert faults_of_size(long) == ["long has 42 lines"]
    assert faults_of_size("\n" * 251) == ["the module has 251 lines"]
    assert faults_of_docstrings("def public():\n    pass\n") == [
        "the module has no docstring",
        "public has no docstring",
    ]


RIDDLE = re.compile(r"(What|How|Whether)\b")


def riddles(source: str) -> list[str]:
    """Name the parts of a module whose docstring opens with a question word, and not with what is done or held."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, documented)]
    return [getattr(node, "name", "the module") for node in nodes if RIDDLE.match(ast.get_docstring(node) or "")]


def test_docstrings_open_with_what_is_done_or_held() -> None:
    read = [path for path in CODE if "migrations" not in path.parts]
    found = {str(path.relative_to(ROOT)): riddles(path.read_text(encoding="utf-8")) for path in read}
    assert {path: names for path, names in found.items() if names} == {}


def test_a_planted_riddle_is_found() -> None:
    source = (
        '"""What is planted."""\n\n\n'
        'class Held:\n    """How it is held."""\n\n    def is_there(self):\n        """Whether it is there."""\n\n\n'
        'def count():\n    """Return how many there are."""\n'
    )
    assert riddles(source) == ["the module", "Held", "is_there"]


GLOSSARY = ROOT / "docs" / "glossary.md"


def banned_names(glossary: str) -> set[str]:
    """Read the words that no module may have off the glossary's last part."""
    return set(
        re.findall(r"`(\w+)`", glossary.partition("## Words that no module may have")[2].partition("They say")[0])
    )


def test_no_module_has_a_name_that_says_nothing() -> None:
    banned = banned_names(GLOSSARY.read_text(encoding="utf-8"))
    assert {"utils", "beside"} <= banned
    named = {part: path for path in CODE for part in path.relative_to(ROOT).with_suffix("").parts}
    assert [str(named[word].relative_to(ROOT)) for word in sorted(banned & set(named))] == []
    assert banned & {"beside", "engine"} == {"beside"}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter over a checkout."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_arrows_point_down() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("survey/domain/rounds/access_codes.py", "import flask"),
        ("survey/domain/rounds/access_codes.py", "import survey.store.database.engine"),
        ("survey/answer/views.py", "import survey.followup.views"),
        ("survey/store/database/engine.py", "import survey.sealing.keys.key_volumes"),
        ("survey/web/pages/public_pages.py", "import pandas"),
        ("survey/web/pages/health.py", "import prometheus_client"),
        ("analysis/measures/gap.py", "import survey.domain.rounds.access_codes"),
        ("analysis/spreadsheets/table.py", "import analysis.frames.frame"),
    ],
)
def test_a_planted_upward_arrow_is_found(tmp_path: Path, module: str, line: str) -> None:
    for name in PACKAGES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    target = tmp_path / module
    target.write_text(target.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    assert lint(tmp_path).returncode != 0


def loaded_after(statement: str) -> set[str]:
    """The top-level modules a fresh interpreter holds after a statement."""
    program = f"{statement}\nimport sys, json\nprint(json.dumps([m.split('.')[0] for m in sys.modules]))"
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(result.stdout.splitlines()[-1]))


def test_the_rules_load_no_web_and_no_database() -> None:
    rules = (path.relative_to(ROOT).with_suffix("") for path in (ROOT / "survey" / "domain").rglob("[a-z]*.py"))
    statement = "import " + ", ".join(".".join(path.parts) for path in rules)
    assert not loaded_after(statement) & {"flask", "sqlalchemy", "werkzeug", "babel"}
    assert "flask" in loaded_after(statement + ", flask")


def make_instance(folder: Path) -> Path:
    """A bare instance folder with a secret."""
    folder.mkdir()
    (folder / "config.toml").write_text(f'secret = "{"s" * 40}"\ndemo = true\nsession_cookie_secure = false\n')
    return folder


def test_a_process_that_only_takes_answers_never_loads_the_analysis(tmp_path: Path) -> None:
    instance = make_instance(tmp_path / "instance")
    make = (
        f"from pathlib import Path; from survey.app import create_app; create_app('resident', Path({str(instance)!r}))"
    )
    computing = {"pandas", "matplotlib", "numpy", "scipy", "statsmodels"}
    heavy = computing | {
        "analysis",
        "flask_security",
        "flask_login",
        "passlib",
        "webauthn",
        "authlib",
        "requests",
        "prometheus_client",
    }
    assert loaded_after(make) & heavy == set()
    staff = loaded_after(make.replace("'resident'", "'staff'") + "; import survey.worker.loop") & heavy
    assert staff >= {"flask_security"}
    # What staff read loads it at its first place page, and the worker never.
    assert staff & {*computing, "prometheus_client"} == set()


def test_public_addresses_are_a_committed_list(tmp_path: Path) -> None:
    from survey.app import create_app

    app = create_app("all", make_instance(tmp_path / "instance"))
    found = sorted(
        f"{rule.rule} {' '.join(sorted(rule.methods - {'HEAD', 'OPTIONS'}))}" for rule in app.url_map.iter_rules()
    )
    assert found == json.loads((ROOT / "tests" / "routes.json").read_text(encoding="utf-8"))


def test_every_setting_and_command_is_documented() -> None:
    from survey import cli
    from survey.config import Settings

    operating = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    missing = [entry.name for entry in fields(Settings) if f"`{entry.name}`" not in operating]
    missing += [name for name in cli.names() if f"flask --app wsgi {name}" not in operating]
    assert missing == []


def test_every_command_says_what_it_does(tmp_path: Path) -> None:
    from survey.app import create_app

    app = create_app("all", make_instance(tmp_path / "instance"))
    runner = app.test_cli_runner()
    from survey import cli

    for name in cli.names():
        result = runner.invoke(args=[*name.split(), "--help"])
        assert result.exit_code == 0, name
        assert len(result.output.splitlines()[2].strip()) > 10, name


FOREIGN = re.compile(
    r"(^|[^A-Za-z0-9_.])/(work|farm|root)/|py" + r"pi\.org|python" + r"hosted\.org|npm" + r"js\.(org|com)"
)


def test_the_project_speaks_of_itself_alone() -> None:
    """No path of one machine and no package index's address in any file, the lock files included."""
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    found = [
        name
        for name in names
        if (ROOT / name).suffix not in {".png", ".svg", ".pdf", ".whl"}
        and (ROOT / name).is_file()
        and any(FOREIGN.search(line) for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    ]
    assert found == []
    assert FOREIGN.search("see " + "/wo" + "rk/x")


def test_the_lock_files_carry_hashes() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[a-z])", text.strip())[1:])


def test_no_room_is_called_utils() -> None:
    assert [path for path in CODE if re.search(r"util|helper|common|misc", path.stem)] == []


@pytest.mark.parametrize("listed", ["requirements.txt", "requirements-dev.txt"])
def test_nothing_is_built_while_it_is_installed(listed: str) -> None:
    text = (ROOT / listed).read_text(encoding="utf-8")
    assert "--only-binary :all:" in text.splitlines()
    hashes = {hashlib.sha256(each.read_bytes()).hexdigest() for each in (ROOT / "deploy" / "wheels").glob("*.whl")}
    assert len(hashes) == 1 and all(f"sha256:{each}" in text for each in hashes)
