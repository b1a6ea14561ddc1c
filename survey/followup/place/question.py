"""The page of one question at a place: its wording, the figures now and over the rounds, and the notes on them.

Every figure is one that stands in an edition, or one that `analysis` makes of them.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from sqlalchemy import Connection

from survey.domain.questions.questionnaire import QUESTIONS, ROLES, Version
from survey.followup.place import answers_needed, compared, pictures, rounds_together, words
from survey.followup.place.bar import TOP
from survey.followup.place.opened import Opened
from survey.followup.place.words import Row, Said
from survey.followup.selection import Reading

OF_ALL = ("dont_know", "not_needed")
Versions = Mapping[str, Version]


def page(connection: Connection, reading: Reading, here: Opened, question: str, versions: Versions) -> Said:
    """Return what the page says of the question, but for what the group keeps beside it."""
    rows = words.over_rounds(words.by_round(reading))[question]
    found = section(reading, question, rows, versions)
    found["now"] = now(reading, question, versions)
    found["together"] = rounds_together.of_question(reading, question)
    found["change"] = changes(reading).get(question, "")
    found["over_time"] = pictures.picture(reading, question, reading.table(question))
    found["places"] = compared.of_question(connection, reading, here, question)
    found["needed"] = answers_needed.of_question(question, reading)
    # A unit without a figure gets no picture of the units.
    if reading.place["level"] != "unit" or rows[-1]["status"] == "shown":
        found["units"] = compared.picture(connection, reading, here, f"units-{question}")
    if reading.place["level"] == TOP:
        found["municipalities"] = compared.picture(connection, reading, here, f"municipalities-{question}")
    return found


def section(reading: Reading, question: str, rows: Sequence[Row], versions: Versions) -> Said:
    """Return both wordings, what a difference means, what can be told of the gap, and each round."""
    from analysis.sentences import findings

    texts = reading.texts
    asked = {role: versions[reading.edition["versions"][role]].question(role, question) for role in ROLES}
    olds = _old_wordings(question, reading, versions)
    return {
        "key": question,
        "name": texts.question(question),
        "asked": {role: texts.gettext(asked[role].text) for role in ROLES},
        "options": {role: [texts.gettext(option.label) for option in asked[role].options] for role in ROLES},
        "meaning": texts.gettext(asked["patient"].difference),
        "verdict": findings.gap_sentence(rows[-1], texts),
        "rounds": [
            round_(row, before, reading) | {"old": old}
            for (row, before), old in zip(words.with_before(rows), olds, strict=True)
        ],
    }


def now(reading: Reading, question: str, versions: Versions) -> list[Said]:
    """Return both sides' answers in the edition that is read, option by option."""
    from analysis.frames.frame import records
    from analysis.sentences import findings

    rows = [row for row in records(reading.cells) if row["question"] == question]
    newest = {row["role"]: row for row in rows}  # the newest is the last
    found = []
    for role in ROLES:
        row, asked = newest[role], versions[reading.edition["versions"][role]].question(role, question)
        found.append(
            {
                "role": role,
                "share": findings.share_words(row, reading.texts),
                "interval": words.interval(row, reading),
                "n": words.about(row["n"], reading),
                "may_say": [option.code for option in asked.options],
                **{name: words.percent(row[name], reading) for name in ("partly", "no", "not_yes", *OF_ALL)},
            }
        )
    return found


def round_(row: Row, before: Row | None, reading: Reading) -> Said:
    """Return one round of the question: both shares, the gap, and what was asked anew."""
    return {
        "name": words.round_name(reading, row["round"]),
        "reworded": words.reworded(row, before),
        "joined": list(reading.joined.get(row["round"], ())),
        "sides": [words.side(row, reading, role) for role in ROLES],
        "gap": words.gap(row, reading),
    }


def _old_wordings(question: str, reading: Reading, versions: Versions) -> list[dict[str, str]]:
    """Return each role's wording in the round before, for every round."""
    asked = [
        {role: versions[body["versions"][role]].question(role, question).text for role in ROLES}
        for body in reading.bodies
    ]
    told = [{role: reading.texts.gettext(text) for role, text in each.items()} for each in asked]
    return [{}, *(before for before, _after in pairwise(told))]


def changes(reading: Reading) -> dict[str, str]:
    """Return how each gap has changed, and what is told of the shares, in sentences; no entry where none is tested."""
    from analysis.charts import gap_trend, trend

    gaps, shares = reading.table("samsyn"), reading.table("trend")
    found = {
        key: " ".join(
            filter(None, (gap_trend.change(gaps, key, reading.texts), *trend.moved(shares, key, reading.texts)))
        )
        for key in QUESTIONS
    }
    return {key: words for key, words in found.items() if words}
