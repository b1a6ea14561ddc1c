"""Sentences on a figure, made from its numbers by rules.

For headlines, the lines beside a picture and its text alternative. Three things are said of a gap or change, everywhere
alike: "mer än slump" where the 95 % interval leaves zero out and p, adjusted over the place's questions, is under 0.05;
"kan vara slump" where the interval alone does; else "går inte att skilja från noll", which isn't "no difference".
"""

import math
from collections.abc import Sequence

from analysis.frames.frame import Row, known
from analysis.frames.schema import POINTS
from analysis.texts import N_, Texts, capital, end, place_name, say, span

NAMED = 3  # a headline names this many questions, and counts more than that

SAYS_MORE = {
    "provider": N_("Mer än slump: vården svarar ja oftare än patienterna."),
    "patient": N_("Mer än slump: patienterna svarar ja oftare än vården."),
}
FEW = N_("för få svar")
UNSURE = N_("för osäkert")
FEW_BOTH = N_("För få svar för att jämföra patienter och vården")
UNSURE_BOTH = N_("För osäkert för att jämföra patienter och vården")
NO_POOL = N_("för få enheter eller svar")
NOT_POOLED = N_("Skillnaden räknas enhet för enhet. Här är enheterna eller svaren för få, så den visas inte")
NO_GAPS = (FEW_BOTH, UNSURE_BOTH, NOT_POOLED)
UNIT_MEASURE = N_("Skillnad i procentenheter: %(number)s (%(level)s intervall %(extent)s).")
POOLED_MEASURE = N_("Räknat enhet för enhet är skillnaden %(number)s procentenheter (%(level)s intervall %(extent)s).")
ONLY_MEASURE = N_("Bara i %(unit)s går det att räkna: %(number)s procentenheter (%(level)s intervall %(extent)s).")
UNLIKE = N_(
    "Avståndet mellan andelarna är %(apart)s: där räknas alla svar, här jämförs varje enhets patienter med dess egen "
    "personal."
)
APART = 3  # points between a pooled gap and the distance of the two shares before a reader wonders
FEW_SIDE = {"patient": N_("för få svar från patienterna"), "provider": N_("för få svar från vården")}
NOT_DISTINCT = N_("går inte att skilja från noll")
UNCERTAIN = N_("osäkert")
SURE = N_("mer än slump")
CHANCE = N_("kan vara slump")
WHY_CHANCE = N_("intervallet är på en sida om noll, men när sju frågor prövas samtidigt räcker det inte")
MAYBE_CHANCE = N_(
    "Skillnaden kan vara slump: intervallet är på en sida om noll, men när sju frågor prövas samtidigt räcker det inte."
)


def not_pooled(row: Row) -> bool:
    """Return whether both sides have answered, and only the gap is hidden: no unit has enough of both."""
    sides = {row.get(f"{role}_status") for role in FEW_SIDE}
    return bool(row["kind"] != "unit" and row["status"] == "unsure" and "hidden" not in sides)


def no_gap(rows: Sequence[Row]) -> str:
    """Return the words for gaps of which none is shown, as a marked sentence."""
    if any(not_pooled(row) for row in rows):
        return NOT_POOLED
    return UNSURE_BOTH if any(row["status"] == "unsure" for row in rows) else FEW_BOTH


def direction(row: Row) -> str:
    """Return who says yes more often, by a gap's interval that leaves zero out."""
    return "provider" if row["low"] > 0 else "patient"


def may_be_chance(row: Row) -> bool:
    """Return whether only a gap's interval leaves zero out, and not its p adjusted for the other questions."""
    return not row["distinct"] and (row["low"] > 0 or row["high"] < 0)


def reading(told: object, low: float, high: float) -> str:
    """Return the verdict on a difference, one of three marked texts: by its tests and its interval."""
    return SURE if told else CHANCE if low > 0 or high < 0 else NOT_DISTINCT


def gap_verdict(row: Row, texts: Texts) -> str:
    """Return a few words for the side of a gap's number."""
    if not_pooled(row):
        return say(texts, NO_POOL)
    hidden = [role for role in FEW_SIDE if row.get(f"{role}_status") == "hidden"]
    if row["status"] != "shown" and len(hidden) == 1:
        return say(texts, FEW_SIDE[hidden[0]])
    if row["status"] == "hidden":
        return say(texts, FEW)
    if row["status"] == "unsure":
        return say(texts, UNSURE)
    return say(texts, reading(row["distinct"], row["low"], row["high"]))


def reading_sentence(row: Row, texts: Texts) -> str:
    """Return the verdict on a gap as a sentence, with its reason where the interval alone would say more."""
    said = capital(say(texts, reading(row["distinct"], row["low"], row["high"])))
    return f"{said}: {say(texts, WHY_CHANCE)}." if may_be_chance(row) else f"{said}."


def gap_number(row: Row, texts: Texts) -> str:
    """Return a gap as "+12"; a dash where it is not shown."""
    return texts.points(row["gap"]) if row["status"] == "shown" else "–"


def from_to(texts: Texts, low: float, high: float) -> str:
    """Return an interval as "−3 till +8"."""
    return say(texts, N_("%(low)s till %(high)s"), low=end(texts, low), high=end(texts, high))


def gap_extent(row: Row, texts: Texts) -> str:
    """Return the gap's interval, for the line under its verdict."""
    if row["status"] != "shown":
        return ""
    return say(texts, N_("intervall %(extent)s"), extent=from_to(texts, row["low"], row["high"]))


def gap_in_brackets(row: Row, texts: Texts) -> str:
    """Return a gap as "+12 (+3 till +21)", for the side of a picture."""
    return f"{gap_number(row, texts)} ({from_to(texts, row['low'], row['high'])})" if row["status"] == "shown" else ""


def share_words(row: Row, texts: Texts, prefix: str = "") -> str:
    """Return a share in a few words: "62 %", "62 % (osäkert)", "mellan 41 och 79 %", "för få svar"."""
    status = row[f"{prefix}status"]
    number = share_number(row, texts, prefix)
    if status == "hollow":
        return f"{number} ({say(texts, UNCERTAIN)})"
    if status != "interval":
        return number
    low, high = row[f"{prefix}low"], row[f"{prefix}high"]
    return say(texts, N_("mellan %(low)s och %(high)s"), low=texts.number(low), high=texts.percent(high))


def share_number(row: Row, texts: Texts, prefix: str = "") -> str:
    """Return the same for beside its mark, which itself says that it is uncertain: "62 %", "41–79 %"."""
    status = row[f"{prefix}status"]
    if status in POINTS:
        return texts.percent(row[f"{prefix}share"])
    if status == "interval":
        return f"{texts.number(row[f'{prefix}low'])}–{texts.percent(row[f'{prefix}high'])}"
    return say(texts, UNSURE if status == "unsure" else FEW)


def gap_measure(row: Row, texts: Texts) -> str:
    """Return a gap with its interval; where it is pooled, why it is no subtraction of the two shares."""
    values = measured(gap_number(row, texts), row["low"], row["high"], texts)
    if row["kind"] == "unit":
        return say(texts, UNIT_MEASURE, **values)
    if row.get("only"):
        return say(texts, ONLY_MEASURE, unit=place_name(row["only"], texts), **values)
    return " ".join(filter(None, (say(texts, POOLED_MEASURE, **values), _unlike(row, texts))))


def _unlike(row: Row, texts: Texts) -> str:
    """That the distance between both shares is another than the pooled gap, and why; nothing where it is much alike."""
    shares = [row.get(f"{role}_share") for role in ("provider", "patient")]
    if not all(map(known, shares)):
        return ""
    apart = float(shares[0]) - float(shares[1])  # type: ignore[arg-type]  # both are known
    return say(texts, UNLIKE, apart=texts.points(apart)) if abs(apart - row["gap"]) >= APART else ""


def measured(number: str, low: float, high: float, texts: Texts) -> dict[str, str]:
    """Return a number in points and its interval, by the placeholders of the sentences."""
    return {"number": number, "level": texts.percent(95), "extent": from_to(texts, low, high)}


def gap_line(row: Row, texts: Texts) -> str:
    """Return one question of the picture, in words."""
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
    """Return one gap as whole sentences, for its question's page: a row of `GAPS` or of the picture."""
    if row["status"] != "shown":
        return say(texts, no_gap([row])) + "."
    if row["distinct"]:
        sentences = [say(texts, SAYS_MORE[direction(row)])]
    elif may_be_chance(row):
        sentences = [say(texts, MAYBE_CHANCE)]
    else:
        sentences = [say(texts, N_("Skillnaden går inte att skilja från noll. Det betyder inte att den är noll."))]
    sentences.append(gap_measure(row, texts))
    if row["kind"] != "unit" and not row.get("only"):
        units = N_("Enheter som räknas: %(units)s. Enheter med för få svar: %(out)s.")
        sentences.append(say(texts, units, units=texts.number(row["units"]), out=texts.number(row["units_out"])))
    return " ".join([*sentences, *_beside(row, texts)])


def _beside(row: Row, texts: Texts) -> list[str]:
    """Return further notes on a gap: its detectable size, its shrunken estimate, its two scales."""
    said = []
    if not row["distinct"] and known(row.get("detectable")):
        said.append(detectable(row, texts))
    if known(row.get("shrunk")):
        words = N_("Vägd samman med de andra enheterna är skillnaden %(number)s (%(level)s intervall %(extent)s).")
        values = measured(texts.points(row["shrunk"]), row["shrunk_low"], row["shrunk_high"], texts)
        said.append(say(texts, words, **values))
    if known(row.get("partly_yes")) and known(row.get("partly_no")):
        words = N_(
            "De två skalorna skiljer sig. Räknas delvis som ja är skillnaden %(yes)s, räknas det som nej %(no)s."
        )
        said.append(say(texts, words, yes=texts.points(row["partly_yes"]), no=texts.points(row["partly_no"])))
    return said


def detectable(row: Row, texts: Texts) -> str:
    """Return the sentence on the detectable gap of these answers; it stands once on a page."""
    words = N_("Svaren räcker för att se en skillnad på minst %(number)s procentenheter, i fyra fall av fem.")
    return say(texts, words, number=texts.number(math.ceil(row["detectable"])))


def by_gap(rows: Sequence[Row]) -> list[Row]:
    """Sort the questions by gap, the provider's largest surplus first; those not shown last."""
    return sorted(rows, key=lambda row: -row["gap"] if row["status"] == "shown" else math.inf)


def counts_words(patients: Sequence[float], providers: Sequence[float], texts: Texts) -> str:
    """Return the numbers of answers behind figures, from least to most; nothing where all are hidden."""
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


def share_notes(statuses: set[str], texts: Texts) -> list[str]:
    """Return the legend of a hollow mark and a line without a mark, as far as they occur."""
    meanings = {
        "hollow": N_("Ihålig markering: osäkert."),
        "interval": N_("Streck utan markering: andelen ligger någonstans på strecket."),
    }
    return [say(texts, words) for status, words in meanings.items() if status in statuses]
