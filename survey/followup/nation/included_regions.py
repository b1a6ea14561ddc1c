"""The regions that a national edition is of, and why others are not in it: as the edition says, never guessed."""

from collections.abc import Iterator, Mapping
from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _

from survey.domain.questions.answer_scale import QUESTIONS, ROLES
from survey.domain.text.collation import collation_key
from survey.domain.text.i18n import N_
from survey.followup.place.figure_text import Context
from survey.followup.selection import Body, PlaceReport
from survey.publication.localised_texts import BabelLocalisation

INCLUDED = "included"
STATUS = {
    INCLUDED: N_("med i siffrorna"),
    "late": N_("inget från de här dagarna än"),
    "missing": N_("inget insamlat"),
    "withdrawn": N_("tillbakadragen av regionen"),
}
# By role and reason.
LEFT_OUT = {
    ("both", "wording"): N_("%(region)s frågade med andra ord: %(questions)s."),
    ("both", "too_few"): N_("%(region)s har för få svar: %(questions)s."),
    ("patient", "wording"): N_("%(region)s frågade patienterna med andra ord: %(questions)s."),
    ("provider", "wording"): N_("%(region)s frågade vården med andra ord: %(questions)s."),
    ("patient", "too_few"): N_("%(region)s har för få svar från patienterna: %(questions)s."),
    ("provider", "too_few"): N_("%(region)s har för få svar från vården: %(questions)s."),
}


def summary_sentences(edition: Body, texts: BabelLocalisation) -> list[str]:
    """Return how many regions stand in the figures, which do not and why, and that some were asked in other words."""
    missing = [f"{row['name']} ({_status(row, texts)})" for row in _missing(edition)]
    found = [how_many(edition, texts)]
    if missing:
        found.append(_("Inte med: %(regions)s.", regions=", ".join(missing)))
    return [*found, *left_out_sentences(edition, texts)]


def how_many(edition: Body, texts: BabelLocalisation) -> str:
    """Return how many regions stand in the figures, of how many; and how many are not gathered from."""
    all_, known = edition["regions_expected"], len(edition["regions"])
    counts = {"found": texts.number(known - len(_missing(edition))), "all": texts.number(all_)}
    sentence = str(_("%(found)s av %(all)s regioner är med i siffrorna.", **counts))
    if all_ > known:
        return f"{sentence} {_('Regioner som inte samlas in härifrån: %(n)s.', n=texts.number(all_ - known))}"
    return sentence


def left_out_sentences(edition: Body, texts: BabelLocalisation) -> list[str]:
    """Return which regions stand in no sum of some questions, and why."""
    names = {row["key"]: row["name"] for row in edition["regions"]}
    by_role: dict[tuple[str, str, str], list[str]] = {}
    for row in edition["left_out"]:
        by_role.setdefault((row["region"], row["why"], row["role"]), []).append(texts.question(row["question"]))
    found = []
    for key, why in dict.fromkeys(each[:2] for each in by_role):
        own = {role: by_role[key, why, role] for role in ROLES if (key, why, role) in by_role}
        alike = len(own) == len(ROLES) and len(set(map(tuple, own.values()))) == 1
        for role, questions in {"both": own[ROLES[0]]}.items() if alike else own.items():
            asked = _("alla frågor") if len(questions) == len(QUESTIONS) else ", ".join(questions)
            found.append(texts.gettext(LEFT_OUT[role, why]) % {"region": names[key], "questions": asked})
    return found


def regions_context(report: PlaceReport) -> Context:
    """Return the content of the page of the regions behind the figures."""
    edition, texts = report.edition, report.texts
    return {
        "sentences": [how_many(edition, texts), *_since_before(report)],
        "regions": [_region_row(row, edition, texts) for row in sorted(edition["regions"], key=_sort_key)],
        "left_out": left_out_sentences(edition, texts),
    }


def _region_row(row: Body, edition: Body, texts: BabelLocalisation) -> Context:
    there = row["status"] == INCLUDED
    other = sorted({row["versions"][role] for role in ROLES} - set(edition["versions"].values())) if there else []
    return {
        "name": row["name"],
        "status": _status(row, texts),
        "there": there,
        "closes": format_date(date.fromisoformat(row["closes"]), "medium") if there else "",
        "edition": texts.number(row["edition"]) if there else "",
        "versions": ", ".join(other),
        "refused": bool(row["refused"]),
        "fingerprint": row["public_key"],
        "sha256": row["sha256"] or "",
    }


def _since_before(report: PlaceReport) -> Iterator[str]:
    """Yield which regions have come and gone since the round before, which its line breaks for."""
    if len(report.bodies) < 2:
        return
    before, now = ({row["key"]: row for row in body["regions"]} for body in report.bodies[-2:])
    there = [{key: row["name"] for key, row in rows.items() if row["status"] == INCLUDED} for rows in (before, now)]
    since = report.texts.round_name(report.bodies[-2]["round"]["key"])
    if come := _named(there[1], there[0]):
        yield _("Nya sedan %(round)s: %(regions)s.", round=since, regions=come)
    if gone := _named(there[0], there[1]):
        yield _("Med %(round)s men inte nu: %(regions)s.", round=since, regions=gone)


def _named(one: Mapping[str, str], other: Mapping[str, str]) -> str:
    return ", ".join(sorted((name for key, name in one.items() if key not in other), key=collation_key))


def _status(row: Body, texts: BabelLocalisation) -> str:
    label = STATUS[row["status"]]
    return texts.gettext(label)


def _missing(edition: Body) -> list[Body]:
    return sorted((row for row in edition["regions"] if row["status"] != INCLUDED), key=_sort_key)


def _sort_key(row: Body) -> str:
    return collation_key(row["name"])
