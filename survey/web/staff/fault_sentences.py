"""The words of faults in files and forms: the domain has the codes, and a page or a command the sentence.

A sentence on a row of a file follows `Rad 3: ` and begins with a small letter; alone it begins with a capital.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from survey.domain.records.population import AGE_WORDS, WOMEN_MEN
from survey.domain.text.clean_text import capitalised
from survey.domain.text.csv_rows import RowFault
from survey.domain.text.fault import Fault, Value
from survey.domain.text.i18n import N_

OF_FILES: Mapping[str, str] = {
    "no_file": N_("Välj en fil. Ingen var vald."),
    "empty_file": N_("Välj en fil. Den du skickade var tom."),
    "no_text": N_("Filen är ingen CSV-fil. Spara den som CSV och försök igen. Inget är sparat."),
    "uncertain_letters": N_(
        "Bokstäverna i filen går inte att läsa säkert. Spara den som ”CSV UTF-8” och försök igen. Inget är sparat."
    ),
    "no_csv": N_("filen kan inte läsas som CSV (%(error)s)."),
    "no_rows": N_("Filen har inga rader under rubrikerna."),
    "column_missing": N_("kolumnen %(column)s saknas."),
    "column_unknown": N_("kolumnen ”%(column)s” är okänd."),
    "column_twice": N_("kolumnen %(column)s finns två gånger."),
    "cell_without_header": N_("raden har ett fält utan rubrik."),
    "in_column": N_("”%(column)s”: %(fault)s"),
    "in_column_of_choices": N_("”%(column)s”: %(fault)s Det kan stå: %(options)s."),
    "in_column_of_texts": N_("”%(column)s”: %(fault)s Högst %(most)s tecken."),
}
OF_PLACES: Mapping[str, str] = {
    "bad_key": N_("nyckeln ”%(key)s” får bara ha a–z, 0–9 och enkla bindestreck, högst 40 tecken."),
    "bad_key_like": N_(
        "nyckeln ”%(key)s” får bara ha a–z, 0–9 och enkla bindestreck, högst 40 tecken. Skriv till exempel ”%(like)s”."
    ),
    "no_name": N_("namnet saknas."),
    "formula": N_("namn och huvudman får inte börja som en formel: =, +, - eller @."),
    "long_name": N_("namn och huvudman får ha högst %(most)s tecken."),
    "unreadable_name": N_("namn eller huvudman har tecken som inte går att läsa."),
    "bad_level": N_("nivån måste vara %(levels)s."),
    "bad_hsa_id": N_(
        "HSA-id ”%(hsa_id)s” ska vara SE, tio siffror, bindestreck och sedan bokstäver (inte å, ä, ö) eller siffror, "
        "högst 31 tecken."
    ),
    "bad_headcount": N_("personal är hur många som arbetar på en enhet: ett helt tal, 1 till %(most)s."),
    "ends_before_it_begins": N_("platsen slutar innan den börjar."),
    "merged_without_end": N_("en plats som uppgår i en annan behöver ett slutdatum."),
    "second_region": N_("det kan bara finnas en region, och ”%(key)s” är redan region."),
    "parent_ring": N_("platsen hör till sig själv i en ring."),
    "merge_ring": N_("platsen uppgår i sig själv i en ring."),
    "shared_hsa_id": N_("HSA-id ”%(hsa_id)s” finns på flera platser."),
    "no_parent": N_("en %(level)s måste höra till en %(wanted)s."),
    "unknown_parent": N_("platsen ”%(key)s”, som den hör till, finns inte."),
    "parent_of_region": N_("en region kan inte höra till något."),
    "wrong_parent": N_("en %(level)s måste höra till en %(wanted)s, inte ”%(key)s”."),
    "outlives_parent": N_("platsen finns under en tid då ”%(key)s” inte finns."),
    "bad_filial": N_("bara en enhet kan vara filial, och bara till en enhet som finns: ”%(key)s”."),
    "filial_of_filial": N_("”%(key)s” är själv en filial och kan inte ha en."),
    "bad_merge": N_("platsen kan bara uppgå i en plats som finns, på samma nivå: ”%(key)s”."),
    "key_twice": N_("nyckeln ”%(key)s” finns redan på rad %(line)s."),
    "level_changed": N_("nivån för ”%(key)s” kan inte ändras."),
    "no_date": N_("”%(column)s” ska vara ett datum som 2026-01-31."),
    "no_whole_number": N_("”%(column)s” ska vara ett helt tal som 35."),
    "not_in_file": N_("Platsen ”%(key)s”, som inte står i filen: %(fault)s"),
    "at_another_place": "%(name)s: %(fault)s",
    "name_taken": N_("Det finns redan en %(level)s som heter ”%(name)s”. Välj ett annat namn."),
    "ends_within_round": N_(
        "%(name)s var med i %(round)s, som slutade %(day)s. Sista dagen kan inte vara tidigare än så."
    ),
    "begins_within_round": N_(
        "%(name)s var med i %(round)s, som började %(day)s. Första dagen kan inte vara senare än så."
    ),
}
OF_INVITATIONS: Mapping[str, str] = {
    "no_address": N_("”e-post” ska vara en hel e-postadress."),
    "address_twice": N_("adressen står redan på rad %(line)s."),
    "too_many_people": N_("Filen har %(count)s personer. Högst %(most)s kan bjudas in på en gång: dela den."),
    "bad_role": N_("”roll” ska vara %(roles)s."),
    "no_place": N_("”plats” är tom."),
    "unknown_place": N_("platsen ”%(name)s” finns inte."),
    "ambiguous_place": N_("flera platser heter ”%(name)s”: skriv nyckeln."),
    "translator_alone": N_("en översättare bjuds in för sig, med sitt språk."),
    "guarded_alone": N_("en samordnare eller granskare bjuds in för sig, för det tar två samordnare."),
    "needs_unit": N_("rollen hör inte ihop med platsen: den behöver en enhet."),
    "needs_area": N_("rollen hör inte ihop med platsen: den behöver en kommun eller regionen."),
}
OF_RECORDS: Mapping[str, str] = {
    "no_day": N_("Skriv en dag som 2026-01-31."),
    "empty": N_("Det här behöver fyllas i."),
    "unknown_choice": N_("Välj ett av alternativen."),
    "too_long": N_("Texten är för lång."),
    "unprintable": N_("Texten har tecken som inte går att visa."),
    "two_meanings": N_("Skriv talet utan punkt: 1,234 eller 1234. Så kan det inte betyda två saker."),
    "no_number": N_("Skriv ett tal, som 29 eller 29,5."),
    "not_closed": N_("Dagen hör bara till det som är klart eller struket. Ta bort den, eller ändra status."),
    "doctor_beside_care_contact": N_(
        "En fast läkarkontakt är inte samma sak som en fast vårdkontakt, som kan vara en sjuksköterska, en läkare "
        "eller en administratör. Därför kan det här inte stå bredvid frågan om fast vårdkontakt. Låt det stå för sig, "
        "utan fråga."
    ),
    "days_backwards": N_("Till-dagen ligger före från-dagen."),
    "day_passed": N_("Till-dagen har passerat. Välj utgått, eller ta bort dagen om målet fortfarande gäller."),
    "share_over_hundred": N_("En andel i procent är högst 100. Är det en ökning, skriv ett plustecken framför."),
    "no_share": N_("En andel i procent ligger mellan 0 och 100. Är det en förändring, skriv det som enhet."),
    "day_to_come": N_("Dagen har inte varit än."),
    "record_twice": N_("samma %(column)s finns redan på rad %(line)s."),
    "several_values": N_("Filen har flera olika värden i kolumnen %(column)s. Ta bara med ett av dem."),
    "band_missing": N_("Filen saknar %(gender)s %(age_band)s. Ta med alla åldrar för båda könen."),
    "bad_gender": N_("könet ”%(gender_written)s” går inte att läsa. Skriv kvinnor eller män."),
    "bad_count": N_("antalet ”%(count)s” är inget helt antal invånare."),
    "age_twice": N_("samma kön och ålder finns redan på rad %(line)s."),
    "bad_age": N_("åldern ”%(age)s” går inte att läsa. Skriv som 42 eller 35–49."),
    "age_in_several_bands": N_(
        "åldern ”%(age)s” ligger i flera av enkätens åldrar (%(age_bands)s). Ta ut ettårsklasser i stället."
    ),
}
SENTENCES = {**OF_FILES, **OF_PLACES, **OF_INVITATIONS, **OF_RECORDS}
LEVELS: Mapping[str, str] = {"region": N_("region"), "municipality": N_("kommun"), "unit": N_("enhet")}


def sentence(fault: Fault) -> str:
    """Return what a fault says by itself, in the reader's language."""
    return capitalised(_words(fault))


def sentences(faults: Iterable[Fault | RowFault]) -> list[str]:
    """Return a sentence for each fault; those of a file begin with their lines: `Rad 3–1509: …`."""
    return [_of_rows(each) if isinstance(each, RowFault) else sentence(each) for each in faults]


def _of_rows(found: RowFault) -> str:
    if not found.lines:
        return sentence(found.fault)
    return str(_("Rad %(rows)s: %(fault)s", rows=_runs(found.lines), fault=_words(found.fault)))


def _words(fault: Fault) -> str:
    values = {name: _SHOWN.get(name, _plain)(value) for name, value in fault.values}
    if fault.code.startswith("in_column"):
        values["fault"] = values["fault"][:1].lower() + values["fault"][1:]
    return str(_(SENTENCES[fault.code], **values))


def _runs(lines: Iterable[int]) -> str:
    """Return the numbers as a sentence says them: `2, 7–9 och 12`."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    parts = [str(first) if first == last else f"{first}–{last}" for first, last in runs]
    if len(parts) == 1:
        return parts[0]
    return str(_("%(first)s och %(last)s", first=", ".join(parts[:-1]), last=parts[-1]))


def _either(words: Iterable[str]) -> str:
    either = _("eller")
    return f" {either} ".join(words)


def _plain(value: Value) -> str:
    if isinstance(value, Fault):
        return _words(value)
    if isinstance(value, tuple):
        return ", ".join(value)
    return value.isoformat() if isinstance(value, date) else str(value)


# The values that a sentence says in other words than the code has for them.
_SHOWN: Mapping[str, Callable[[Any], str]] = {
    "level": lambda level: _(LEVELS[level]),
    "wanted": lambda level: _(LEVELS[level]),
    "roles": _either,
    "gender": lambda gender: _(WOMEN_MEN[gender]).lower(),
    "age_band": lambda band: _(AGE_WORDS[band]),
    "age_bands": lambda bands: ", ".join(_(AGE_WORDS[band]) for band in bands),
}
