"""Sentences on a figure, made from its numbers by rules.

For headlines, the lines beside a picture and its text alternative. Three things are said of a gap or change, everywhere
alike: "mer än slump" where the 95 % interval leaves zero out and p, adjusted over the place's questions, is under 0.05;
"kan vara slump" where the interval alone does; else "går inte att skilja från noll", which isn't "no difference".
"""

import math
from collections.abc import Sequence

from analysis.frames.frame import Row, is_known
from analysis.frames.schema import WITH_SHARE
from analysis.localisation import N_, Localisation, capitalised, format_limit, format_range, place_name, translate

MAX_NAMED = 3  # a headline names this many questions, and counts more than that

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
UNIT_MEASURE = N_("Skillnad i procentenheter: %(number)s (%(level)s intervall %(extent)s).")
POOLED_MEASURE = N_("Räknat enhet för enhet är skillnaden %(number)s procentenheter (%(level)s intervall %(extent)s).")
ONLY_MEASURE = N_("Bara i %(unit)s går det att räkna: %(number)s procentenheter (%(level)s intervall %(extent)s).")
OUTLYING_GAP = N_(
    "Avståndet mellan andelarna är %(apart)s: där räknas alla svar, här jämförs varje enhets patienter med dess egen "
    "personal."
)
MIN_DISTANCE = 3  # points between a pooled gap and the distance of the two shares before a reader wonders
FEW_SIDE = {"patient": N_("för få svar från patienterna"), "provider": N_("för få svar från vården")}
NOT_DISTINCT = N_("går inte att skilja från noll")
UNCERTAIN = N_("osäkert")
DISTINCT = N_("mer än slump")
POSSIBLY_CHANCE = N_("kan vara slump")
REASON_POSSIBLY_CHANCE = N_("intervallet är på en sida om noll, men när sju frågor prövas samtidigt räcker det inte")
POSSIBLY_CHANCE_SENTENCE = N_(
    "Skillnaden kan vara slump: intervallet är på en sida om noll, men när sju frågor prövas samtidigt räcker det inte."
)
NOT_DISTINCT_SENTENCE = N_("Skillnaden går inte att skilja från noll. Det betyder inte att den är noll.")


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


def is_possibly_chance(row: Row) -> bool:
    """Return whether only a gap's interval leaves zero out, and not its p adjusted for the other questions."""
    return not row["distinct"] and (row["low"] > 0 or row["high"] < 0)


def difference_verdict(distinct: object, low: float, high: float) -> str:
    """Return the verdict on a difference, one of three marked texts: by its tests and its interval."""
    return DISTINCT if distinct else POSSIBLY_CHANCE if low > 0 or high < 0 else NOT_DISTINCT


def gap_verdict(row: Row, texts: Localisation) -> str:
    """Return a few words for the side of a gap's number."""
    if not_pooled(row):
        return translate(texts, NO_POOL)
    hidden = [role for role in FEW_SIDE if row.get(f"{role}_status") == "hidden"]
    if row["status"] != "shown" and len(hidden) == 1:
        return translate(texts, FEW_SIDE[hidden[0]])
    if row["status"] == "hidden":
        return translate(texts, FEW)
    if row["status"] == "unsure":
        return translate(texts, UNSURE)
    return translate(texts, difference_verdict(row["distinct"], row["low"], row["high"]))


def verdict_sentence(row: Row, texts: Localisation) -> str:
    """Return the verdict on a gap as a sentence, with its reason where the interval alone would say more."""
    sentence = capitalised(translate(texts, difference_verdict(row["distinct"], row["low"], row["high"])))
    return f"{sentence}: {translate(texts, REASON_POSSIBLY_CHANCE)}." if is_possibly_chance(row) else f"{sentence}."


def gap_number(row: Row, texts: Localisation) -> str:
    """Return a gap as "+12"; a dash where it is not shown."""
    return texts.points(row["gap"]) if row["status"] == "shown" else "–"


def interval_text(texts: Localisation, low: float, high: float) -> str:
    """Return an interval as "−3 till +8"."""
    return translate(texts, N_("%(low)s till %(high)s"), low=format_limit(texts, low), high=format_limit(texts, high))


def gap_extent(row: Row, texts: Localisation) -> str:
    """Return the gap's interval, for the line under its verdict."""
    if row["status"] != "shown":
        return ""
    return translate(texts, N_("intervall %(extent)s"), extent=interval_text(texts, row["low"], row["high"]))


def gap_in_brackets(row: Row, texts: Localisation) -> str:
    """Return a gap as "+12 (+3 till +21)", for the side of a picture."""
    if row["status"] != "shown":
        return ""
    return f"{gap_number(row, texts)} ({interval_text(texts, row['low'], row['high'])})"


def share_text(row: Row, texts: Localisation, prefix: str = "") -> str:
    """Return a share in a few words: "62 %", "62 % (osäkert)", "mellan 41 och 79 %", "för få svar"."""
    status = row[f"{prefix}status"]
    number = share_number(row, texts, prefix)
    if status == "hollow":
        return f"{number} ({translate(texts, UNCERTAIN)})"
    if status != "interval":
        return number
    low, high = row[f"{prefix}low"], row[f"{prefix}high"]
    return translate(texts, N_("mellan %(low)s och %(high)s"), low=texts.number(low), high=texts.percent(high))


def share_number(row: Row, texts: Localisation, prefix: str = "") -> str:
    """Return the same for beside its mark, which itself says that it is uncertain: "62 %", "41–79 %"."""
    status = row[f"{prefix}status"]
    if status in WITH_SHARE:
        return texts.percent(row[f"{prefix}share"])
    if status == "interval":
        return f"{texts.number(row[f'{prefix}low'])}–{texts.percent(row[f'{prefix}high'])}"
    return translate(texts, UNSURE if status == "unsure" else FEW)


def gap_measure(row: Row, texts: Localisation) -> str:
    """Return a gap with its interval; where it is pooled, why it is no subtraction of the two shares."""
    values = interval_values(gap_number(row, texts), row["low"], row["high"], texts)
    if row["kind"] == "unit":
        return translate(texts, UNIT_MEASURE, **values)
    if row.get("only"):
        return translate(texts, ONLY_MEASURE, unit=place_name(row["only"], texts), **values)
    return " ".join(filter(None, (translate(texts, POOLED_MEASURE, **values), _distance_note(row, texts))))


def _distance_note(row: Row, texts: Localisation) -> str:
    """Return the distance between both shares where the pooled gap is another, and why; nothing where it is near."""
    shares = [row.get(f"{role}_share") for role in ("provider", "patient")]
    if not all(map(is_known, shares)):
        return ""
    apart = float(shares[0]) - float(shares[1])  # type: ignore[arg-type]  # both are known
    return translate(texts, OUTLYING_GAP, apart=texts.points(apart)) if abs(apart - row["gap"]) >= MIN_DISTANCE else ""


def interval_values(number: str, low: float, high: float, texts: Localisation) -> dict[str, str]:
    """Return a number in points and its interval, by the placeholders of the sentences."""
    return {"number": number, "level": texts.percent(95), "extent": interval_text(texts, low, high)}


def gap_line(row: Row, texts: Localisation) -> str:
    """Return one question of the picture, in words."""
    return translate(
        texts,
        N_("%(question)s: patienter %(patient)s, vården %(provider)s, skillnad %(gap)s (%(verdict)s)."),
        question=texts.question(row["question"]),
        patient=share_text(row, texts, "patient_"),
        provider=share_text(row, texts, "provider_"),
        gap=gap_number(row, texts),
        verdict="; ".join(filter(None, (gap_verdict(row, texts), gap_extent(row, texts)))),
    )


def gap_sentence(row: Row, texts: Localisation) -> str:
    """Return one gap as whole sentences, for its question's page: a row of `GAPS` or of the picture."""
    if row["status"] != "shown":
        return translate(texts, no_gap([row])) + "."
    if row["distinct"]:
        sentences = [translate(texts, SAYS_MORE[direction(row)])]
    elif is_possibly_chance(row):
        sentences = [translate(texts, POSSIBLY_CHANCE_SENTENCE)]
    else:
        sentences = [translate(texts, NOT_DISTINCT_SENTENCE)]
    sentences.append(gap_measure(row, texts))
    if row["kind"] != "unit" and not row.get("only"):
        units = N_("Enheter som räknas: %(units)s. Enheter med för få svar: %(out)s.")
        counted = {"units": texts.number(row["units"]), "out": texts.number(row["units_excluded"])}
        sentences.append(translate(texts, units, **counted))
    return " ".join([*sentences, *_further_notes(row, texts)])


def _further_notes(row: Row, texts: Localisation) -> list[str]:
    """Return further notes on a gap: its detectable size, its shrunken estimate, its two scales."""
    notes = []
    if not row["distinct"] and is_known(row.get("detectable")):
        notes.append(detectable(row, texts))
    if is_known(row.get("shrunk")):
        words = N_("Vägd samman med de andra enheterna är skillnaden %(number)s (%(level)s intervall %(extent)s).")
        values = interval_values(texts.points(row["shrunk"]), row["shrunk_low"], row["shrunk_high"], texts)
        notes.append(translate(texts, words, **values))
    if is_known(row.get("partly_yes")) and is_known(row.get("partly_no")):
        words = N_(
            "De två skalorna skiljer sig. Räknas delvis som ja är skillnaden %(yes)s, räknas det som nej %(no)s."
        )
        notes.append(translate(texts, words, yes=texts.points(row["partly_yes"]), no=texts.points(row["partly_no"])))
    return notes


def detectable(row: Row, texts: Localisation) -> str:
    """Return the sentence on the detectable gap of these answers; it stands once on a page."""
    words = N_("Svaren räcker för att se en skillnad på minst %(number)s procentenheter, i fyra fall av fem.")
    return translate(texts, words, number=texts.number(math.ceil(row["detectable"])))


def by_gap(rows: Sequence[Row]) -> list[Row]:
    """Sort the questions by gap, the provider's largest surplus first; those not shown last."""
    return sorted(rows, key=lambda row: -row["gap"] if row["status"] == "shown" else math.inf)


def counts_text(patients: Sequence[float], providers: Sequence[float], texts: Localisation) -> str:
    """Return the numbers of answers behind figures, from least to most; nothing where all are hidden."""
    sides = {
        "patient": [n for n in patients if not math.isnan(n)],
        "provider": [n for n in providers if not math.isnan(n)],
    }
    words = {role: format_range(texts, min(n), max(n)) for role, n in sides.items() if n}
    if len(words) == 2:
        both = N_("Svar per fråga: cirka %(patient)s från patienter och %(provider)s från vården.")
        return translate(texts, both, **words)
    if "patient" in words:
        return translate(texts, N_("Svar per fråga: cirka %(patient)s från patienter."), **words)
    return translate(texts, N_("Svar per fråga: cirka %(provider)s från vården."), **words) if words else ""


def share_notes(statuses: set[str], texts: Localisation) -> list[str]:
    """Return the legend of a hollow mark and a line without a mark, as far as they occur."""
    meanings = {
        "hollow": N_("Ihålig markering: osäkert."),
        "interval": N_("Streck utan markering: andelen ligger någonstans på strecket."),
    }
    return [translate(texts, words) for status, words in meanings.items() if status in statuses]
