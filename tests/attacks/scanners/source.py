"""Bandit over our source, and whether every package we install is pinned by its hash. Run by `make attack` alone.

Known holes in the packages are asked of an advisory service, which a closed network does not reach; `pip-audit -r
requirements.txt` does it where there is one. The control of each: a planted fault.
"""

import re
from pathlib import Path

from tests.attacks.full import Shown
from tests.attacks.scanners.tools import ROOT, bandit

LOCKED = ("requirements.txt", "requirements-dev.txt", "requirements-attack.txt")
HOLE = "import subprocess\n\n\ndef answer(word):\n    return eval(word), subprocess.run(word, shell=True)\n"

HARMLESS = re.compile(r"#|--only-binary :all:$|--find-links deploy/wheels$")


def unpinned(text: str) -> list[str]:
    """Lines of a lock file that name no version with a hash, or name an address; what holds pip to wheels is none."""
    entries = [entry.strip() for entry in re.split(r"(?<!\\)\n", text) if entry.strip() and not HARMLESS.match(entry)]
    exact = re.compile(r"[A-Za-z0-9._-]+==[^\s;]+( ;[^\\]*)?(\s*\\\n\s+--hash=sha256:[0-9a-f]{64})+")
    return [entry.partition("\n")[0] for entry in entries if not exact.fullmatch(entry)]


def test_bandit_finds_nothing_high(tmp_path: Path, shown: Shown) -> None:
    found = bandit(tmp_path, ROOT / "survey", ROOT / "analysis")
    medium = sorted(f"{each.kind} {each.where.removeprefix(f'{ROOT}/')}" for each in found.of("medium"))
    result = f"{len(found.of('high'))} high, {len(medium)} medium ({', '.join(medium)}), {len(found.of('low'))} low"
    shown("scan", "Bandit over survey and analysis", result, n=f"{found.pages} files")
    assert found.of("high") == []
    assert found.pages > 100


def test_control_bandit_finds_a_planted_hole(tmp_path: Path, shown: Shown) -> None:
    (tmp_path / "hole.py").write_text(HOLE, encoding="utf-8")
    found = bandit(tmp_path, tmp_path / "hole.py")
    result = f"{len(found.of('high'))} high, {len(found.of('medium'))} medium"
    shown("scan", "a planted eval and a shell", result, n="1 file", control=True)
    assert found.of("high") and found.of("medium")


def test_every_package_is_pinned_by_its_hash(shown: Shown) -> None:
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in LOCKED}
    loose = {name: unpinned(text) for name, text in texts.items()}
    packages = sum(len(re.findall(r"^\S+==", text, re.MULTILINE)) for text in texts.values())
    shown("scan", "lock files: a version and a hash for each package", f"{loose} loose", n=packages)
    assert not any(loose.values()) and packages > 200


def test_control_a_package_without_its_hash_is_found(shown: Shown) -> None:
    text = (ROOT / LOCKED[0]).read_text(encoding="utf-8") + "flask>=3\n"
    shown("scan", "a line without a hash", f"{unpinned(text)} loose", n=1, control=True)
    assert unpinned(text) == ["flask>=3"]
