"""The sentences a figure says, made from its numbers by rules.

For headlines, for the lines beside a picture and for its text alternative. The rule above all: a finding
never claims more than the interval. Different from zero means that the published 95 % interval leaves zero
out and that the p adjusted over the page's questions is under 0.05; anything else "cannot be told from
zero", which is not the same as no difference.
"""

import math
from collections.abc import Sequence

import pandas as pd

from analysis.frame import Row, records
from analysis.texts import N_, Texts, say, span

SURE = 30  # below this many answers a figure is called uncertain, and no change is tested
NAMED = 3  # a headline names this many questions, and counts more than that

MORE = {
    "provider": N_("Vården svarar ja oftare än patienterna: %(questions)s"),
    "patient": N_("Patienterna svarar ja oftare än vården: %(questions)s"),
}
SAYS_MORE = {
    "provider": N_("Vården svarar ja oftare än patienterna."),
    "patient": N_("Patienterna svarar ja oftare än vården."),
}
MANY_MORE = {
    "provider": N_("Frågor där vården svarar ja oftare än patienterna: %(number)s av %(all)s"),
    "patient": N_("Frågor där patienterna svarar ja oftare än vården: %(number)s av %(all)s"),
}
NONE_DISTINCT = N_("Ingen skillnad mellan patienter och vården går att skilja från noll")
FEW = N_("för få svar")
FEW_BOTH = N_("För få svar för att jämföra patienter och vården")
NO_POOL = N_("för få enheter eller svar")
NOT_POOLED = N_("Skillnaden räknas enhet för enhet. Här är enheterna eller svaren för få, så den visas inte")
ROUNDED = N_(
    "Skillnaden och dess intervall är avrundade till steg om %(step)s procentenheter, för att skydda små grupper."
)
UNIT_MEASURE = N_("Skillnad i procentenheter: %(number)s (%(level)s intervall %(extent)s).")
POOLED_MEASURE = N_(
    "Räknat enhet för enhet är skillnaden %(number)s procentenheter (%(level)s intervall %(extent)s). "
    "Den kan vara en annan än avståndet mellan andelarna."
)
FEW_POOLED = N_("För få enheter eller svar för att jämföra patienter och vården")
FEW_SIDE = {"patient": N_("för få svar från patienterna"), "provider": N_("för få svar från vården")}
NOT_DISTINCT = N_("går inte att skilja från noll")
VERDICT = {"provider": N_("vården mer positiv"), "patient": N_("patienterna mer positiva")}
UNCERTAIN = N_("osäkert")
OF_THEM = N_("varav osäkra: %(number)s")
CHANCE = N_("kan vara slump när flera frågor prövas")
MAYBE_CHANCE = N_("Skillnaden kan vara slump: intervallet gäller frågan för sig, men sju frågor prövas samtidigt.")


def few_answers(row: Row) -> bool:
    """Whether a gap rests on fewer answers a side than make it sure."""
    return bool(row.get("patient_n", math.inf) < SURE or row.get("provider_n", math.inf) < SURE)


def not_pooled(row: Row) -> bool:
    """Whether it is the gap alone that is not shown, and not what either side has answered."""
    sides = [row.get(f"{role}_status", "hidden") for role in FEW_SIDE]
    return row["kind"] == "pooled" and row["status"] == "hidden" and "hidden" not in sides


def _direction(row: Row) -> str:
    return "provider" if row["low"] > 0 else "patient"


def gap_verdict(row: Row, texts: Texts) -> str:
    """A few words for the side of a gap's number."""
    if not_pooled(row):
        return say(texts, NO_POOL)
    if row["status"] == "hidden":
        hidden = [role for role in FEW_SIDE if row.get(f"{role}_status") == "hidden"]
        return say(texts, FEW_SIDE[hidden[0]] if len(hidden) == 1 else FEW)
    if not row["distinct"]:
        # The interval alone may leave zero out: then it is the other questions that make it uncertain.
        return say(texts, CHANCE if row["low"] > 0 or row["high"] < 0 else NOT_DISTINCT)
    words = say(texts, VERDICT[_direction(row)])
    return f"{words}, {say(texts, UNCERTAIN)}" if few_answers(row) else words


def gap_number(row: Row, texts: Texts) -> str:
    """+12, or from where to where when a capped share went in; a dash when hidden."""
    if row["status"] == "hidden":
        return "–"
    if row["status"] == "shown":
        return texts.points(row["gap"])
    return from_to(texts, row["gap_low"], row["gap_high"])


def from_to(texts: Texts, low: float, high: float) -> str:
    """−3 till +8."""
    return say(texts, N_("%(low)s till %(high)s"), low=texts.points(low), high=texts.points(high))


def gap_extent(row: Row, texts: Texts) -> str:
    """The gap's interval, for the line under its verdict."""
    if row["status"] == "hidden":
        return ""
    return say(texts, N_("intervall %(extent)s"), extent=from_to(texts, row["low"], row["high"]))


def share_words(row: Row, texts: Texts, prefix: str = "") -> str:
    """A published share in a few words: "62 %", "minst 80 %", "för få svar"."""
    status = row[f"{prefix}status"]
    if status == "hidden":
        return say(texts, FEW)
    if status == "shown":
        return texts.percent(row[f"{prefix}share"])
    low, high = row[f"{prefix}cap_low"], row[f"{prefix}cap_high"]
    if low <= 0:
        return say(texts, N_("högst %(share)s"), share=texts.percent(high))
    if high >= 100:
        return say(texts, N_("minst %(share)s"), share=texts.percent(low))
    words = N_("mellan %(low)s och %(high)s")
    return say(texts, words, low=texts.number(low), high=texts.percent(high))


def gap_measure(row: Row, texts: Texts) -> str:
    """A gap that is not hidden, with its interval, and that it is no subtraction of two shares where it is pooled."""
    values = measured(gap_number(row, texts), row["low"], row["high"], texts)
    return say(texts, POOLED_MEASURE if row["kind"] == "pooled" else UNIT_MEASURE, **values)


def measured(number: str, low: float, high: float, texts: Texts) -> dict[str, str]:
    """A number in points and its interval, as the sentences name them."""
    return {"number": number, "level": texts.percent(95), "extent": from_to(texts, low, high)}


def gap_line(row: Row, texts: Texts) -> str:
    """One question of the dumbbell, in words."""
    return say(
        texts,
        N_("%(question)s: patienter %(patient)s, vården %(provider)s, skillnad %(gap)s (%(verdict)s)."),
        question=texts.question(row["question"]),
        patient=share_words(row, texts, "patient_"),
        provider=share_words(row, texts, "provider_"),
        gap=gap_number(row, texts),
        verdict="; ".join(filter(None, (gap_verdict(row, texts), gap_extent(row, texts)))),
    )


def gap_sentence(row: Row, texts: Texts) -> str:
    """One gap as whole sentences, for its question's section: a row of `GAPS` or of the dumbbell."""
    if row["status"] == "hidden":
        return say(texts, NOT_POOLED if not_pooled(row) else FEW_BOTH) + "."
    if row["distinct"]:
        sentences = [say(texts, SAYS_MORE[_direction(row)])]
    elif row["low"] > 0 or row["high"] < 0:
        sentences = [say(texts, MAYBE_CHANCE)]
    else:
        sentences = [say(texts, N_("Skillnaden går inte att skilja från noll. Det betyder inte att den är noll."))]
    if row["status"] == "band":
        sentences.append(say(texts, N_("En av andelarna visas bara som ett spann, så skillnaden är också ett spann.")))
    sentences.append(gap_measure(row, texts))
    if row["kind"] == "pooled":
        units = N_("Enheter som räknas: %(units)s. Enheter med för få svar: %(out)s.")
        sentences.append(say(texts, units, units=texts.number(row["units"]), out=texts.number(row["units_out"])))
    if rounded := rounding([row], texts):
        sentences.append(rounded)
    counts = {
        "patient_n": row.get("patients", math.inf),
        "provider_n": row.get("providers", math.inf),
    } | dict(row)
    if few_answers(counts):
        few = N_("Osäkert, för någon av sidorna har färre än %(number)s svar.")
        sentences.append(say(texts, few, number=texts.number(SURE)))
    return " ".join(sentences)


def rounding(rows: Sequence[Row], texts: Texts) -> str:
    """How coarsely the gaps are rounded, where it is more than to whole points; else nothing."""
    steps = sorted({int(row["step"]) for row in rows if row["status"] == "shown" and row["step"] > 1})
    return say(texts, ROUNDED, step=span(texts, steps[0], steps[-1])) if steps else ""


def gap_headline(table: pd.DataFrame, texts: Texts) -> str:
    """What the dumbbell shows: who says yes more often, on which questions, or that nothing can be told."""
    rows = records(table)
    visible = [row for row in rows if row["status"] != "hidden"]
    if not visible:
        return say(texts, NOT_POOLED if any(not_pooled(row) for row in rows) else FEW_BOTH)
    distinct = [row for row in visible if row["distinct"]]
    if not distinct:
        return say(texts, NONE_DISTINCT)
    sides = {
        role: sorted(
            (row for row in distinct if _direction(row) == role),
            key=lambda row: -min(abs(row["low"]), abs(row["high"])),
        )
        for role in ("provider", "patient")
    }
    sentences = [_headline_of(role, found, len(rows), texts) for role, found in sides.items() if found]
    return ". ".join(sentences)


def _headline_of(role: str, rows: Sequence[Row], asked: int, texts: Texts) -> str:
    if len(rows) > NAMED:
        said = say(texts, MANY_MORE[role], number=texts.number(len(rows)), all=texts.number(asked))
        uncertain = sum(few_answers(row) for row in rows)
        return f"{said} ({say(texts, OF_THEM, number=texts.number(uncertain))})" if uncertain else said
    mark = f" ({say(texts, UNCERTAIN)})"
    names = [texts.question(row["question"]) + (mark if few_answers(row) else "") for row in rows]
    return say(texts, MORE[role], questions=", ".join(names))


def counts_words(patients: Sequence[float], providers: Sequence[float], texts: Texts) -> str:
    """How many answers a figure rests on, from the least to the most; nothing where all are hidden."""
    sides = {
        "patient": [n for n in patients if not math.isnan(n)],
        "provider": [n for n in providers if not math.isnan(n)],
    }
    words = {role: span(texts, min(n), max(n)) for role, n in sides.items() if n}
    if len(words) == 2:
        return say(
            texts,
            N_("Svar per fråga: cirka %(patient)s från patienter och %(provider)s från vården."),
            **words,
        )
    if "patient" in words:
        return say(texts, N_("Svar per fråga: cirka %(patient)s från patienter."), **words)
    return say(texts, N_("Svar per fråga: cirka %(provider)s från vården."), **words) if words else ""


def gap_subtitle(table: pd.DataFrame, texts: Texts) -> str:
    """Measure, place, round, about how many, and what the lines of the dumbbell are."""
    place, round_key = str(table["place"].iloc[0]), str(table["round"].iloc[0])
    measure = N_("Andel som svarar ja, %(place)s, %(round)s.")
    parts = [
        say(texts, measure, place=texts.place(place), round=texts.round_name(round_key)),
        counts_words(list(table["patient_n"]), list(table["provider_n"]), texts),
    ]
    if "shown" in {*table["patient_status"], *table["provider_status"]}:
        parts.append(say(texts, N_("Streck: %(level)s intervall."), level=texts.percent(95)))
    return " ".join(filter(None, parts))


def gap_notes(table: pd.DataFrame, texts: Texts) -> str:
    """What the other marks of the dumbbell are, as far as they occur."""
    rows, parts = records(table), []
    if "band" in {*table["patient_status"], *table["provider_status"]}:
        parts.append(say(texts, N_("Fält: andelen ligger någonstans i fältet.")))
    if any(few_answers(row) for row in rows):
        few = N_("Ihålig markering: färre än %(number)s svar, osäkert.")
        parts.append(say(texts, few, number=texts.number(SURE)))
    if any(row["kind"] == "pooled" for row in rows if row["status"] != "hidden"):
        parts.append(say(texts, N_("Skillnaden är räknad enhet för enhet.")))
    return " ".join(filter(None, (*parts, rounding(rows, texts))))
