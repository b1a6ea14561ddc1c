"""The things that a resident can ask for at the next visit, question by question. For the conversation sheet.

The same whatever was answered: a yes does not mean that there is nothing to ask for. Each is said as the resident
would say it to staff. The questions are SKR's, these sentences are ours; the sheet names the sources at its foot.
"""

from survey.domain.text.i18n import N_

REQUESTS = {
    "trygghet": N_("Jag vill veta vem jag ska kontakta om jag blir sjuk eller orolig, och hur snabbt jag får hjälp."),
    "overenskommelse": N_(
        "Jag vill att vi skriver ner en överenskommelse: vad som är viktigt för mig, vad jag gör och vad vården gör."
    ),
    "kontaktvagar": N_("Jag vill veta hur jag lättast får kontakt med er, till exempel per telefon eller på 1177.se."),
    "fast_vardkontakt": N_("Jag vill ha en fast vårdkontakt, en person som jag kan vända mig till."),
    "nasta_steg": N_("Jag vill veta vad mitt nästa steg är, vem som gör vad och när."),
    "nasta_tid": N_("Jag vill att vi bestämmer nästa tid tillsammans innan jag går."),
    "overblick": N_(
        "Jag vill se mina planer samlade. Vid behov vill jag ha en plan tillsammans med alla som hjälper mig: "
        "en samordnad individuell plan (SIP)."
    ),
}
