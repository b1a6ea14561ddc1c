"""Titles of the figures' columns, and short words for their codes: for the files that people read.

The names in `frame` stay in the files for programs. Every column of a file that is taken home has a title here; a test
goes through them all.
"""

from collections.abc import Mapping

from analysis.frames.schema import PARTS
from analysis.localisation import N_, Localisation
from survey.domain.questions.answer_scale import ANSWER_OPTIONS, TOLD_APART

NOT_YES_TITLE = N_("Delvis eller nej, %%")
TITLES: Mapping[str, str] = {
    "round": N_("Mätomgång"),
    "date": N_("Sista dag"),
    "place": N_("Plats"),
    "level": N_("Nivå"),
    "role": N_("Vems svar"),
    "grouping": N_("Indelning"),
    "group": N_("Grupp"),
    "question": N_("Fråga"),
    "status": N_("Visas"),
    "reason": N_("Varför inte"),
    "n": N_("Antal svar (n)"),
    "base": N_("Tog ställning"),
    "steady_yes": N_("Ja, stadigare"),
    "steady_base": N_("Tog ställning, stadigare"),
    "noise": N_("Brusets varians"),
    "noise_part": N_("Brusets varians, eget brus"),
    "yes_count": ANSWER_OPTIONS["yes"].count_title,
    "not_yes_count": N_("Antal delvis eller nej"),
    "non_substantive_count": N_("Antal utanför"),
    **{f"{code}_count": ANSWER_OPTIONS[code].count_title for code in TOLD_APART},
    "share": N_("Andel ja, %%"),
    "low": N_("Intervall från"),
    "high": N_("Intervall till"),
    **{code: NOT_YES_TITLE if code == "not_yes" else ANSWER_OPTIONS[code].title for code in PARTS},
    "wording": N_("Formulering"),
    "wording_patient": N_("Formulering, patienter"),
    "wording_provider": N_("Formulering, vården"),
    "version": N_("Frågeversion"),
    "text": N_("Frågan som den ställdes"),
    "segment": N_("Formuleringens nummer"),
    "joined": N_("Enheter har gått upp"),
    "kind": N_("Räknad över"),
    "units": N_("Antal enheter"),
    "units_excluded": N_("Enheter utanför"),
    "only": N_("Enda enheten"),
    "patients": N_("Svar från patienter"),
    "providers": N_("Svar från vården"),
    "gap": N_("Skillnad"),
    "se": N_("Medelfel"),
    "shrunk": N_("Försiktigare gissning"),
    "shrunk_low": N_("Gissning från"),
    "shrunk_high": N_("Gissning till"),
    "detectable": N_("Kunde ha skilts från noll"),
    "partly_yes": N_("Skillnad, delvis som ja"),
    "partly_no": N_("Skillnad, delvis som nej"),
    "p": N_("p-värde"),
    "distinct": N_("Skild från noll"),
    "since": N_("Jämförd med"),
    "change": N_("Förändring"),
    "change_units": N_("Enheter i förändringen"),
    "change_low": N_("Förändring från"),
    "change_high": N_("Förändring till"),
    "change_p": N_("Förändringens p-värde"),
    "usual": N_("Brukar variera"),
    "non_substantive": N_("Förändring utanför"),
    "direction": N_("Riktning"),
    "direction_distinct": N_("Går att skilja"),
    "side": N_("Vad"),
    "own": N_("Bildens enhet"),
    "change_distinct": N_("Förändring skild från noll"),
    "before": N_("Omgången före"),
    "majority": N_("Mot hälften"),
    "stretch": N_("Följdens nummer"),
    "rounds": N_("Antal omgångar"),
    "stage": N_("Hur säkert"),
    "run": N_("Länge på en sida"),
    "center": N_("Mitten"),
    "lower": N_("Nedre gräns"),
    "upper": N_("Övre gräns"),
    "lower_inner": N_("Inre nedre gräns"),
    "upper_inner": N_("Inre övre gräns"),
    "sigma_z": N_("Variation mot slumpen, omgångar"),
    "signal": N_("Utanför gränserna"),
    "unit": N_("Enhet"),
    "target": N_("Andel för alla, %%"),
    "phi": N_("Variation mot slumpen, enheter"),
    "tau2": N_("Varians mellan enheter"),
    "outlier": N_("Skiljer sig"),
    "gap_distinct": N_("Skild från noll på enhetens sida"),
    "difference": N_("Kvinnor minus män"),
    "difference_low": N_("Kvinnor minus män från"),
    "difference_high": N_("Kvinnor minus män till"),
    "region": N_("Region"),
    "nation": N_("Land"),
    "regions": N_("Regioner"),
    "note": N_("Anmärkning"),
}
_PREFIXES = {
    "patient_": N_("Patienter: %(what)s"),
    "provider_": N_("Vården: %(what)s"),
    "before_": N_("Omgången före: %(what)s"),
}

WORDS: Mapping[str, Mapping[str, str]] = {
    "majority": {"more": N_("mer än hälften"), "less": N_("mindre än hälften")},
    "stage": {"few": N_("för få omgångar"), "preliminary": N_("preliminärt"), "full": N_("säkert")},
    "status": {
        "shown": N_("ja"),
        "hollow": N_("osäkert"),
        "interval": N_("bara intervallet"),
        "unsure": N_("för osäkert"),
        "hidden": N_("för få svar"),
    },
    "reason": {
        "few": N_("för få svar"),
        "unsure": N_("för osäkert"),
        "first": N_("första omgången"),
        "wording": N_("ny formulering"),
        "joined": N_("enheter har gått upp i platsen"),
    },
    "kind": {"unit": N_("en enhet"), "units": N_("enheter var för sig"), "matched": N_("enheter tillsammans")},
    "side": {"patient": N_("patienterna"), "provider": N_("vården"), "gap": N_("skillnaden")},
}
YES, NO = N_("ja"), N_("nej")


def title(column: str, texts: Localisation) -> str:
    """Return the column's heading; its own name where it has no other."""
    if column in TITLES:
        return texts.gettext(TITLES[column]) % {}
    for start, words in _PREFIXES.items():
        if column.startswith(start):
            what = title(column.removeprefix(start), texts)
            return texts.gettext(words) % {"what": what[:1].lower() + what[1:]}
    return column
