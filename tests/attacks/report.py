"""`make attack`: run every attack in full, and write what it showed, beside its control, to docs/privacy-report.md.

For the data protection officer. A row is what a test said through `shown`; a test that fails has no row that says
otherwise, and ends the run with its exit status.
"""

import os
import platform
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
REPORT = ROOT / "docs" / "privacy-report.md"
WHERE = (
    "tests/attacks",
    "tests/answer/test_lengths.py",
    "tests/browser/test_bad_replies.py",
    "tests/browser/test_kiosk_bad_replies.py",
    "tests/browser/test_kiosk_weeks.py",
    "tests/store/test_schema.py",
    "tests/domain/test_noise.py",
)
# Not collected by the everyday tests: the scanners need packages of their own.
COLLECTED = ("-o", "python_files=test_*.py web.py source.py")
# What is timed against a limit or reply by reply, or needs both cores to come to an end, runs alone.
ALONE = ("tests/attacks/test_kill_web.py", "tests/attacks/test_probe.py", "tests/attacks/test_race.py")
PROPERTY = "shown"

ATTACKS = {
    "linkage": "Linkage: a thief with every commit's copy, backups, logs and the list of codes",
    "intersection": "Linkage: the two envelopes of one answer, by intersection of what was opened",
    "writer": "Writing: who can write to the database swaps keys, crowds and places",
    "isolation": "Writing: one answer left alone among answers that one knows",
    "restored": "A database from before the closing, put back",
    "counter": "A colleague: the figure of how many have answered, read as a counter",
    "donor": "A colleague: a crowd filled by who keys in answers of their own",
    "rest": "At rest: answers and private keys in database, log, temporary files, backups",
    "erasing": "Erased keys looked for on the volumes they lay on, by a blind scan",
    "closing": "Keys left, and counts, after kill -9 at every step of closing",
    "once": "Exactly once: kill -9 of web and worker under load, with double taps",
    "restart": "Exactly once: the database restarted, connections cut before and after commit",
    "hosts": "Several hosts: a database, an app host or the worker's killed, cut off or lost under load",
    "race": "Exactly once: one code sent by many at the same time",
    "power": "Power cuts: unsynced writes dropped, reordered, torn",
    "flush": "PostgreSQL: a thank-you only after the flush of its commit",
    "disk": "Full and failing disks",
    "probe": "Probing: a fresh and a spent code",
    "scanner": "Mail scanners and previews that open every link",
    "stuffing": "Stuffing: an open link that is sent to again and again",
    "half": "Half bodies: requests that are begun and not ended, in front of everybody else",
    "flood": "A flood of strangers who try to sign in, in front of the staff's pages",
    "canary": "Leaks: canaries in every field, header and path",
    "lengths": "Leaks: the length of a reply over answer patterns",
    "headers": "Leaks: headers on every route and status",
    "noise": "The noise: how much likelier one person's answer can make any outcome",
    "insider": "An insider: one person's answer, by who knows every other, from all that is written and published",
    "holder": "Who holds the database: exact counts looked for, worked out and drawn again",
    "front": "Replies that are not ours: gateways, portals, redirects, half pages, broken lines, on phone and kiosk",
    "kiosk": "A kiosk without a line for weeks: kills, lost replies, updates, a restored database; the tablet stolen",
    "schema": "The schema: columns that could tie a respondent to an answer",
    "fuzz": "Fuzzing: any request at all",
    "model": "A random life of the survey: issue, answer, repeat, close, crash, restore",
    "scan": "Scanners and supply",
    "mutation": "Mutation testing: faults planted in accept, opening, closing and the noise",
}


@dataclass
class Row:
    """One line of the report."""

    attack: str
    what: str
    result: str
    seconds: float
    passed: bool
    control: bool
    n: str = ""
    seed: str = ""


@dataclass(eq=False)
class Gathered:
    """A pytest plugin that keeps what the tests showed."""

    rows: list[Row] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    interrupted: bool = False

    def missing(self) -> list[str]:
        """The attacks that have shown nothing, or whose control has not."""
        there = {(row.attack, row.control) for row in self.rows}
        return [key for key in ATTACKS if not {(key, False), (key, True)} <= there]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Called by pytest after each phase of each test, here also for those run by its workers."""
        if report.failed:
            self.failed.append(report.nodeid)
        if report.when == "call":
            for name, said in report.user_properties:
                if name == PROPERTY and isinstance(said, Mapping):
                    self.rows.append(Row(**said, seconds=report.duration, passed=report.passed))


def table(rows: Iterable[Row]) -> list[str]:
    """The rows in the order of the registry, each attack with its controls below it."""
    lines = ["| attack | what was done | N | seed | seconds | result |", "|---|---|---|---|---|---|"]
    order = list(ATTACKS)
    for row in sorted(rows, key=lambda row: (order.index(row.attack), row.control, row.what)):
        what = f"*control, must fail:* {row.what}" if row.control else row.what
        result = row.result if row.passed else f"**FAILED** {row.result}"
        lines.append(f"| {row.attack} | {what} | {row.n} | {row.seed} | {row.seconds:.0f} | {result} |")
    return lines


def version() -> str:
    """The version of the product, with the commit where there is one."""
    named = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    command = ["git", "rev-parse", "--short", "HEAD"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    return f"{named}, commit {found}" if found else str(named)


def text(gathered: Gathered, seconds: float) -> str:
    """The whole report."""
    cores, memory = os.cpu_count(), os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    lines = [
        "# Privacy report",
        "",
        "For the data protection officer: every promise on the first page, attacked on the running product. Made by",
        f"`make attack` on {date.today()} for version {version()}, in {seconds / 60:.0f} minutes on {cores} cores with",
        f"{memory:.0f} GB, Python {platform.python_version()}. Don't edit it: run it again.",
        "",
        "An attack that could not fail proves nothing, so each has a control: a naive survey, or a planted fault,",
        "that the same attack must bring down. N is what was tried; the seed makes it the same again.",
        "",
        *table(gathered.rows),
        "",
        "| key | attack |",
        "|---|---|",
        *(f"| {key} | {name} |" for key, name in ATTACKS.items()),
        "",
    ]
    if gathered.missing():
        lines += ["**Not run:** " + ", ".join(gathered.missing()), ""]
    if gathered.interrupted:
        lines += ["**Interrupted:** not every attack has run.", ""]
    if gathered.failed:
        lines += ["**Failed:** " + ", ".join(sorted(set(gathered.failed))), ""]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Run the attacks named, else all; the report is written when all have run."""
    import time

    os.environ["ATTACK"] = "full"
    gathered, begun = Gathered(), time.monotonic()
    beside = [*(arguments or WHERE), *(f"--ignore={path}" for path in ALONE if not arguments)]
    runs = [["-n", "1", *ALONE], ["-n", "2", "--dist", "loadgroup", *beside]][bool(arguments) :]
    status = 0
    for run in runs:
        ended = int(pytest.main(["-p", "no:cacheprovider", *COLLECTED, *run], plugins=[gathered]))
        status = status or ended
        gathered.interrupted |= ended == pytest.ExitCode.INTERRUPTED
        if gathered.interrupted:
            break
    if not arguments:
        status = status or len(gathered.missing())
        REPORT.write_text(text(gathered, time.monotonic() - begun), encoding="utf-8")
        print(f"Written: {REPORT.relative_to(ROOT)}")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
