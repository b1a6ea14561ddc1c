"""A question's newest rounds read as one, for a place where one round says little: beside the newest, never instead."""

from survey.domain.text.i18n import N_
from survey.followup.place import words
from survey.followup.selection import Reading

MANY = 4
LEVELS = ("municipality", "unit", "unit_group")
OF = {
    "patient": N_("Patienter, de senaste omgångarna tillsammans: %(share)s. Ungefär %(n)s svar."),
    "provider": N_("Vården, de senaste omgångarna tillsammans: %(share)s. Ungefär %(n)s svar."),
}
GAP = N_("Skillnaden, de senaste %(rounds)s omgångarna tillsammans: %(gap)s, %(reading)s.")
SUMMARY = N_("De senaste %(rounds)s omgångarna tillsammans: %(gaps)s. Läsning: %(reading)s.")


def of_question(reading: Reading, question: str) -> list[str]:
    """Return a sentence for each side, and one for the gap where the edition has it; none above municipalities."""
    if reading.place["level"] not in LEVELS:
        return []
    return [*_shares(reading, question), *_gap(reading, question)]


def _shares(reading: Reading, question: str) -> list[str]:
    from analysis.frames.frame import records
    from analysis.frames.rounds_together import cells_together
    from analysis.sentences import findings

    found = []
    for row in records(cells_together(reading.bodies, reading.node, MANY)):
        if row["question"] == question:
            share = findings.share_words(row, reading.texts)
            if extent := words.interval(row, reading):
                share = f"{share} ({extent})"
            n, sentence = reading.texts.number(row["n"]), OF[row["role"]]
            found.append(reading.texts.gettext(sentence) % {"share": share, "n": n})
    return found


def _gap(reading: Reading, question: str) -> list[str]:
    from analysis.frames.rounds_together import gaps_together
    from analysis.sentences import findings

    row, texts = gaps_together(reading.bodies, reading.node).get(question), reading.texts
    if row is None:
        return []
    verdict = texts.gettext(findings.reading(row["distinct"], row["low"], row["high"]))
    return [
        texts.gettext(GAP)
        % {"rounds": texts.number(row["rounds"]), "gap": _bracketed(row, reading), "reading": verdict}
    ]


def told(reading: Reading) -> str:
    """Return the gaps that the newest rounds tell together, for where one alone tells none; else what may be chance."""
    from analysis.frames.rounds_together import gaps_together
    from analysis.sentences import findings

    if reading.place["level"] not in LEVELS:
        return ""
    rows, texts = gaps_together(reading.bodies, reading.node), reading.texts
    for wanted in (findings.SURE, findings.CHANCE):
        own = {
            q: row for q, row in rows.items() if findings.reading(row["distinct"], row["low"], row["high"]) == wanted
        }
        if own:
            gaps = ", ".join(f"{texts.question(q)} {_bracketed(row, reading)}" for q, row in own.items())
            rounds = texts.number(max(row["rounds"] for row in own.values()))
            return texts.gettext(SUMMARY) % {"rounds": rounds, "gaps": gaps, "reading": texts.gettext(wanted)}
    return ""


def _bracketed(row: words.Row, reading: Reading) -> str:
    from analysis.sentences import findings

    return f"{reading.texts.points(row['gap'])} ({findings.from_to(reading.texts, row['low'], row['high'])})"
