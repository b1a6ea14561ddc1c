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
GAP = N_("Skillnaden, de senaste %(rounds)s omgångarna tillsammans: %(gap)s (%(low)s till %(high)s).")


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
    from analysis.frames.rounds_together import alike
    from analysis.texts import end

    rounds = len(alike(reading.bodies, reading.node))
    rows = [
        row
        for row in reading.bodies[-1]["gaps_together"]
        if (row["place"], row["question"]) == (reading.node, question) and row["rounds"] <= rounds
    ]
    if not rows:
        return []
    row, points = max(rows, key=lambda row: row["rounds"]), reading.texts.points
    values = {"rounds": reading.texts.number(row["rounds"]), "gap": points(row["gap"])}
    ends = {side: end(reading.texts, row[side]) for side in ("low", "high")}
    return [reading.texts.gettext(GAP) % {**values, **ends}]
