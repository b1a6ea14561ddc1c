"""Descriptions of the figures' columns and codes, one sentence each. For the code book.

Every column of a file that is taken home has a line here; a test goes through them all.
"""

from collections.abc import Mapping

from analysis.frames.resident_groups import GROUPINGS
from analysis.frames.schema import PARTS
from analysis.localisation import N_
from survey.domain.questions.answer_scale import ANSWER_OPTIONS, TOLD_APART

NOT_YES_MEANING = N_("Svarar delvis eller nej, i procent av dem som tog ställning.")
BEFORE = ("status", "n", "share", "low", "high")

COLUMNS: Mapping[str, str] = {
    "round": N_("Mätomgången."),
    "date": N_("Mätomgångens sista dag."),
    "place": N_("Platsen: regionen, en kommun eller en enhet."),
    "level": N_("Vilken nivå platsen har."),
    "role": N_("Vems svar: patienternas eller vårdens."),
    "grouping": N_("Vad svaren är indelade efter. Varje indelning gäller alla som räknas i den."),
    "group": N_("Gruppen i indelningen."),
    "question": N_("Vilken av de sju frågorna."),
    "status": N_("Om siffran visas."),
    "reason": N_("Varför siffran inte visas rakt av."),
    "n": N_("Antal som har svarat. Avrundat till närmaste 5."),
    "base": N_("Antal som tog ställning, ja, delvis eller nej, med brus."),
    "steady_yes": N_("Antal ja som andelen räknas på. Intervall och prövningar räknar på samma antal."),
    "steady_base": N_("Antal som tog ställning som andelen räknas på, jämkat mot hur många som brukar göra det."),
    "noise": N_("Brusets varians i vart och ett av antalen ja, inte ja och utanför."),
    "noise_part": N_("Brusets varians i ett antal som har eget brus: delvis, vet inte, inte aktuellt."),
    "yes_count": ANSWER_OPTIONS["yes"].count_meaning,
    "not_yes_count": N_("Antal delvis eller nej, med brus."),
    "non_substantive_count": N_("Antal som inte tog ställning eller hoppade över frågan, med brus."),
    **{f"{code}_count": ANSWER_OPTIONS[code].count_meaning for code in TOLD_APART},
    "share": N_("Andel som svarar ja, i procent av dem som tog ställning."),
    "low": N_("Nedre gräns för radens 95 %% intervall: andelens i procent, skillnadens i procentenheter."),
    "high": N_("Övre gräns för radens 95 %% intervall."),
    **{code: NOT_YES_MEANING if code == "not_yes" else ANSWER_OPTIONS[code].meaning for code in PARTS},
    "wording": N_("Märke för frågans formulering. Samma märke: samma fråga och samma svarsval."),
    "wording_patient": N_("Samma märke för frågan till patienterna."),
    "wording_provider": N_("Samma märke för frågan till vården."),
    "segment": N_("Löpnummer för formuleringen. Omgångar med samma nummer går att jämföra."),
    "joined": N_("Ja där andra enheter har gått upp i platsen sedan omgången före. Då börjar ett nytt löpnummer."),
    "kind": N_("Hur skillnaden är räknad."),
    "units": N_("Antal enheter bakom skillnaden."),
    "units_excluded": N_("Antal enheter som inte kunde räknas med."),
    "only": N_("Den enda enhet som skillnaden är räknad i, där det bara är en."),
    "patients": N_("Antal svar från patienter bakom skillnaden, avrundat till närmaste 5."),
    "providers": N_("Antal svar från vården bakom skillnaden, avrundat till närmaste 5."),
    "gap": N_("Skillnad: vårdens andel ja minus patienternas, i procentenheter."),
    "se": N_("Skillnadens medelfel, i procentenheter."),
    "shrunk": N_("Enhetens skillnad, hållen mot de andra enheternas: en försiktigare gissning."),
    "shrunk_low": N_("Nedre gräns för den försiktigare gissningens 95 %% intervall."),
    "shrunk_high": N_("Övre gräns för den försiktigare gissningens 95 %% intervall."),
    "detectable": N_("Den minsta skillnad som så många svar hade kunnat skilja från noll, fyra gånger av fem."),
    "partly_yes": N_("Skillnaden om delvis räknas som ja. Bara för frågan där svarsvalen skiljer sig åt."),
    "partly_no": N_("Skillnaden om delvis räknas som nej, som i övriga siffror."),
    "p": N_(
        "p-värde, justerat för alla som prövas tillsammans: en sidas frågor med Holms metod, enheter bredvid "
        "varandra med Benjaminis och Hochbergs."
    ),
    "distinct": N_("Om skillnaden eller förändringen går att skilja från noll: intervallet utan noll, p under 0,05."),
    "since": N_("Den tidigare omgång som skillnaden jämförs med."),
    "change": N_("Hur mycket skillnaden, eller andelen, har ändrats sedan dess, i procentenheter."),
    "change_units": N_("Antal enheter som räknas i båda omgångarna, där förändringen vilar på dem."),
    "change_low": N_("Nedre gräns för förändringens 95 %% intervall."),
    "change_high": N_("Övre gräns för förändringens 95 %% intervall."),
    "change_p": N_("Förändringens p-värde, justerat för sidans frågor med Holms metod."),
    "usual": N_("Hur mycket andelar brukar variera mellan omgångar, i procentenheter."),
    "non_substantive": N_(
        "Hur mycket andelen som inte tog ställning har ändrats. Sägs när det är mer än fem procentenheter."
    ),
    "direction": N_("Åt vilket håll trenden eller förändringen går: 1 uppåt, -1 nedåt, 0 ingen som går att skilja."),
    "direction_distinct": N_("Om den går att skilja från noll."),
    "side": N_("Vad som visas: patienternas andel, vårdens andel eller skillnaden."),
    "own": N_("Om raden är den enhet som bilden gäller."),
    "change_distinct": N_("Om förändringen går att skilja från noll."),
    "before": N_("Den omgång före med samma formulering som andelen jämförs med."),
    "before_date": N_("Den omgångens sista dag."),
    **{f"before_{name}": N_("Samma uppgift i den omgången.") for name in BEFORE},
    "majority": N_("Om andelen går att skilja från hälften."),
    "stretch": N_("Löpnummer för en följd av omgångar med samma gränser."),
    "rounds": N_("Antal omgångar i följden med tillräckligt många svar."),
    "stage": N_("Hur mycket som kan sägas med så många omgångar."),
    "run": N_("Om andelen länge har legat på samma sida om mitten, eller korsar den för sällan."),
    "center": N_("Mitten: andelen i alla omgångar i följden tillsammans."),
    "lower": N_("Nedre gräns för vanlig variation. För enheter: den yttre, 99,8 %%."),
    "upper": N_("Övre gräns för vanlig variation. För enheter: den yttre, 99,8 %%."),
    "lower_inner": N_("Nedre gräns, den inre, 95 %%."),
    "upper_inner": N_("Övre gräns, den inre, 95 %%."),
    "sigma_z": N_("Hur mycket mer omgångarna varierar än slumpen ensam skulle ge."),
    "signal": N_("Om andelen ligger utanför gränserna."),
    "unit": N_("Enheten, eller tomt för platsen själv."),
    "target": N_("Andelen för alla tillsammans, som enheterna jämförs med."),
    "phi": N_("Hur mycket mer enheterna varierar än slumpen ensam skulle ge."),
    "tau2": N_("Variansen mellan enheter utöver slumpen, som gränserna räknar med."),
    "outlier": N_("Om enheten skiljer sig mer än väntat."),
    "gap_distinct": N_("Om skillnaden går att skilja från noll när platsens sju frågor prövas tillsammans."),
    "difference": N_("Kvinnors andel ja minus mäns, i procentenheter."),
    "difference_low": N_("Nedre gräns för den skillnadens 95 %% intervall."),
    "difference_high": N_("Övre gräns för den skillnadens 95 %% intervall."),
    "region": N_("Regionen: den som jämförs, eller den som kommunerna hör till."),
    "nation": N_("Landet som regionerna hör till."),
    "regions": N_("Antal regioner som är med i varje omgång."),
    "note": N_("Anmärkning om raden."),
}

CODES: Mapping[str, Mapping[str, str]] = {
    "level": {
        "nation": N_("Land"),
        "region": N_("Region"),
        "municipality": N_("Kommun"),
        "unit": N_("Enhet"),
        "unit_group": N_("Grupp av enheter"),
    },
    "majority": {"more": N_("Mer än hälften svarar ja."), "less": N_("Mindre än hälften svarar ja.")},
    "stage": {
        "few": N_("För få omgångar för gränser."),
        "preliminary": N_("Gränserna är preliminära."),
        "full": N_("Gränser och följder kan läsas."),
    },
    "grouping": GROUPINGS,
    "role": {"patient": N_("Patienter och andra invånare"), "provider": N_("Vårdens medarbetare")},
    "status": {
        "shown": N_("Siffran visas."),
        "hollow": N_("Siffran visas, men är osäker: intervallet når 20 till 30 procentenheter åt varje håll."),
        "interval": N_("Bara intervallet visas: det når 30 till 40 procentenheter åt varje håll."),
        "unsure": N_("För osäkert: intervallet är vidare, eller för få tog ställning."),
        "hidden": N_("För få har svarat, eller ingen."),
    },
    "reason": {
        "few": N_("För få har svarat."),
        "unsure": N_("Siffran är för osäker."),
        "first": N_("Det är den första omgången."),
        "wording": N_("Frågan var formulerad på ett annat sätt."),
        "joined": N_("Andra enheter har gått upp i platsen."),
    },
    "kind": {
        "unit": N_("En enhets skillnad, räknad på dess egna svar."),
        "units": N_("Räknad enhet för enhet och sammanvägd med enheternas antal svar."),
        "matched": N_("Räknad på enheternas sammanlagda svar, vägda så att båda sidor väger lika i varje enhet."),
    },
    "side": {
        "patient": N_("Patienternas andel ja"),
        "provider": N_("Vårdens andel ja"),
        "gap": N_("Skillnaden"),
    },
}

METHOD = (
    N_("Utgåva %(number)s. Siffrorna är de som är publicerade, och inga andra finns att få."),
    N_("Andel ja = ja / (ja + delvis + nej). Vet inte och inte aktuellt räknas inte med i andelen."),
    N_(
        "Innan något sparades ändrades varje antal lite, på måfå. Hur mycket står i kolumnen för brus, och varje "
        "intervall räknar med det."
    ),
    N_("Intervall för en andel: Wilsons med brus, 95 %%. Intervall för en skillnad: Newcombes på sådana."),
    N_("Varje förändring räknar med att omgångar varierar mer än slumpen."),
    N_("Skillnaden är vårdens andel minus patienternas. Grupperna är oberoende, inte par av personer."),
    N_(
        "Skillnaden över flera enheter räknas enhet för enhet och vägs samman. Den är inte det ena medeltalet minus "
        "det andra."
    ),
    N_("Att en skillnad inte går att skilja från noll betyder inte att den är noll."),
    N_("Färre än %(patients)s svar från patienter eller %(providers)s från vården visas aldrig."),
    N_("Antal som har svarat är avrundade till närmaste 5. Hur säker en siffra är avgör om den visas som andel."),
    N_("En siffra går bara att jämföra med en tidigare när frågan har samma formulering."),
    N_(
        "Frågorna till patienter och vård är inte ordagrant lika. Det finns inget index över de sju frågorna och "
        "ingen rangordning."
    ),
    N_("En text som ett kalkylprogram kunde ta för en formel har en apostrof framför sig."),
)
