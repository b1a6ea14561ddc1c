"""A small English dictionary for the tests: longer words than the Swedish ones, to try the pictures with."""

from pathlib import Path

from babel.messages.pofile import read_po

from analysis.texts import PlainTexts

PO = Path(__file__).parents[2] / "translations" / "en" / "LC_MESSAGES" / "messages.po"


def _catalog() -> dict[str, str]:
    """What our own translation says of `analysis`; the longer words below stand before it."""
    with PO.open("rb") as file:
        found = [each for each in read_po(file, locale="en") if each.id and each.string and not each.fuzzy]
    return {
        str(each.id): str(each.string)
        for each in found
        if any(place.startswith("analysis/") for place, _line in each.locations)
    }


LONGER = {
    "patienter": "patients",
    "vården": "care providers",
    "för få svar": "too few answers",
    "patienter: för få svar": "patients: too few answers",
    "vården: för få svar": "care providers: too few answers",
    "Ingen skillnad mellan patienter och vården går att skilja från noll": (
        "No difference between patients and care providers can be told apart from zero"
    ),
    "För få svar för att jämföra patienter och vården": ("Too few answers to compare patients and care providers"),
    "går inte att skilja från noll": "cannot be told apart from zero",
    "osäkert": "uncertain",
    "kan vara slump när flera frågor prövas": "may be chance when several questions are tested",
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
    "för få svar från patienterna": "too few answers from patients",
    "för få svar från vården": "too few answers from care providers",
    "vården mer positiv": "care providers more positive",
    "patienterna mer positiva": "patients more positive",
    "mellan %(low)s och %(high)s": "between %(low)s and %(high)s",
    "Skillnad i procentenheter: %(number)s (%(level)s intervall %(extent)s).": (
        "Difference in percentage points: %(number)s (%(level)s interval %(extent)s)."
    ),
    "Andel som svarar ja, %(place)s, %(round)s.": "Share who say yes, %(place)s, %(round)s.",
    "%(low)s till %(high)s": "%(low)s to %(high)s",
    "intervall %(extent)s": "interval %(extent)s",
    "%(question)s: patienter %(patient)s, vården %(provider)s, skillnad %(gap)s (%(verdict)s).": (
        "%(question)s: patients %(patient)s, care providers %(provider)s, difference %(gap)s (%(verdict)s)."
    ),
    "Räknat enhet för enhet är skillnaden %(number)s procentenheter (%(level)s intervall %(extent)s). "
    "Den kan vara en annan än avståndet mellan andelarna.": (
        "Worked out unit by unit, the difference is %(number)s percentage points (%(level)s interval %(extent)s). "
        "It may be other than the distance between the shares."
    ),
    "Enheter som räknas: %(units)s. Enheter med för få svar: %(out)s.": (
        "Units counted: %(units)s. Units with too few answers: %(out)s."
    ),
    "varav osäkra: %(number)s": "of which uncertain: %(number)s",
    "högre än vanligt %(round)s": "higher than usual in %(round)s",
    "lägre än vanligt %(round)s": "lower than usual in %(round)s",
    "går att skilja från noll": "can be told from zero",
    "Sedan omgången före, %(round)s: %(number)s (%(told)s).": (
        "Since the round before, %(round)s: %(number)s (%(told)s)."
    ),
    "Osäkert, för någon av sidorna har färre än %(number)s svar.": (
        "Uncertain, because one of the sides has fewer than %(number)s answers."
    ),
    "Ihålig markering: färre än %(number)s svar, osäkert.": ("Hollow mark: fewer than %(number)s answers, uncertain."),
    "högst %(share)s": "at most %(share)s",
    "minst %(share)s": "at least %(share)s",
    "Svar per fråga: cirka %(patient)s från patienter och %(provider)s från vården.": (
        "Answers per question: about %(patient)s from patients and %(provider)s from care providers."
    ),
    "Svar per fråga: cirka %(patient)s från patienter.": ("Answers per question: about %(patient)s from patients."),
    "Svar per fråga: cirka %(provider)s från vården.": (
        "Answers per question: about %(provider)s from care providers."
    ),
    "En av andelarna visas bara som ett spann, så skillnaden är också ett spann.": (
        "One of the shares is shown only as a span, so the difference is a span too."
    ),
    "Streck: %(level)s intervall.": "Lines: %(level)s interval.",
    "Fält: andelen ligger någonstans i fältet.": "Field: the share lies somewhere in the field.",
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
    "För få enheter eller svar för att jämföra patienter och vården": (
        "Too few units or answers to compare patients and care providers"
    ),
    "för få enheter eller svar": "too few units or answers",
    "Skillnaden räknas enhet för enhet. Här är enheterna eller svaren för få, så den visas inte": (
        "The difference is counted unit by unit. Here the units or answers are too few, so it is not shown"
    ),
    "Skillnaden och dess intervall är avrundade till steg om %(step)s procentenheter, för att skydda små grupper.": (
        "The difference and its interval are rounded to steps of %(step)s percentage points, to protect small groups."
    ),
    "Skillnaden har ändrats med %(number)s procentenheter sedan %(round)s (%(level)s intervall %(extent)s).": (
        "The difference has changed by %(number)s percentage points since %(round)s (%(level)s interval %(extent)s)."
    ),
    "Förändring i procentenheter: %(number)s (%(level)s intervall %(extent)s).": (
        "Change in percentage points: %(number)s (%(level)s interval %(extent)s)."
    ),
    "Kryss: för få enheter eller svar.": "Crosses: too few units or answers.",
    "Förändringen går att skilja från noll.": "The change can be told apart from zero.",
    "Förändringen går inte att skilja från noll.": "The change cannot be told apart from zero.",
    "%(place)s (påhittade svar)": "%(place)s (invented answers)",
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
    "%(question)s, patienter: %(figures)s.": "%(question)s, patients: %(figures)s.",
    "%(question)s, vården: %(figures)s.": "%(question)s, care providers: %(figures)s.",
    "Vårdens andel ja minus patienternas, i procentenheter, %(place)s, %(period)s.": (
        "Care providers' share of yes minus patients', in percentage points, %(place)s, %(period)s."
    ),
    "%(number)s av %(all)s frågor": "%(number)s of %(all)s questions",
    "Ihålig markering: går inte att skilja från noll, eller färre än %(number)s svar.": (
        "Hollow mark: cannot be told apart from zero, or fewer than %(number)s answers."
    ),
    "%(first)s till %(last)s": "%(first)s to %(last)s",
    "Över noll: vården svarar ja oftare.": "Above zero: care providers say yes more often.",
    "Kryss: för få svar.": "Cross: too few answers.",
    "Prickad linje: ny formulering.": "Dotted line: new wording.",
    "Band: %(level)s intervall.": "Bands: %(level)s interval.",
    "Stapel: andelen ligger någonstans i stapeln.": "Bar: the share lies somewhere in the bar.",
    "för få svar %(rounds)s": "too few answers %(rounds)s",
    "ny formulering %(rounds)s": "new wording %(rounds)s",
    "Stapel: skillnaden ligger någonstans i stapeln.": "Bar: the difference lies somewhere in the bar.",
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
    "Av patienter som tog ställning svarar fler än hälften ja: %(questions)s": (
        "Of patients who took a stand more than half say yes: %(questions)s"
    ),
    "Av patienter som tog ställning svarar färre än hälften ja: %(questions)s": (
        "Of patients who took a stand fewer than half say yes: %(questions)s"
    ),
    "I vården svarar fler än hälften av dem som tog ställning ja: %(questions)s": (
        "More than half of care providers say yes: %(questions)s"
    ),
    "I vården svarar färre än hälften av dem som tog ställning ja: %(questions)s": (
        "Fewer than half of care providers say yes: %(questions)s"
    ),
    "Andelen som svarar ja går inte att skilja från hälften": (
        "The share who say yes cannot be told apart from one half"
    ),
    "För få svar för att visa hur de fördelas": ("Too few answers to show how they are spread"),
    "Så fördelas svaren": ("How the answers are spread"),
    "ja": ("yes"),
    "delvis": ("partly"),
    "nej": ("no"),
    "inte ja": ("not yes"),
    "vet inte": ("don't know"),
    "inte aktuellt": ("does not apply"),
    "%(question)s, patienter: %(answers)s.": ("%(question)s, patients: %(answers)s."),
    "%(question)s, vården: %(answers)s.": ("%(question)s, care providers: %(answers)s."),
    "Svaren i procent av dem som svarat ja, delvis eller nej, %(place)s, %(round)s.": (
        "Answers in per cent of those who said yes, partly or no, %(place)s, %(round)s."
    ),
    "Vet inte och inte aktuellt: procent av alla svar på frågan.": (
        "Don't know and does not apply: per cent of all answers to the question."
    ),
    "Streckat fält: andelen ligger någonstans i fältet.": ("Dashed field: the share lies somewhere in the field."),
    "Ihålig stapel: färre än %(number)s svar, osäkert.": ("Hollow bar: fewer than %(number)s answers, uncertain."),
    "av alla svar %(answers)s": ("of all answers %(answers)s"),
    "Ingen förändring sedan omgången före går att skilja från noll": (
        "No change since the round before can be told apart from zero"
    ),
    "För få svar för att pröva vad som ändrats sedan omgången före": (
        "Too few answers to test what has changed since the round before"
    ),
    "Ingen tidigare mätomgång har samma formuleringar att jämföra med": (
        "No earlier round has the same wordings to compare with"
    ),
    "ny formulering": ("new wording"),
    "Andel som svarar ja, %(place)s, %(round)s jämfört med närmaste omgång före med samma formulering.": (
        "Share who say yes, %(place)s, %(round)s compared with the nearest round before that has the same wording."
    ),
    "Streck: %(level)s intervall. Fetstil: förändringen går att skilja från noll.": (
        "Lines: %(level)s interval. Bold: the change can be told apart from zero."
    ),
    "Ihålig markering: färre än %(number)s svar, osäkert och inte prövat.": (
        "Hollow mark: fewer than %(number)s answers, uncertain and not tested."
    ),
    "förändring %(number)s (%(told)s)": ("change %(number)s (%(told)s)"),
    "För få mätomgångar för att säga vad som är ovanligt i patienternas svar": (
        "Too few rounds to say what is unusual in patients' answers"
    ),
    "För få mätomgångar för att säga vad som är ovanligt i vårdens svar": (
        "Too few rounds to say what is unusual in care providers' answers"
    ),
    "För få svar från patienterna för att visa hur de varierar": (
        "Too few answers from patients to show how they vary"
    ),
    "För få svar från vården för att visa hur de varierar": (
        "Too few answers from care providers to show how they vary"
    ),
    "Mer än vanlig variation i patienternas svar: %(questions)s": (
        "More than ordinary variation in patients' answers: %(questions)s"
    ),
    "Mer än vanlig variation i vårdens svar: %(questions)s": (
        "More than ordinary variation in care providers' answers: %(questions)s"
    ),
    "Inget utöver vanlig variation går att se i patienternas svar": (
        "Nothing beyond ordinary variation can be seen in patients' answers"
    ),
    "Inget utöver vanlig variation går att se i vårdens svar": (
        "Nothing beyond ordinary variation can be seen in care providers' answers"
    ),
    "Andel patienter som svarar ja, %(place)s, %(period)s.": ("Share of patients who say yes, %(place)s, %(period)s."),
    "Andel i vården som svarar ja, %(place)s, %(period)s.": (
        "Share of care providers who say yes, %(place)s, %(period)s."
    ),
    "Gränser ritas från %(least)s mätomgångar med samma formulering och minst %(sure)s svar.": (
        "Limits are drawn from %(least)s rounds with the same wording and at least %(sure)s answers."
    ),
    "för få omgångar: %(number)s av %(least)s": ("too few rounds: %(number)s of %(least)s"),
    "preliminära gränser": ("preliminary limits"),
    "länge på samma sida": ("long on the same side"),
    "Heldragen grå linje: mitten. Streckade: gränser för vanlig variation.": (
        "Solid grey line: the middle. Dashed: limits of ordinary variation."
    ),
    "Ring: utanför gränserna.": ("Ring: outside the limits."),
    "Preliminära gränser: färre än %(number)s omgångar.": ("Preliminary limits: fewer than %(number)s rounds."),
    "mitten %(center)s, gränser %(lower)s till %(upper)s": ("middle %(center)s, limits %(lower)s to %(upper)s"),
    "utanför gränserna %(rounds)s": ("outside the limits %(rounds)s"),
    "För få enheter har tillräckligt många svar för att jämföras": ("Too few units have enough answers to be compared"),
    "Patienternas svar skiljer sig mer än väntat mellan enheter: %(questions)s": (
        "Patients' answers differ more than expected between units: %(questions)s"
    ),
    "Vårdens svar skiljer sig mer än väntat mellan enheter: %(questions)s": (
        "Care providers' answers differ more than expected between units: %(questions)s"
    ),
    "Ingen enhet går att skilja från de andra i patienternas svar": (
        "No unit can be told apart from the others in patients' answers"
    ),
    "Ingen enhet går att skilja från de andra i vårdens svar": (
        "No unit can be told apart from the others in care providers' answers"
    ),
    "Andel patienter som svarar ja, enheterna i %(place)s, %(round)s.": (
        "Share of patients who say yes, the units in %(place)s, %(round)s."
    ),
    "Andel i vården som svarar ja, enheterna i %(place)s, %(round)s.": (
        "Share of care providers who say yes, the units in %(place)s, %(round)s."
    ),
    "Enheter per fråga: %(shown)s. Med för få svar: %(hidden)s.": (
        "Units per question: %(shown)s. With too few answers: %(hidden)s."
    ),
    "Varje punkt är en enhet. Åt höger: fler svar.": ("Each point is a unit. To the right: more answers."),
    "Vågrät linje: alla tillsammans.": ("Level line: all together."),
    "Väntat: en enhet av 20 utanför streckad gräns, en av 500 utanför heldragen.": (
        "Expected: one unit in 20 outside the dashed limit, one in 500 outside the solid one."
    ),
    "Där enheter varierar mer än slumpen är gränserna vidare.": (
        "Where units vary more than chance, the limits are wider."
    ),
    "Ring: skiljer sig mer än väntat.": ("Ring: differs more than expected."),
    "för få enheter": ("too few units"),
    "alla tillsammans %(share)s": ("all together %(share)s"),
    "enheterna mellan %(low)s och %(high)s": ("the units between %(low)s and %(high)s"),
    "enheter med för få svar: %(units)s": ("units with too few answers: %(units)s"),
    "%(number)s svar": ("%(number)s answers"),
    "Sett över omgångarna stiger andelen patienter som svarar ja: %(questions)s.": (
        "Over the rounds the share of patients who say yes rises: %(questions)s."
    ),
    "Sett över omgångarna sjunker andelen patienter som svarar ja: %(questions)s.": (
        "Over the rounds the share of patients who say yes falls: %(questions)s."
    ),
    "Sett över omgångarna stiger andelen i vården som svarar ja: %(questions)s.": (
        "Over the rounds the share of care providers who say yes rises: %(questions)s."
    ),
    "Sett över omgångarna sjunker andelen i vården som svarar ja: %(questions)s.": (
        "Over the rounds the share of care providers who say yes falls: %(questions)s."
    ),
    "Sett över omgångarna går ingen stigande eller sjunkande andel att skilja från slump.": (
        "Over the rounds no rising or falling share can be told apart from chance."
    ),
    "enheter utanför: %(number)s": "units outside: %(number)s",
    "Trygghet": "Confidence and access",
    "Överenskommelse": "Documented agreement",
    "Kontaktvägar": "Ways to make contact",
    "Fast vårdkontakt": "Specific care contact (fast vårdkontakt)",
    "Nästa steg": "Next step",
    "Nästa tid": "Next appointment agreed",
    "Överblick": "Overview and coordination",
}

ENGLISH = _catalog() | LONGER


class EnglishTexts(PlainTexts):
    """English as the web will write it, as far as the pictures need."""

    def __init__(self) -> None:
        """Names of rounds and places as the invented editions have them."""
        rounds = {f"{year}-{half}": f"{half} {year}" for year in range(2022, 2028) for half in ("spring", "autumn")}
        places = {"region": "Region Jämtland Härjedalen", "ostersund": "Östersund", "odensala": "Odensala"}
        super().__init__(rounds, places, ENGLISH)

    def percent(self, value: float) -> str:
        """56 → "56%"."""
        return f"{self.number(value)}%"
