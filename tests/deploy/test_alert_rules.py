"""The alarms of deploy/prometheus: each asks for what is told, each fault has one, each says what to do first.

Each rule is seen red on a planted fault.
"""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from survey.channels import CHANNELS
from survey.domain.rounds.lifecycle import STATES
from survey.sealing.checks import reconciliation, watch
from survey.sealing.rounds import key_cleanup
from survey.store.core import health
from survey.store.database.engine import write_transaction
from survey.store.maintenance import disk
from survey.worker.loop import Worker
from survey.worker.metrics import WorkerMetrics
from tests.sealed import make_sealed
from tests.worker.desk import TODAY

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "prometheus"
OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
# What Prometheus itself says of a target, and the exporter that asks the web parts.
OF_OTHERS = {"up", "probe_success"}
SENTENCES = ("summary", "residents", "first")
# Words of PromQL that stand where names do.
WORDS = {"and", "or", "on", "offset", "absent", "unless"}

Rule = dict[str, Any]


def rules_of(text: str) -> list[Rule]:
    """Every rule of a file."""
    return [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]


RULES = rules_of((FOLDER / "rules.yml").read_text(encoding="utf-8"))


def health_names() -> set[str]:
    """Every name that a health page can say: those written down, by whatever line of ours, and those of who looks."""
    of_channels = {each.key for each in CHANNELS.values() if each.sends}
    known = {
        "disk.HEALTH": {disk.HEALTH},
        "self.channel": of_channels,
        "reconciliation": {reconciliation.HEALTH},
        "key_cleanup": {key_cleanup.HEALTH},
        "watch": {watch.HEALTH},
    }
    found = {health.DATABASE, health.SILENT}
    for path in (ROOT / "survey").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("HealthLine") and node.args:
                (name, *_rest) = node.args
                said = path.stem if ast.unparse(name) == "HEALTH" else ast.unparse(name)
                found |= {str(name.value)} if isinstance(name, ast.Constant) else known[said]
    return found


def selectors(expression: str) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Each metric that an expression asks for, with what it says of labels."""
    for name, inside in re.findall(
        r"([a-z_]+)(?:\{([^}]*)\})?", re.sub(r"on \([a-z, ]*\)|\b\d+[hm]\b", "", expression)
    ):
        if name not in WORDS:
            labels = re.findall(r'([a-z]+)=~?"([^"]*)"', inside)
            yield name, {label: value.split("|") for label, value in labels}


@pytest.fixture
def exported(sqlite_url: str, open_engine: Any, tmp_path: Path) -> dict[str, dict[str, set[str]]]:
    """Every metric that is told, with the values of its labels, when every line of health has been written."""
    engine: Engine = open_engine(sqlite_url)
    sealed = make_sealed(engine, tmp_path)
    worker = Worker(engine, sealed.settings, {})
    worker.turn(TODAY)
    with write_transaction(engine) as connection:
        health.write(connection, [health.HealthLine(name, True) for name in ("mail", "sms", "disk")])
    registry = CollectorRegistry()
    registry.register(WorkerMetrics(worker, lambda: TODAY))
    found: dict[str, dict[str, set[str]]] = {}
    for family in text_string_to_metric_families(generate_latest(registry).decode()):
        for sample in family.samples:
            for label, value in sample.labels.items():
                found.setdefault(sample.name, {}).setdefault(label, set()).add(value)
            found.setdefault(sample.name, {})
    return found


def unknown(rules: list[Rule], exported: dict[str, dict[str, set[str]]]) -> list[str]:
    """What rules ask for and nobody tells."""
    return [
        f"{rule['alert']}: {name} {label} {value}".rstrip()
        for rule in rules
        for name, labels in selectors(rule["expr"])
        if name not in OF_OTHERS
        for label, values in (labels or {"": [""]}).items()
        for value in values
        if name not in exported or (label and value not in exported[name].get(label, ()))
    ]


def test_what_the_rules_ask_for_is_told(exported: dict[str, dict[str, set[str]]]) -> None:
    assert unknown(RULES, exported) == []
    assert len([rule for rule in RULES if dict(selectors(rule["expr"]))]) == len(RULES) > 10
    for planted in ("survey_gone > 0", 'survey_well{check="gone"} == 0', 'survey_well{unit="mail"} == 0'):
        assert len(unknown([{"alert": "Planted", "expr": planted}], exported)) == 1
    planted = 'survey_rounds{state=~"closing|gone"} > 0 and on (transport) survey_gone offset 6h'
    assert unknown([{"alert": "P", "expr": planted}], exported) == ["P: survey_rounds state gone", "P: survey_gone"]


def covered(rules: list[Rule]) -> set[str]:
    """The names of the health pages that a rule asks for."""
    return {
        value
        for rule in rules
        for name, labels in selectors(rule["expr"])
        if name == "survey_well"
        for value in labels.get("check", [])
    }


def test_each_name_that_can_be_unwell_has_an_alarm() -> None:
    names = health_names()
    assert {"database", "silent", "worker", "disk", "answers", "seal", "keys", "mail", "sms"} <= names
    assert covered(RULES) == names
    assert covered([rule for rule in RULES if rule["alert"] != "SealBroken"]) == names - {"seal"}


def anchors(text: str) -> set[str]:
    """The sections that can be linked to, as a page of Markdown names them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}


def faults_of(rule: Rule) -> list[str]:
    """What a rule does not say to who is woken by it."""
    told = rule["annotations"]
    faults = [name for name in SENTENCES if not re.fullmatch(r"[A-Za-z].{6,}[.]", told.get(name, ""), re.DOTALL)]
    document, _, section = told.get("read", "").partition("#")
    if document != "docs/operating.md" or section not in anchors(OPERATING):
        faults.append("read")
    if rule["labels"].get("severity") not in ("night", "day"):
        faults.append("severity")
    return faults


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_an_alarm_says_what_residents_notice_and_what_to_do_first(rule: Rule) -> None:
    assert faults_of(rule) == []


def test_an_alarm_that_says_too_little_is_found() -> None:
    (whole, *_) = RULES
    for name in (*SENTENCES, "read"):
        assert faults_of({**whole, "annotations": {**whole["annotations"], name: ""}}) == [name]
    gone = {**whole["annotations"], "read": "docs/operating.md#gone"}
    assert faults_of({**whole, "annotations": gone, "labels": {}}) == ["read", "severity"]


def test_commands_that_are_told_are_there() -> None:
    from survey import cli

    text = " ".join(rule["annotations"]["first"] for rule in RULES)
    told = re.findall(r"flask --app wsgi ((?:[a-z]+ ?)+)", text)
    assert told and all(any(command.startswith(name) for name in cli.names()) for command in told), told
    services = {path.stem for path in (ROOT / "deploy" / "systemd").glob("*.service")}
    # No figure tells of the nightly backup: systemd says whether it failed.
    assert set(re.findall(r"sju-fragor-\w+", text)) == services - {"sju-fragor-backup"}


def test_each_is_named_once_and_the_rounds_states_are_the_rounds_own() -> None:
    assert len({rule["alert"] for rule in RULES}) == len(RULES)
    states = {state for rule in RULES for name, labels in selectors(rule["expr"]) for state in labels.get("state", [])}
    assert states - {"cancelling"} <= set(STATES)


def test_the_jobs_that_rules_name_are_asked_and_no_time_of_theirs_is_kept() -> None:
    jobs = {job["job_name"]: job for job in yaml.safe_load((FOLDER / "scrape.yml").read_text())["scrape_configs"]}
    named = {job for rule in RULES for _, labels in selectors(rule["expr"]) for job in labels.get("job", [])}
    assert named == set(jobs)
    parts = {part for rule in RULES for _, labels in selectors(rule["expr"]) for part in labels.get("part", [])}
    assert parts == {each["labels"]["part"] for each in jobs["sju-fragor-ready"]["static_configs"]}
    assert jobs["sju-fragor-ready"]["metric_relabel_configs"] == [
        {"source_labels": ["__name__"], "regex": "probe_success", "action": "keep"}
    ]
    for job in jobs.values():
        hosts = [target.removeprefix("http://") for each in job["static_configs"] for target in each["targets"]]
        assert job["scrape_interval"] == "60s" and all(host.startswith("127.0.0.1:") for host in hosts)


def test_prometheus_has_nothing_to_say_of_them() -> None:
    if (promtool := shutil.which("promtool")) is None:
        return  # not every machine that tests has it; what it would say is looked at above
    said = subprocess.run([promtool, "check", "rules", str(FOLDER / "rules.yml")], capture_output=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
