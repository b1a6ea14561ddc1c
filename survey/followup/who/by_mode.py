"""Collection modes of residents' answers, and whether those without a code answered alike: for the region."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from survey.domain.questions.questionnaire import QUESTIONS
from survey.followup.place import figure_text
from survey.followup.place.figure_text import Context
from survey.followup.selection import PlaceReport
from survey.publication.sample_size import code_response_rate

ROLE = "patient"


def modes_context(report: PlaceReport) -> Context:
    """Return the number of answers by mode, the two modes compared now, and as two series over the rounds."""
    from analysis.frames import collection_modes
    from analysis.frames.frame import records

    edition = report.bodies[-1]
    came = collection_modes.answers_by_mode(edition, ROLE)
    by_mode = collection_modes.cells_by_mode(edition)
    both = collection_modes.OPEN in by_mode and collection_modes.INVITED in by_mode
    differs = {row["question"]: row for row in records(collection_modes.difference(edition))} if both else {}
    return {
        "came": [_mode_row(mode, n, report) for mode, n in came.items()] if len(came) > 1 else [],
        "finding": _difference_sentence(differs, report) if both else "",
        "questions": [_question_row(question, by_mode, differs, report) for question in QUESTIONS] if both else [],
        **_series(report),
    }


def _mode_names() -> Mapping[str, str]:
    return {"invited": _("Med egen kod"), "open": _("Utan kod"), "paper": _("På papper")}


def _mode_row(mode: str, n: int | None, report: PlaceReport) -> Context:
    """Return one mode: the rounded number of answers, and of codes the number handed out and the part answered."""
    from analysis.frames import collection_modes

    by_code = mode == collection_modes.INVITED
    out = report.respondents.get((report.node, ROLE), {}).get("handed_out") if by_code else None
    rate = code_response_rate(report.edition, report.respondents, ROLE) if by_code else None
    return {
        "name": _mode_names()[mode],
        "n": report.texts.number(n) if n else "",
        "handed_out": report.texts.number(out) if out else "",
        "rate": figure_text.rate_text(100 * rate, report) if rate is not None else "",
        "open": mode == "open",
    }


def _difference_sentence(differs: Mapping[str, Mapping[str, Any]], report: PlaceReport) -> str:
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
            sentences.append(words_of % {"questions": listed(own, report.texts)})
    return " ".join(sentences) or str(_("Ingen av skillnaderna är säkert mer än slump."))


def _question_row(
    question: str, by_mode: Mapping[str, Any], differs: Mapping[str, Mapping[str, Any]], report: PlaceReport
) -> Context:
    from analysis.sentences import findings

    found: Context = {"name": report.texts.question(question)}
    found["sides"] = [_cell(by_mode[mode].get(question), report) for mode in ("invited", "open")]
    row = differs.get(question)
    if row is None:
        return found | {"number": "–", "extent": "", "distinct": False}
    extent = findings.interval_text(report.texts, row["low"], row["high"])
    return found | {
        "number": report.texts.points(row["difference"]),
        "extent": extent,
        "distinct": bool(row["distinct"]),
    }


def _cell(row: figure_text.Row | None, report: PlaceReport) -> Context:
    from analysis.sentences import findings

    if row is None:
        return {"share": "–", "interval": "", "quiet": True}
    share = findings.share_text(row, report.texts)
    return {
        "share": share,
        "interval": figure_text.interval_text(row, report),
        "quiet": row["status"] in figure_text.UNSHOWN,
    }


def _series(report: PlaceReport) -> Context:
    """Return both modes on each question over the rounds; nothing where fewer than two rounds tell them apart."""
    from analysis.frames import collection_modes

    rounds = [(key, by_mode) for key, by_mode in collection_modes.series(report.bodies) if len(by_mode) > 1]
    if len(rounds) < 2:
        return {"rounds": [], "over_time": []}
    return {
        "rounds": [figure_text.round_name(report, key) for key, _told in rounds],
        "over_time": [
            {
                "name": report.texts.question(question),
                "sides": [
                    {
                        "name": _mode_names()[mode],
                        "cells": [_cell(by_mode.get(mode, {}).get(question), report) for _key, by_mode in rounds],
                    }
                    for mode in ("invited", "open")
                ],
            }
            for question in QUESTIONS
        ],
    }
