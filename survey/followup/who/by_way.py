"""Collection modes of residents' answers, and whether those without a code answered alike: for the region."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from survey.domain.questions.questionnaire import QUESTIONS
from survey.followup.place import words
from survey.followup.place.words import Said
from survey.followup.selection import Reading
from survey.publication.hand_outs import code_rate

ROLE = "patient"


def said(reading: Reading) -> Said:
    """Return the number of answers by mode, the two modes compared now, and as two series over the rounds."""
    from analysis.frames import collection_modes
    from analysis.frames.frame import records

    edition = reading.bodies[-1]
    came = collection_modes.received(edition, ROLE)
    told = collection_modes.by_way(edition)
    both = collection_modes.OPEN in told and collection_modes.CODE in told
    differs = {row["question"]: row for row in records(collection_modes.difference(edition))} if both else {}
    return {
        "came": [_came(way, n, reading) for way, n in came.items()] if len(came) > 1 else [],
        "finding": _finding(differs, reading) if both else "",
        "questions": [_question(question, told, differs, reading) for question in QUESTIONS] if both else [],
        **_series(reading),
    }


def _names() -> Mapping[str, str]:
    return {"invited": _("Med egen kod"), "open": _("Utan kod"), "paper": _("På papper")}


def _came(way: str, n: int | None, reading: Reading) -> Said:
    """Return one mode: the rounded number of answers, and of codes the number handed out and the part answered."""
    from analysis.frames import collection_modes

    by_code = way == collection_modes.CODE
    out = reading.respondents.get((reading.node, ROLE), {}).get("handed_out") if by_code else None
    rate = code_rate(reading.edition, reading.respondents, ROLE) if by_code else None
    return {
        "name": _names()[way],
        "n": reading.texts.number(n) if n else "",
        "handed_out": reading.texts.number(out) if out else "",
        "rate": words.part(100 * rate, reading) if rate is not None else "",
        "open": way == "open",
    }


def _finding(differs: Mapping[str, Mapping[str, Any]], reading: Reading) -> str:
    """Return where the two modes differ by more than chance, over all that was tested."""
    from analysis.sentences.trend import listed

    if not differs:
        return str(_("Svaren på det ena sättet är för få eller för osäkra för att jämföra."))
    sentences = []
    for more, words_of in (
        (True, _("De som svarade utan kod svarar ja oftare än de som hade kod: %(questions)s.")),
        (False, _("De som svarade utan kod svarar ja mer sällan än de som hade kod: %(questions)s.")),
    ):
        own = [name for name, row in differs.items() if row["distinct"] and (row["difference"] > 0) == more]
        if own:
            sentences.append(words_of % {"questions": listed(own, reading.texts)})
    return " ".join(sentences) or str(_("Ingen av skillnaderna är säkert mer än slump."))


def _question(
    question: str, told: Mapping[str, Any], differs: Mapping[str, Mapping[str, Any]], reading: Reading
) -> Said:
    from analysis.sentences import findings

    found: Said = {"name": reading.texts.question(question)}
    found["sides"] = [_cell(told[way].get(question), reading) for way in ("invited", "open")]
    row = differs.get(question)
    if row is None:
        return found | {"number": "–", "extent": "", "distinct": False}
    extent = findings.from_to(reading.texts, row["low"], row["high"])
    return found | {
        "number": reading.texts.points(row["difference"]),
        "extent": extent,
        "distinct": bool(row["distinct"]),
    }


def _cell(row: words.Row | None, reading: Reading) -> Said:
    from analysis.sentences import findings

    if row is None:
        return {"share": "–", "interval": "", "quiet": True}
    share = findings.share_words(row, reading.texts)
    return {"share": share, "interval": words.interval(row, reading), "quiet": row["status"] in words.UNSHOWN}


def _series(reading: Reading) -> Said:
    """Return both modes on each question over the rounds; nothing where fewer than two rounds tell them apart."""
    from analysis.frames import collection_modes

    rounds = [(key, told) for key, told in collection_modes.series(reading.bodies) if len(told) > 1]
    if len(rounds) < 2:
        return {"rounds": [], "over_time": []}
    return {
        "rounds": [words.round_name(reading, key) for key, _told in rounds],
        "over_time": [
            {
                "name": reading.texts.question(question),
                "sides": [
                    {
                        "name": _names()[way],
                        "cells": [_cell(told.get(way, {}).get(question), reading) for _key, told in rounds],
                    }
                    for way in ("invited", "open")
                ],
            }
            for question in QUESTIONS
        ],
    }
