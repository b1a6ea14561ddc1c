"""Audit events: each kind of act of the staff, its name in the log, and the details that may be recorded.

For the audit log. Nothing a resident does is an event here, and what is not named here can't be written: no code, no
address of a resident, no answer.
"""

from dataclasses import dataclass

from survey.domain.text.i18n import N_

COMMAND_LINE = "kommandoraden"
UNKNOWN = "okänd adress"


@dataclass(frozen=True)
class Deed:
    """One kind of audit event: its words for a reader, and the names of its allowed details."""

    words: str
    about: tuple[str, ...] = ()


_LIST = ("unit", "round", "role", "channel")
_CODES = ("unit", "round", "role", "channel", "count")
_PERSON = ("person", "role", "place", "language")
_BY_TWO = "asked_by"

DEEDS = {
    "signed_in": Deed(N_("Loggade in")),
    "sign_in_failed": Deed(N_("Försökte logga in"), ("unnoted",)),
    "signed_out": Deed(N_("Loggade ut")),
    "figures_taken": Deed(N_("Tog hem siffror"), ("edition", "place", "file")),
    "codes_made": Deed(N_("Gjorde koder"), _CODES),
    "messages_handed_in": Deed(N_("Lämnade in en lista att skicka"), (*_CODES, "kind")),
    "sending_paused": Deed(N_("Lät ett utskick vila"), _LIST),
    "sending_resumed": Deed(N_("Lät ett utskick fortsätta"), _LIST),
    "sending_stopped": Deed(N_("Stoppade ett utskick"), _CODES),
    "message_tried": Deed(N_("Skickade ett prov till sig själv"), _LIST),
    "sheets_printed": Deed(N_("Gjorde pappersblanketter"), ("unit", "round", "role", "count")),
    "sheets_keyed_in": Deed(N_("Har skrivit in blanketter, i tiotal"), ("unit", "round", "role", "count")),
    "round_added": Deed(N_("Lade till en mätomgång"), ("round",)),
    "round_changed": Deed(N_("Ändrade en mätomgång"), ("round",)),
    "round_removed": Deed(N_("Tog bort ett utkast till mätomgång"), ("round",)),
    "round_extended": Deed(N_("Flyttade fram sista dagen i en mätomgång"), ("round", "was", "now")),
    "round_cancel_asked": Deed(N_("Bad om att avbryta en mätomgång"), ("round",)),
    "round_cancelled": Deed(N_("Avbröt en mätomgång"), ("round", _BY_TWO)),
    "round_opened": Deed(N_("Öppnade en mätomgång"), ("round",)),
    "round_closing_asked": Deed(N_("Bad om att stänga en mätomgång i förtid"), ("round",)),
    "round_closed": Deed(N_("Stängde en mätomgång"), ("round", _BY_TWO)),
    "loss_accepted": Deed(N_("Gick vidare efter en förlust av svar"), ("round", "count")),
    "round_published": Deed(N_("Publicerade en mätomgång"), ("round",)),
    "places_imported": Deed(N_("Läste in platser från en fil"), ("count",)),
    "place_changed": Deed(N_("Ändrade en plats"), ("place", "change", "from_to")),
    "text_changed": Deed(N_("Ändrade en text"), ("text",)),
    "unit_group_made": Deed(N_("Gjorde en grupp av enheter"), ("group", "version")),
    "unit_group_ended": Deed(N_("Avslutade en grupp av enheter"), ("group",)),
    "plan_changed": Deed(N_("Ändrade i handlingsplanen"), ("kind", "entry", "version")),
    "plan_imported": Deed(N_("Läste in aktiviteter från en fil"), ("kind", "count")),
    "targets_changed": Deed(N_("Ändrade ett mål eller ett värde utifrån"), ("kind", "entry", "version")),
    "targets_imported": Deed(N_("Läste in mål eller värden utifrån från en fil"), ("kind", "count")),
    "told_residents": Deed(N_("Ändrade vad invånarna får veta om en omgång"), ("place", "round", "language")),
    "pack_made": Deed(N_("Gjorde ett mötespaket"), ("edition",)),
    "pack_frozen": Deed(N_("Frös ett mötespaket"), ("pack", "edition")),
    "pack_taken": Deed(N_("Tog hem ett mötespaket"), ("pack", "file")),
    "pack_removed": Deed(N_("Tog bort ett utkast till mötespaket"), ("edition",)),
    "decision_followed": Deed(N_("Skrev vad det blev av ett beslut"), ("pack", "decision")),
    "person_added": Deed(N_("Lade till ett konto"), _PERSON),
    "link_mailed": Deed(N_("Skickade en länk med e-post"), ("person",)),
    "invitation_asked": Deed(N_("Bad om att få bjuda in"), _PERSON),
    "person_invited": Deed(N_("Bjöd in"), (*_PERSON, _BY_TWO)),
    "invitation_taken": Deed(N_("Tog emot en inbjudan"), ("role", "place", "language")),
    "invitation_withdrawn": Deed(N_("Drog tillbaka en inbjudan"), ("person",)),
    "role_asked": Deed(N_("Bad om en ändrad roll"), _PERSON),
    "role_changed": Deed(N_("Bekräftade en ändrad roll"), (*_PERSON, _BY_TWO)),
    "proposal_refused": Deed(N_("Tog bort något som väntade på en samordnare till"), (*_PERSON, "round")),
    "new_link_asked": Deed(N_("Bad om en ny länk till ett konto"), ("person",)),
    "new_link_made": Deed(N_("Gjorde en ny länk till ett konto"), ("person", _BY_TWO)),
    "new_link_taken": Deed(N_("Valde ett nytt lösenord med en ny länk")),
    "new_link_read": Deed(N_("Läste att en ny länk hade gjorts")),
    "forgotten_password_asked": Deed(N_("Bad om en länk för ett glömt lösenord"), ("unnoted",)),
    "forgotten_password_changed": Deed(N_("Valde ett nytt lösenord i stället för ett glömt")),
    "factors_forgotten": Deed(N_("Stängde av inloggning i två steg för ett konto"), ("person",)),
    "password_changed": Deed(N_("Bytte lösenord")),
    "factor_set": Deed(N_("Lade till inloggning i två steg"), ("kind",)),
    "factor_removed": Deed(N_("Tog bort inloggning i två steg"), ("kind",)),
    "recovery_codes_made": Deed(N_("Gjorde nya reservkoder")),
    "sessions_ended": Deed(N_("Avslutade inloggningar")),
    "second_step_failed": Deed(N_("Försökte ta det andra steget"), ("unnoted",)),
    "tried_too_early": Deed(N_("Försökte logga in under väntetiden"), ("unnoted",)),
    "kiosk_paired": Deed(N_("Kopplade en surfplatta"), ("unit",)),
    "kiosk_let_go": Deed(N_("Kopplade bort en surfplatta"), ("unit",)),
    "account_closing_asked": Deed(N_("Bad om att stänga ett konto"), ("person",)),
    "account_closed": Deed(N_("Stängde ett konto"), ("person", _BY_TWO)),
    "account_reopening_asked": Deed(N_("Bad om att öppna ett konto igen"), ("person",)),
    "account_reopened": Deed(N_("Öppnade ett konto igen"), ("person", _BY_TWO)),
    "texts_approved": Deed(N_("Godkände texter på ett språk"), ("language", "kind", "count")),
    "wording_proposed": Deed(N_("Skrev en ny lydelse på ett språk"), ("language", "text")),
    "translations_imported": Deed(N_("Läste in översättningar från en fil"), ("language", "kind", "count")),
}


def deed_fault(what: str, about: dict[str, str | int]) -> str | None:
    """Return why this can't be written to the log; None when it can."""
    if what not in DEEDS:
        return f"There is no deed {what}."
    if extra := sorted(set(about) - set(DEEDS[what].about)):
        return f"{what} says nothing of {', '.join(extra)}."
    return None
