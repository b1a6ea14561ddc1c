"""What the columns of the figures are called, and short words for their codes: for the files that people read.

The names in `frame` stay in the files for programs. Every column of a file that is taken home has a title here; a test
goes through them all.
"""

from collections.abc import Mapping

from analysis.texts import N_, Texts

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
    "why": N_("Varför inte"),
    "n": N_("Antal svar (n)"),
    "share": N_("Andel ja, %%"),
    "low": N_("Intervall från"),
    "high": N_("Intervall till"),
    "cap_low": N_("Andel minst, %%"),
    "cap_high": N_("Andel högst, %%"),
    "yes": N_("Ja, %%"),
    "partly": N_("Delvis, %%"),
    "no": N_("Nej, %%"),
    "not_yes": N_("Delvis eller nej, %%"),
    "dont_know": N_("Vet inte, %%"),
    "not_needed": N_("Inte aktuellt, %%"),
    "wording": N_("Formulering"),
    "wording_patient": N_("Formulering, patienter"),
    "wording_provider": N_("Formulering, vården"),
    "version": N_("Frågeversion"),
    "text": N_("Frågan som den ställdes"),
    "segment": N_("Formuleringens nummer"),
    "joined": N_("Enheter har gått upp"),
    "kind": N_("Räknad över"),
    "units": N_("Antal enheter"),
    "units_out": N_("Enheter utanför"),
    "patients": N_("Svar från patienter"),
    "providers": N_("Svar från vården"),
    "gap": N_("Skillnad"),
    "gap_low": N_("Skillnad minst"),
    "gap_high": N_("Skillnad högst"),
    "step": N_("Avrundad till steg om"),
    "p": N_("p-värde"),
    "distinct": N_("Skild från noll"),
    "since": N_("Jämförd med"),
    "change": N_("Förändring"),
    "change_low": N_("Förändring från"),
    "change_high": N_("Förändring till"),
    "change_distinct": N_("Förändring skild från noll"),
    "before": N_("Omgången före"),
    "half": N_("Mot hälften"),
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
    "apart": N_("Skiljer sig"),
    "whole": N_("Region"),
    "note": N_("Anmärkning"),
}
_OF = {
    "patient_": N_("Patienter: %(what)s"),
    "provider_": N_("Vården: %(what)s"),
    "before_": N_("Omgången före: %(what)s"),
}

WORDS: Mapping[str, Mapping[str, str]] = {
    "half": {"more": N_("mer än hälften"), "less": N_("mindre än hälften")},
    "stage": {"few": N_("för få omgångar"), "preliminary": N_("preliminärt"), "full": N_("säkert")},
    "status": {"shown": N_("ja"), "band": N_("som minst eller högst"), "hidden": N_("nej")},
    "why": {"few": N_("för få svar"), "uniform": N_("nästan alla lika"), "secondary": N_("skyddar en annan siffra")},
    "kind": {"unit": N_("en enhet"), "pooled": N_("flera enheter")},
}
YES, NO = N_("ja"), N_("nej")


def title(column: str, texts: Texts) -> str:
    """The column's heading; its own name where it has no other."""
    if column in TITLES:
        return texts.gettext(TITLES[column]) % {}
    for start, words in _OF.items():
        if column.startswith(start):
            what = title(column.removeprefix(start), texts)
            return texts.gettext(words) % {"what": what[:1].lower() + what[1:]}
    return column
