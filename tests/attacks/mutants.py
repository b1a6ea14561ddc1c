"""Small faults planted in our own code, one at a time, and whether the tests notice. For the mutation testing.

Nothing of the code is written: a copy of the tree is tried, and a planted module lives in the memory of a child, which
runs the tests and ends. One process (`python -m tests.attacks.mutants MODULE TESTS…`) loads what the tests need and
forks a child for each fault, the quickest tests first.
"""

import ast
import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from tempfile import TemporaryFile
from types import ModuleType
from typing import IO, Any

import pytest
from hypothesis import Phase, settings

from tests.attacks.faults import changes, children, is_left_alone

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("survey", "analysis", "tests")
SLOWER, AT_LEAST, ASLEEP = 5.0, 2.0, 300.0
ALIVE, KILLED, TOO_SLOW = "alive", "killed", "too slow"


@dataclass(frozen=True)
class Mutant:
    """One fault: where it is planted, and what it makes of what stood there."""

    module: str
    node: int
    change: int
    inside: str
    what: str
    line: int

    @property
    def name(self) -> str:
        """What it is called where it is told of: stable while the code around it changes."""
        return f"{self.module.rpartition('.')[2]}.{self.inside}: {self.what}"


@cache
def source_of(module: str) -> str:
    """A module's text, read once: a fault is found again by its number."""
    return (ROOT / module.replace(".", "/")).with_suffix(".py").read_text(encoding="utf-8")


def _walk(node: ast.AST, inside: str = "") -> Iterator[tuple[ast.AST, ast.AST, str]]:
    """Every node in which a fault may be planted, what it is a part of, and the function it stands in."""
    for child in children(node):
        if not is_left_alone(child):
            path = f"{inside}.{_named(child, inside)}".strip(".")
            yield child, node, path
            yield from _walk(child, path)


def _named(node: ast.AST, inside: str) -> str:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name
    return ast.unparse(node.targets[0]) if isinstance(node, ast.Assign) and not inside else ""


def mutants_of(module: str) -> list[Mutant]:
    """Every fault that can be planted in a module, always in the same order."""
    found = []
    for number, (node, around, inside) in enumerate(_walk(ast.parse(source_of(module)))):
        old = ast.unparse(node)
        where = f" in {_first_line(ast.unparse(around))}" if isinstance(node, ast.Constant | ast.Name) else ""
        for choice, new in enumerate(changes(node)):
            what = f"{_first_line(old)} → {_first_line(ast.unparse(new))}{where}"
            found.append(Mutant(module, number, choice, inside, what, getattr(node, "lineno", 0)))
    return found


def _first_line(code: str) -> str:
    return code.strip().partition("\n")[0]


def planted(mutant: Mutant) -> ast.Module:
    """The module with the fault in it."""
    tree = ast.parse(source_of(mutant.module))
    node, _, _ = list(_walk(tree))[mutant.node]
    new = changes(node)[mutant.change]
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is node:
                setattr(parent, field, new)
            elif isinstance(value, list):
                setattr(parent, field, [new if each is node else each for each in value])
    return ast.fix_missing_locations(tree)


class _Plant(MetaPathFinder, Loader):
    """Gives one module from a tree; all others are found as usual."""

    def __init__(self, module: str, tree: ast.Module) -> None:
        self.module, self.tree = module, tree

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        spec: ModuleSpec | None = spec_from_loader(fullname, self) if fullname == self.module else None
        return spec

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.tree, self.module, "exec"), module.__dict__)


class _Tests:
    """A pytest plugin: the quickest tests first, each with a limit; what needs a server takes too long here."""

    def __init__(self, usual: Mapping[str, float]) -> None:
        self.usual = usual
        self.record: dict[str, float] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [each for each in items if not _on_server(each)]
        items.sort(key=lambda each: self.usual.get(each.nodeid, 0.0))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        # The child's own time counts, so that a busy machine kills no fault. At the end of it the child dies.
        if self.usual:
            signal.setitimer(signal.ITIMER_PROF, AT_LEAST + SLOWER * self.usual[item.nodeid])
        begun = time.process_time()
        try:
            return (yield)
        finally:
            self.record[item.nodeid] = time.process_time() - begun


def _on_server(item: pytest.Item) -> bool:
    return "postgresql" in item.name or "postgres_url" in getattr(item, "fixturenames", ())


def _tested(tests: Sequence[str], plugin: _Tests) -> int:
    options = ["-x", "-q", "--tb=no", "--no-header", "--assert=plain"]
    options += [part for name in ("cacheprovider", "xdist", "unraisableexception") for part in ("-p", f"no:{name}")]
    return int(pytest.main([*options, *tests], plugins=[plugin]))


def _child(tests: Sequence[str], plugin: _Tests, plant: _Plant | None, told: IO[str]) -> int:
    """Run the tests in a child, with the fault; its wait status. It tells how long each test took."""
    if (child := os.fork()) == 0:
        os.setsid()
        for stream in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
        if plant is not None:
            sys.meta_path.insert(0, plant)
        status = _tested(tests, plugin)
        json.dump(plugin.record, told)
        told.flush()
        os._exit(status)
    until = time.monotonic() + ASLEEP
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        if time.monotonic() > until:
            os.killpg(child, signal.SIGKILL)
        time.sleep(0.01)


def _nursery(module: str, tests: Sequence[str]) -> None:
    """Read mutants from standard input, a line each, and say what became of each."""
    settings.register_profile("faults", derandomize=True, database=None, phases=(Phase.explicit, Phase.generate))
    settings.load_profile("faults")
    sys.path.insert(0, str(ROOT))
    said = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    assert _tested([*tests, "--collect-only"], _Tests({})) == 0
    for name in [name for name in sys.modules if name.partition(".")[0] in OURS and name != __name__]:
        del sys.modules[name]
    with TemporaryFile("w+") as told:
        assert _child(tests, _Tests({}), None, told) == 0, "the tests fail without a fault"
        told.seek(0)
        usual = json.load(told)
    gc.freeze()
    for line in sys.stdin:
        plant = _Plant(module, planted(Mutant(**json.loads(line))))
        with TemporaryFile("w+") as told:
            status = _child(tests, _Tests(usual), plant, told)
        fate = TOO_SLOW if os.WIFSIGNALED(status) else ALIVE if os.WEXITSTATUS(status) == 0 else KILLED
        print(fate, file=said, flush=True)
    with TemporaryFile("w+") as told:
        assert _child(tests, _Tests({}), None, told) == 0, "in the end the tests fail without a fault"


def copied(folder: Path) -> Path:
    """A copy of the tree as it is now, for nothing else to change meanwhile."""
    for name in ("survey", "analysis", "tests", "translations"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (*ROOT.glob("*.toml"), *ROOT.glob("*.py")):
        shutil.copy(path, folder)
    return folder


def fates(module: str, tests: Sequence[str], some: Sequence[Mutant], tree: Path = ROOT) -> dict[Mutant, str]:
    """What became of each mutant of one module: alive, killed, or too slow, which is killed too."""
    command = [sys.executable, "-m", "tests.attacks.mutants", module, *tests]
    told = "".join(json.dumps(vars(each)) + "\n" for each in some)
    done = subprocess.run(command, cwd=tree, input=told, capture_output=True, text=True, check=False)
    found = done.stdout.splitlines()
    assert done.returncode == 0 and len(found) == len(some), done.stderr[-2000:]
    return dict(zip(some, found, strict=True))


if __name__ == "__main__":
    _nursery(sys.argv[1], sys.argv[2:])
