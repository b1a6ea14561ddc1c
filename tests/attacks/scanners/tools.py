"""Known scanners, run from an environment of their own (`.venv/attack`), for the attacks in `make attack`.

Each is bounded, sees loopback alone, and keeps its files in the test's folder.
"""

import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent.parent.parent
TOOLS = ROOT / ".venv" / "attack" / "bin"
LONGEST = 1800.0
MODULES = "xss,permanentxss,sql,exec,file,redirect,crlf,csp,cookieflags,http_headers"
LEVELS = {1: "low", 2: "medium", 3: "high", 4: "critical"}
POLICY = "Content Security Policy Configuration"
INJECTABLE, NOT_INJECTABLE = "identified the following injection point", "do not appear to be injectable"


def run(tool: str, options: Sequence[str], folder: Path) -> str:
    """Run a scanner to its end; what it said."""
    command = [str(TOOLS / tool), *options]
    environ = {**os.environ, "HOME": str(folder)}
    kept = {"stdin": subprocess.DEVNULL, "capture_output": True, "timeout": LONGEST}
    done = subprocess.run(command, cwd=folder, env=environ, text=True, check=False, **kept)
    assert done.returncode in (0, 1), done.stderr[-2000:]
    return done.stdout


@dataclass(frozen=True)
class Finding:
    """What a scanner says is wrong, and how much."""

    kind: str
    level: str
    where: str


@dataclass(frozen=True)
class Scanned:
    """How many pages were met, and what was found on them."""

    pages: int
    findings: tuple[Finding, ...]

    def of(self, *levels: str) -> list[Finding]:
        """Those of these levels."""
        return [each for each in self.findings if each.level in levels]


def wapiti(folder: Path, base: str, starts: Sequence[str], seconds: int, cookie: str = "", leave: str = "") -> Scanned:
    """Crawl a web, then attack it for so many seconds a module at most, with a cookie where there is one."""
    report = folder / "wapiti.json"
    options = ["-u", base + starts[0], *(part for start in starts[1:] for part in ("-s", base + start))]
    options += ["--scope", "domain", "-m", MODULES, "--max-parameters", "40", "-t", "20", "-v", "0"]
    options += ["--max-scan-time", str(2 * seconds), "--max-attack-time", str(seconds), "--tasks", "4"]
    options += ["--no-bugreport", "--flush-session"]
    options += ["--endpoint", "http://127.0.0.1:9/", "--dns-endpoint", "localhost"]
    options += ["--store-session", str(folder / "session"), "--store-config", str(folder / "config")]
    options += ["-f", "json", "-o", str(report)]
    options += (["-C", cookie] if cookie else []) + (["-x", base + leave] if leave else [])
    run("wapiti", options, folder)
    found = json.loads(report.read_text(encoding="utf-8"))
    findings = [
        Finding(kind, LEVELS[each["level"]], f"{each['path']} {each['parameter']} {each['info']}")
        for group in ("vulnerabilities", "anomalies")
        for kind, some in found[group].items()
        for each in some
    ]
    return Scanned(int(found["infos"]["crawled_pages_nbr"]), tuple(findings))


def sqlmap(
    folder: Path, address: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None, **mark: str
) -> tuple[int, bool]:
    """Try SQL in each field, or where a star stands in the address: how many were tried, whether one let it in.

    `mark`: where a fresh mark against cross-site posts is fetched, and what it is called.
    """
    options = ["-u", address, "--batch", "--flush-session", "--fresh-queries", "--disable-coloring"]
    options += ["--level", "1", "--risk", "1", "--technique", "BEU", "--timeout", "30", "--retries", "1"]
    options += ["--output-dir", str(folder / "sqlmap")]
    if fields:
        names = [name for name in fields if name not in mark.values()]
        options += ["--data", urlencode(fields), "-p", ",".join(names)]
    options += [part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")]
    options += [part for name, value in mark.items() for part in (f"--{name.replace('_', '-')}", value)]
    said = run("sqlmap", options, folder)
    assert (INJECTABLE in said) != (NOT_INJECTABLE in said), said[-2000:]
    return len(set(re.findall(r"testing for SQL injection on (.+ parameter '[^']+')", said))), INJECTABLE in said


def bandit(folder: Path, *places: Path) -> Scanned:
    """Read source for what is usually wrong in it."""
    found = json.loads(run("bandit", ["-r", "-q", "-f", "json", *map(str, places)], folder))
    findings = [
        Finding(each["test_id"], each["issue_severity"].lower(), f"{each['filename']}:{each['line_number']}")
        for each in found["results"]
    ]
    return Scanned(len(found["metrics"]) - 1, tuple(findings))
