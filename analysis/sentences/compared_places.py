"""The words of pictures that set places of one level beside each other: units, municipalities, regions.

For the funnels, the sheets of all places and the panels. What they say is the same; what they say it of is not.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.localisation import N_


@dataclass(frozen=True)
class FunnelWords:
    """The sentences of a funnel of one level's places."""

    level: str
    headings: Mapping[str, str]
    too_few: str
    outliers: Mapping[str, str]
    no_outlier: Mapping[str, str]
    measure: Mapping[str, str]
    counted: str
    point: str
    expected: str
    wider: str
    undrawn: str
    few: str
    beyond: str
    between: str
    hidden: str


FUNNEL_OF_UNITS = FunnelWords(
    level="unit",
    headings={
        "patient": N_("Patienternas svar, enhet för enhet"),
        "provider": N_("Vårdens svar, enhet för enhet"),
    },
    too_few=N_("För få enheter har tillräckligt många svar för att jämföras"),
    outliers={
        "patient": N_("Patienternas svar skiljer sig mer än väntat mellan enheter: %(questions)s"),
        "provider": N_("Vårdens svar skiljer sig mer än väntat mellan enheter: %(questions)s"),
    },
    no_outlier={
        "patient": N_("Ingen enhet går att skilja från de andra i patienternas svar"),
        "provider": N_("Ingen enhet går att skilja från de andra i vårdens svar"),
    },
    measure={
        "patient": N_("Andel patienter som svarar ja, enheterna i %(place)s, %(round)s."),
        "provider": N_("Andel i vården som svarar ja, enheterna i %(place)s, %(round)s."),
    },
    counted=N_("Enheter per fråga: %(shown)s. Med för få svar: %(hidden)s."),
    point=N_("Varje punkt är en enhet. Åt höger: fler svar."),
    expected=N_("Väntat: en enhet av 20 utanför streckad gräns, en av 500 utanför heldragen."),
    wider=N_("Där enheter varierar mer än slumpen är gränserna vidare."),
    undrawn=N_("Enheter utan andel, för att den är för osäker, ritas inte."),
    few=N_("för få enheter"),
    beyond=N_("enheter utanför: %(number)s"),
    between=N_("enheterna mellan %(low)s och %(high)s"),
    hidden=N_("enheter med för få svar: %(units)s"),
)
FUNNEL_OF_REGIONS = FunnelWords(
    level="region",
    headings={
        "patient": N_("Patienternas svar, region för region"),
        "provider": N_("Vårdens svar, region för region"),
    },
    too_few=N_("För få regioner har tillräckligt många svar för att jämföras"),
    outliers={
        "patient": N_("Patienternas svar skiljer sig mer än väntat mellan regioner: %(questions)s"),
        "provider": N_("Vårdens svar skiljer sig mer än väntat mellan regioner: %(questions)s"),
    },
    no_outlier={
        "patient": N_("Ingen region går att skilja från de andra i patienternas svar"),
        "provider": N_("Ingen region går att skilja från de andra i vårdens svar"),
    },
    measure={
        "patient": N_("Andel patienter som svarar ja, regionerna i %(place)s, %(round)s."),
        "provider": N_("Andel i vården som svarar ja, regionerna i %(place)s, %(round)s."),
    },
    counted=N_("Regioner per fråga: %(shown)s. Utan siffra: %(hidden)s."),
    point=N_("Varje punkt är en region. Åt höger: fler svar."),
    expected=N_("Väntat: en region av 20 utanför streckad gräns, en av 500 utanför heldragen."),
    wider=N_("Där regioner varierar mer än slumpen är gränserna vidare."),
    undrawn=N_("Regioner utan andel, för att den är för osäker, ritas inte."),
    few=N_("för få regioner"),
    beyond=N_("regioner utanför: %(number)s"),
    between=N_("regionerna mellan %(low)s och %(high)s"),
    hidden=N_("regioner utan siffra: %(units)s"),
)


@dataclass(frozen=True)
class SheetWords:
    """The sentences of the sheets and panels of one level's places; `whole`: the column of the place above them."""

    level: str
    whole: str
    none: Mapping[str, str]
    all_few: Mapping[str, str]
    first_round: Mapping[str, str]
    measure: Mapping[str, str]
    count_of_all: str
    none_of_question: str
    measure_of_question: str


SHEET_OF_MUNICIPALITIES = SheetWords(
    level="municipality",
    whole="region",
    none={
        "patient": N_("Ingen kommuns förändring i patienternas svar är säkert mer än slump"),
        "provider": N_("Ingen kommuns förändring i vårdens svar är säkert mer än slump"),
        "gap": N_("Ingen kommuns skillnad mellan vården och patienterna är säkert mer än slump"),
    },
    all_few={
        "patient": N_("För få svar från patienterna för att jämföra kommuner"),
        "provider": N_("För få svar från vården för att jämföra kommuner"),
        "gap": N_("För få svar för att jämföra patienter och vården i kommunerna"),
    },
    first_round={
        "patient": N_("Så svarar patienterna, kommun för kommun"),
        "provider": N_("Så svarar vården, kommun för kommun"),
        "gap": N_("Skillnaden mellan vården och patienterna, kommun för kommun"),
    },
    measure={
        "patient": N_("Andel patienter som svarar ja, i procent, kommunerna i %(place)s, %(round)s."),
        "provider": N_("Andel i vården som svarar ja, i procent, kommunerna i %(place)s, %(round)s."),
        "gap": N_("Vårdens andel ja minus patienternas, i procentenheter, kommunerna i %(place)s, %(round)s."),
    },
    count_of_all=N_("%(number)s av %(all)s kommuner"),
    none_of_question=N_("%(question)s: ingen kommuns förändring är säkert mer än slump"),
    measure_of_question=N_(
        "Andel som svarar ja, %(place)s, kommun för kommun. Förändring: sedan första omgången med samma formulering."
    ),
)
SHEET_OF_REGIONS = SheetWords(
    level="region",
    whole="nation",
    none={
        "patient": N_("Ingen regions förändring i patienternas svar är säkert mer än slump"),
        "provider": N_("Ingen regions förändring i vårdens svar är säkert mer än slump"),
        "gap": N_("Ingen regions skillnad mellan vården och patienterna är säkert mer än slump"),
    },
    all_few={
        "patient": N_("Ingen region har en siffra för patienternas svar"),
        "provider": N_("Ingen region har en siffra för vårdens svar"),
        "gap": N_("Ingen region har en skillnad att visa"),
    },
    first_round={
        "patient": N_("Så svarar patienterna, region för region"),
        "provider": N_("Så svarar vården, region för region"),
        "gap": N_("Skillnaden mellan vården och patienterna, region för region"),
    },
    measure={
        "patient": N_("Andel patienter som svarar ja, i procent, regionerna i %(place)s, %(round)s."),
        "provider": N_("Andel i vården som svarar ja, i procent, regionerna i %(place)s, %(round)s."),
        "gap": N_("Vårdens andel ja minus patienternas, i procentenheter, regionerna i %(place)s, %(round)s."),
    },
    count_of_all=N_("%(number)s av %(all)s regioner"),
    none_of_question=N_("%(question)s: ingen regions förändring är säkert mer än slump"),
    measure_of_question=N_(
        "Andel som svarar ja, %(place)s, region för region. Förändring: sedan första omgången med samma formulering."
    ),
)
