"""The three findings at the top of the page: what a reader with little time should take away from this place.

One of each kind as far as there is one: where patients and providers see things most differently now, whether a
difference has itself changed, which share has changed most since the question was last reworded. Then the next of each,
and last the questions where patients say yes least and most often. A finding says no more than its interval carries.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

if TYPE_CHECKING:
    import pandas as pd

    from analysis.texts import Texts

Row = Mapping[str, Any]
Tables = Mapping[str, "pd.DataFrame"]

MOST = 3


@dataclass(frozen=True)
class Finding:
    """One sentence, the question it is about, and how sure its number is."""

    sentence: str
    question: str | None = None
    extent: str = ""


def three(tables: Tables, texts: "Texts", level: str) -> list[Finding]:
    """At most three findings from the tables of the pictures, the weightiest first."""
    from analysis.frame import records

    now = records(tables["gap"])
    gaps, closer = _gaps(now, texts), _closer(tables["samsyn"], texts)
    moved = _moved(tables["trend"], tables["change"], texts)
    chosen: list[Finding] = []
    for kind in (gaps, closer, moved):
        chosen += _fresh(kind, chosen)[:1]
    rest = [*gaps, *closer, *moved, *_ends(now, texts)]
    # Three questions tell more than three sentences about one.
    while len(chosen) < MOST and (fresh := _fresh(rest, chosen)):
        chosen.append(fresh[0])
    for finding in chain(rest, () if gaps else _no_gap(now, level), _too_few(now)):
        if len(chosen) < MOST and finding not in chosen:
            chosen.append(finding)
    return chosen


def _fresh(findings: Iterable[Finding], chosen: Iterable[Finding]) -> list[Finding]:
    """Those about a question that nothing is said of yet."""
    told = {each.question for each in chosen}
    return [finding for finding in findings if finding.question not in told]


def _surest_first(rows: Iterable[Row], low: str = "low", high: str = "high") -> list[Row]:
    return sorted(rows, key=lambda row: -min(abs(row[low]), abs(row[high])))


def _gaps(now: list[Row], texts: "Texts") -> list[Finding]:
    """The differences that are told from zero."""
    from analysis import findings

    found = []
    for row in _surest_first(row for row in now if row["distinct"]):
        sentence = (
            _("%(question)s: vården svarar ja oftare än patienterna, %(provider)s mot %(patient)s.")
            if row["low"] > 0
            else _("%(question)s: patienterna svarar ja oftare än vården, %(patient)s mot %(provider)s.")
        )
        values = {role: findings.share_words(row, texts, f"{role}_") for role in ("provider", "patient")}
        said = sentence % (values | {"question": texts.question(row["question"])})
        found.append(Finding(said, row["question"], findings.gap_measure(row, texts)))
    return found


def _moved(trend: "pd.DataFrame", latest: "pd.DataFrame", texts: "Texts") -> list[Finding]:
    """The shares that have changed since the first round with the wording of now, and what the last step was."""
    from analysis.frame import records
    from analysis.latest import last_step
    from analysis.over_time import first_against_last, lines
    from analysis.progress import change_measure

    shares = {(row["role"], row["question"], row["round"]): row["share"] for row in records(trend)}
    changes = records(first_against_last(lines(trend)))
    steps = {(row["role"], row["question"]): row for row in records(latest)}
    sentences = {
        ("patient", True): _("%(question)s: större andel patienter svarar ja än %(since)s, %(after)s mot %(before)s."),
        ("patient", False): _("%(question)s: mindre andel patienter svarar ja än %(since)s, %(after)s mot %(before)s."),
        ("provider", True): _("%(question)s: större andel i vården svarar ja än %(since)s, %(after)s mot %(before)s."),
        ("provider", False): _("%(question)s: mindre andel i vården svarar ja än %(since)s, %(after)s mot %(before)s."),
    }
    found = []
    for change in _surest_first(row for row in changes if row["distinct"]):
        line = change["role"], change["question"]
        values = {
            "question": texts.question(change["question"]),
            "since": texts.round_name(change["first"]),
            "after": texts.percent(shares[*line, change["last"]]),
            "before": texts.percent(shares[*line, change["first"]]),
        }
        extent = change_measure(change["change"], change["low"], change["high"], texts)
        if (step := steps[line])["before"] != change["first"]:
            extent = f"{extent} {last_step(step, texts)}".strip()
        found.append(Finding(sentences[change["role"], change["low"] > 0] % values, change["question"], extent))
    return found


def _closer(samsyn: "pd.DataFrame", texts: "Texts") -> list[Finding]:
    """The differences that have themselves changed, which way, and what they were the round before."""
    from analysis import findings
    from analysis.frame import records
    from analysis.progress import change_measure, way

    rows = records(samsyn)
    by_key = {(row["question"], row["round"]): row for row in rows}
    sentences = {
        "less": _(
            "%(question)s: vården och patienterna svarar mer lika än %(since)s. "
            "Skillnaden var %(before)s procentenheter och är %(after)s."
        ),
        "more": _(
            "%(question)s: vården och patienterna svarar mer olika än %(since)s. "
            "Skillnaden var %(before)s procentenheter och är %(after)s."
        ),
        "other": _(
            "%(question)s: skillnaden mellan vården och patienterna har ändrats sedan %(since)s, "
            "från %(before)s till %(after)s procentenheter."
        ),
    }
    found = []
    for row in _surest_first((row for row in rows if row["change_distinct"]), "change_low", "change_high"):
        then = by_key[row["question"], row["since"]]
        values = {
            "question": texts.question(row["question"]),
            "since": texts.round_name(row["since"]),
            "before": findings.gap_number(then, texts),
            "after": findings.gap_number(row, texts),
        }
        extent = change_measure(row["change"], row["change_low"], row["change_high"], texts)
        found.append(
            Finding(sentences[way(row, then)] % values, row["question"], f"{extent}{_between(row, rows, texts)}")
        )
    return found


def _between(row: Row, rows: Iterable[Row], texts: "Texts") -> str:
    """The difference in the round before, where the change is counted from an earlier one; it is not tested."""
    from analysis import findings

    own = [each for each in rows if each["question"] == row["question"] and each["date"] < row["date"]]
    last = max(own, key=lambda each: each["date"])
    if last["round"] == row["since"] or last["status"] == "hidden":
        return ""
    values = {"round": texts.round_name(last["round"]), "number": findings.gap_number(last, texts)}
    return f" {_('Skillnaden omgången före, %(round)s: %(number)s.') % values}"


def _no_gap(now: list[Row], level: str) -> Iterable[Finding]:
    if any(row["status"] != "hidden" for row in now):
        yield Finding(_("Ingen skillnad mellan patienter och vården går att skilja från noll i den här mätomgången."))
    elif level == "unit":
        yield Finding(_("För få svar för att jämföra patienter och vården här. Se kommunen eller regionen."))
    elif level == "municipality":
        yield Finding(_("För få enheter eller svar för att jämföra patienter och vården här. Se regionen."))
    else:
        yield Finding(_("För få enheter eller svar för att jämföra patienter och vården här."))


def _ends(now: list[Row], texts: "Texts") -> Iterable[Finding]:
    """The questions with the lowest and the highest share of yes from patients."""
    from analysis.findings import SURE

    shown = [row for row in now if row["patient_status"] == "shown" and row["patient_n"] >= SURE]
    shown.sort(key=lambda row: row["patient_share"])
    if len(shown) < 2:
        return
    said = []
    # Only where the intervals leave no doubt which question it is.
    if shown[0]["patient_high"] < shown[1]["patient_low"]:
        said.append((shown[0], _("Lägst andel ja från patienterna: %(question)s, %(share)s.")))
    if shown[-1]["patient_low"] > shown[-2]["patient_high"]:
        said.append((shown[-1], _("Högst andel ja från patienterna: %(question)s, %(share)s.")))
    for row, sentence in said:
        values = {"question": texts.question(row["question"]), "share": texts.percent(row["patient_share"])}
        yield Finding(sentence % values, row["question"])


def _too_few(now: list[Row]) -> Iterable[Finding]:
    hidden = sum(row["patient_status"] == "hidden" for row in now)
    if hidden:
        yield Finding(_("Frågor där patienternas svar är för få för att visas: %(number)s av 7.") % {"number": hidden})
