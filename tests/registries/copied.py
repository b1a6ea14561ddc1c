"""A copy of the tree to add something to, counted and tried there. For the tests of what takes one place."""

import difflib
import shutil
import subprocess
import sys
from pathlib import Path

from survey.config import ROOT

COPIED = ("survey", "analysis", "translations", "tests", "docs", "pyproject.toml", "wsgi.py", "CHANGELOG.md")


class Copy:
    """A copy of the tree, to add something to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name)
            else:
                folder.mkdir(exist_ok=True)
                shutil.copy2(source, folder / name)

    def add(self, path: str, content: str) -> None:
        """Make a file."""
        assert not (self.folder / path).exists()
        (self.folder / path).write_text(content, encoding="utf-8")

    def put_in(self, path: str, before: str, line: str) -> None:
        """Put something in front of what stands once in a file."""
        text = (self.folder / path).read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times in {path}"
        (self.folder / path).write_text(text.replace(before, line + before), encoding="utf-8")

    def touched(self) -> dict[str, int]:
        """Every file of the code that differs, with how many lines of it are new or gone; 0 for a new file."""
        found = {}
        for path in sorted((self.folder / "survey").rglob("*")) + sorted((self.folder / "analysis").rglob("*")):
            if path.is_dir() or "__pycache__" in path.parts or path.suffix == ".mo":
                continue
            name = str(path.relative_to(self.folder))
            if not (ROOT / name).exists():
                found[name] = 0
            elif (was := (ROOT / name).read_bytes()) != path.read_bytes():
                lines = difflib.ndiff(was.decode().splitlines(), path.read_text(encoding="utf-8").splitlines())
                found[name] = sum(line.startswith(("+", "-")) for line in lines)
        return found

    def run(self, script: str) -> str:
        """Let Python run this there; what it prints."""
        return self._run([sys.executable, "-c", script])

    def contracts(self) -> None:
        """See that the arrows still point down."""
        assert "0 broken" in self._run([str(Path(sys.executable).parent / "lint-imports"), "--no-cache"])

    def _run(self, command: list[str]) -> str:
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
