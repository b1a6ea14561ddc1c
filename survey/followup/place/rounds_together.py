"""A question's newest rounds read as one, for a place where one round says little: beside the newest, never instead."""

from survey.domain.text.i18n import N_
from survey.followup.place import figure_text
from survey.followup.selection import PlaceReport

MAX_ROUNDS = 4
LEVELS = ("municipality", "unit", "unit_group")
SHARES = {
    "patient": N_("Patienter, de senaste omgångarna tillsammans: %(share)s. Ungefär %(n)s svar."),
    "provider": N_("Vården, de senaste omgångarna tillsammans: %(share)s. Ungefär %(n)s svar."),
}
GAP = N_("Skillnaden, de senaste %(rounds)s omgångarna tillsammans: %(gap)s, %(reading)s.")
SUMMARY = N_("De senaste %(rounds)s omgångarna tillsammans: %(gaps)s. Läsning: %(reading)s.")


def question_sentences(report: PlaceReport, question: str) -> list[str]:
    """Return a sentence for each side, and one for the gap where the edition has it; none above municipalities."""
    if report.place["level"] not in LEVELS:
        return []
    return [*_share_sentences(report, question), *_gap_sentence(report, question)]


def _share_sentences(report: PlaceReport, question: str) -> list[str]:
    from analysis.frames.frame import records
    from analysis.frames.rounds_together import cells_together
    from analysis.sentences import findings

    found = []
    for row in records(cells_together(report.bodies, report.node, MAX_ROUNDS)):
        if row["question"] == question:
            share = findings.share_text(row, report.texts)
            if extent := figure_text.interval_text(row, report):
                share = f"{share} ({extent})"
            n, sentence = report.texts.number(row["n"]), SHARES[row["role"]]
            found.append(report.texts.gettext(sentence) % {"share": share, "n": n})
    return found


def _gap_sentence(report: PlaceReport, question: str) -> list[str]:
    from analysis.frames.rounds_together import gaps_together
    from analysis.sentences import findings

    row, texts = gaps_together(report.bodies, report.node).get(question), report.texts
    if row is None:
        return []
    verdict = texts.gettext(findings.difference_verdict(row["distinct"], row["low"], row["high"]))
    return [
        texts.gettext(GAP)
        % {"rounds": texts.number(row["rounds"]), "gap": _gap_with_interval(row, report), "reading": verdict}
    ]


def summary_sentence(report: PlaceReport) -> str:
    """Return the gaps that the newest rounds tell together, for where one alone tells none; else what may be chance."""
    from analysis.frames.rounds_together import gaps_together
    from analysis.sentences import findings

    if report.place["level"] not in LEVELS:
        return ""
    rows, texts = gaps_together(report.bodies, report.node), report.texts
    for wanted in (findings.DISTINCT, findings.POSSIBLY_CHANCE):
        own = {
            q: row
            for q, row in rows.items()
            if findings.difference_verdict(row["distinct"], row["low"], row["high"]) == wanted
        }
        if own:
            gaps = ", ".join(f"{texts.question(q)} {_gap_with_interval(row, report)}" for q, row in own.items())
            rounds = texts.number(max(row["rounds"] for row in own.values()))
            return texts.gettext(SUMMARY) % {"rounds": rounds, "gaps": gaps, "reading": texts.gettext(wanted)}
    return ""


def _gap_with_interval(row: figure_text.Row, report: PlaceReport) -> str:
    from analysis.sentences import findings

    return f"{report.texts.points(row['gap'])} ({findings.interval_text(report.texts, row['low'], row['high'])})"
