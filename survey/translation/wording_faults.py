"""The rules that a wording must hold to, said in a translator's words. For the form of a wording and for files."""

from unicodedata import normalize

from flask_babel import gettext as _

from survey.domain.text.i18n import N_
from survey.web.i18n.catalog_rules import OwnRules, changed_placeholders, length_and_limit, text_faults

RULES = {
    "empty": N_("Skriv en lydelse. Den är tom."),
    "markup": N_("Lydelsen har HTML eller raka citattecken som svenskan inte har."),
    "placeholders": N_("Ord som fylls i av sidan ska stå kvar precis som i svenskan."),
    "format": N_("Lydelsen har ett ensamt procenttecken eller andra tecken som sidan läser som kod."),
    "hidden-signs": N_("Lydelsen har tecken som ingen kan se, till exempel sådana som vänder texten."),
    "address": N_("Lydelsen har en adress som svenskan inte har."),
    "numbers": N_("Lydelsen har andra tal eller telefonnummer än svenskan."),
    "digits": N_("Lydelsen har andra siffror än 0 till 9."),
    "exclamation": N_("Lydelsen har ett utropstecken."),
    "ending": N_("Lydelsen ska sluta som svenskan, utan mellanslag före eller efter."),
    "length": N_("Lydelsen är för lång för sin plats: %(n)s tecken, högst %(most)s."),
    "term": N_("Lydelsen saknar den svenska termen inom parentes."),
    "contract": N_("Lydelsen säger kontrakt. Överenskommelsen är inget kontrakt."),
    "scale": N_("Svarsvalet har andra ord än i språkets fil language.toml. Så märks om två val har bytt plats."),
}


def wording_faults(source: str, turned: str, own: OwnRules) -> list[str]:
    """Return the rules that a wording breaks, by the keys of `RULES`; `own` is what its language adds."""
    if not turned.strip():
        return ["empty"]
    return list(dict.fromkeys(fault.rule for fault in text_faults(source, turned, own)))


def rule_sentence(rule: str, source: str, turned: str) -> str:
    """Return in the reader's words what is wrong, with its figures and the placeholders by name."""
    if rule == "length":
        wide, most = length_and_limit(source, turned)
        return str(_(RULES[rule], n=wide, most=most))
    said = [str(_(RULES[rule]))]
    if rule == "placeholders":
        lacks, more = changed_placeholders(source, turned)
        said += [str(_("Det här saknas: %(words)s.", words=lacks))] if lacks else []
        said += [str(_("Det här har svenskan inte: %(words)s.", words=more))] if more else []
    return " ".join(said)


def normalise_wording(words: str, stands: str) -> str:
    """Return a wording in the one form that texts are kept in; what stands comes back as it stands."""
    composed = normalize("NFC", words)
    return stands if composed == normalize("NFC", stands) else composed
