"""A small English dictionary for the tests: longer words than the Swedish ones, to try the pictures with."""

from pathlib import Path

from babel.messages.pofile import read_po

from analysis.localisation import PlainLocalisation

SCALE = "survey/domain/questions/answer_scale.py"
PO = Path(__file__).parents[2] / "translations" / "en" / "LC_MESSAGES" / "messages.po"


def _catalog() -> dict[str, str]:
    """What our own translation says of `analysis` and the answer scale; the longer words below stand before it."""
    with PO.open("rb") as file:
        found = [each for each in read_po(file, locale="en") if each.id and each.string and not each.fuzzy]
    return {
        str(each.id): str(each.string)
        for each in found
        if any(place.startswith(("analysis/", SCALE)) for place, _line in each.locations)
    }


LONGER = {
    "vården": "care providers",
    "vården: för få svar": "care providers: too few answers",
    "Ingen skillnad mellan patienter och vården går att skilja från noll": (
        "No difference between patients and care providers can be told apart from zero"
    ),
    "För få svar för att jämföra patienter och vården": ("Too few answers to compare patients and care providers"),
    "går inte att skilja från noll": "cannot be told apart from zero",
    "Vården svarar ja oftare än patienterna: %(questions)s": (
        "Care providers say yes more often than patients: %(questions)s"
    ),
    "Patienterna svarar ja oftare än vården: %(questions)s": (
        "Patients say yes more often than care providers: %(questions)s"
    ),
    "Frågor där vården svarar ja oftare än patienterna: %(number)s av %(all)s": (
        "Questions where care providers say yes more often than patients: %(number)s of %(all)s"
    ),
    "Frågor där patienterna svarar ja oftare än vården: %(number)s av %(all)s": (
        "Questions where patients say yes more often than care providers: %(number)s of %(all)s"
    ),
    "för få svar från vården": "too few answers from care providers",
    "vården mer positiv": "care providers more positive",
    "Andel som svarar ja, %(place)s, %(round)s.": "Share who say yes, %(place)s, %(round)s.",
    "%(question)s: patienter %(patient)s, vården %(provider)s, skillnad %(gap)s (%(verdict)s).": (
        "%(question)s: patients %(patient)s, care providers %(provider)s, difference %(gap)s (%(verdict)s)."
    ),
    "Räknat enhet för enhet är skillnaden %(number)s procentenheter (%(level)s intervall %(extent)s). "
    "Den kan vara en annan än avståndet mellan andelarna.": (
        "Worked out unit by unit, the difference is %(number)s percentage points (%(level)s interval %(extent)s). "
        "It may be other than the distance between the shares."
    ),
    "Svar per fråga: cirka %(patient)s från patienter och %(provider)s från vården.": (
        "Answers per question: about %(patient)s from patients and %(provider)s from care providers."
    ),
    "Svar per fråga: cirka %(provider)s från vården.": (
        "Answers per question: about %(provider)s from care providers."
    ),
    "Streck: %(level)s intervall.": "Lines: %(level)s interval.",
    "Skillnaden är räknad enhet för enhet.": "The difference is worked out unit by unit.",
    "Vården svarar ja oftare än patienterna.": "Care providers say yes more often than patients.",
    "Patienterna svarar ja oftare än vården.": "Patients say yes more often than care providers.",
    "Skillnaden kan vara slump: intervallet gäller frågan för sig, men sju frågor prövas samtidigt.": (
        "The difference may be chance, because several questions are tested at once."
    ),
    "Skillnaden går inte att skilja från noll. Det betyder inte att den är noll.": (
        "The difference cannot be told apart from zero. That does not mean that it is zero."
    ),
    "Inga förändringar över tid går att skilja från noll": "No change over time can be told apart from zero",
    "Ingen förändring av skillnaden går att skilja från noll, jämfört med %(rounds)s": (
        "No change in the difference can be told apart from zero, compared with %(rounds)s"
    ),
    "%(question)s: för få enheter eller svar för att jämföra patienter och vården": (
        "%(question)s: too few units or answers to compare patients and care providers"
    ),
    "Förändringen går att skilja från noll.": "The change can be told apart from zero.",
    "Förändringen går inte att skilja från noll.": "The change cannot be told apart from zero.",
    "Så svarar patienterna och vården över tid": "What patients and care providers say over time",
    "Skillnaden mellan vården och patienterna över tid": (
        "The difference between care providers and patients over time"
    ),
    "Större andel patienter svarar ja än %(round)s: %(questions)s": (
        "A larger share of patients say yes than in %(round)s: %(questions)s"
    ),
    "Mindre andel patienter svarar ja än %(round)s: %(questions)s": (
        "A smaller share of patients say yes than in %(round)s: %(questions)s"
    ),
    "Större andel i vården svarar ja än %(round)s: %(questions)s": (
        "A larger share of care providers say yes than in %(round)s: %(questions)s"
    ),
    "Mindre andel i vården svarar ja än %(round)s: %(questions)s": (
        "A smaller share of care providers say yes than in %(round)s: %(questions)s"
    ),
    "Vården och patienterna svarar mer lika än %(round)s: %(questions)s": (
        "Care providers and patients answer more alike than in %(round)s: %(questions)s"
    ),
    "Vården och patienterna svarar mer olika än %(round)s: %(questions)s": (
        "Care providers and patients answer less alike than in %(round)s: %(questions)s"
    ),
    "Skillnaden mellan vården och patienterna har ändrats sedan %(round)s: %(questions)s": (
        "The difference between care providers and patients has changed since %(round)s: %(questions)s"
    ),
    "Andel som svarar ja, %(place)s, %(period)s.": "Share who say yes, %(place)s, %(period)s.",
    "%(question)s, vården: %(figures)s.": "%(question)s, care providers: %(figures)s.",
    "Vårdens andel ja minus patienternas, i procentenheter, %(place)s, %(period)s.": (
        "Care providers' share of yes minus patients', in percentage points, %(place)s, %(period)s."
    ),
    "Band: %(level)s intervall.": "Bands: %(level)s interval.",
    "Andel som svarar ja": "Share who say yes",
    "Vården minus patienterna, i procentenheter": "Care providers minus patients, in percentage points",
    "%(question)s: vården svarar ja oftare än patienterna": (
        "%(question)s: care providers say yes more often than patients"
    ),
    "%(question)s: patienterna svarar ja oftare än vården": (
        "%(question)s: patients say yes more often than care providers"
    ),
    "%(question)s: skillnaden går inte att skilja från noll": (
        "%(question)s: the difference cannot be told apart from zero"
    ),
    "%(question)s: för få svar för att jämföra patienter och vården": (
        "%(question)s: too few answers to compare patients and care providers"
    ),
    "I vården svarar fler än hälften av dem som tog ställning ja: %(questions)s": (
        "More than half of care providers say yes: %(questions)s"
    ),
    "I vården svarar färre än hälften av dem som tog ställning ja: %(questions)s": (
        "Fewer than half of care providers say yes: %(questions)s"
    ),
    "Trygghet": "Confidence and access",
    "Överenskommelse": "Documented agreement",
    "Kontaktvägar": "Ways to make contact",
    "Fast vårdkontakt": "Specific care contact (fast vårdkontakt)",
    "Nästa tid": "Next appointment agreed",
    "Överblick": "Overview and coordination",
}

ENGLISH = _catalog() | LONGER


class EnglishTexts(PlainLocalisation):
    """English as the web will write it, as far as the pictures need."""

    def __init__(self) -> None:
        """Names of rounds and places as the invented editions have them."""
        rounds = {f"{year}-{half}": f"{half} {year}" for year in range(2022, 2028) for half in ("spring", "autumn")}
        places = {"region": "Region Jämtland Härjedalen", "ostersund": "Östersund", "odensala": "Odensala"}
        super().__init__(rounds, places, ENGLISH)

    def percent(self, value: float) -> str:
        """56 → "56%"."""
        return f"{self.number(value)}%"
