"""Audit events: each kind of act of the staff, its name in the log, and the details that may be recorded.

For the audit log. Nothing a resident does is an event here, and what is not named here can't be written: no code, no
address of a resident, no answer.
"""

from dataclasses import dataclass

from survey.domain.text.i18n import N_

COMMAND_LINE = "kommandoraden"
UNKNOWN = "okänd adress"


@dataclass(frozen=True)
class AuditEvent:
    """One kind of audit event: its words for a reader, and the names of its allowed details."""

    label: str
    detail_names: tuple[str, ...] = ()


_LIST = ("unit", "round", "role", "channel")
_CODES = ("unit", "round", "role", "channel", "count")
_PERSON = ("person", "role", "place", "language")
_BY_TWO = "asked_by"

AUDIT_EVENTS = {
    "signed_in": AuditEvent(N_("Loggade in")),
    "sign_in_failed": AuditEvent(N_("Försökte logga in"), ("unnoted",)),
    "signed_out": AuditEvent(N_("Loggade ut")),
    "figures_taken": AuditEvent(N_("Tog hem siffror"), ("edition", "place", "file")),
    "codes_made": AuditEvent(N_("Gjorde koder"), _CODES),
    "messages_handed_in": AuditEvent(N_("Lämnade in en lista att skicka"), (*_CODES, "kind")),
    "sending_paused": AuditEvent(N_("Lät ett utskick vila"), _LIST),
    "sending_resumed": AuditEvent(N_("Lät ett utskick fortsätta"), _LIST),
    "sending_stopped": AuditEvent(N_("Stoppade ett utskick"), _CODES),
    "message_tried": AuditEvent(N_("Skickade ett prov till sig själv"), _LIST),
    "sheets_printed": AuditEvent(N_("Gjorde pappersblanketter"), ("unit", "round", "role", "count")),
    "sheets_keyed_in": AuditEvent(N_("Har skrivit in blanketter, i tiotal"), ("unit", "round", "role", "count")),
    "round_added": AuditEvent(N_("Lade till en mätomgång"), ("round",)),
    "round_changed": AuditEvent(N_("Ändrade en mätomgång"), ("round",)),
    "round_removed": AuditEvent(N_("Tog bort ett utkast till mätomgång"), ("round",)),
    "round_extended": AuditEvent(N_("Flyttade fram sista dagen i en mätomgång"), ("round", "was", "now")),
    "round_cancel_asked": AuditEvent(N_("Bad om att avbryta en mätomgång"), ("round",)),
    "round_cancelled": AuditEvent(N_("Avbröt en mätomgång"), ("round", _BY_TWO)),
    "round_opened": AuditEvent(N_("Öppnade en mätomgång"), ("round",)),
    "round_closing_asked": AuditEvent(N_("Bad om att stänga en mätomgång i förtid"), ("round",)),
    "round_closed": AuditEvent(N_("Stängde en mätomgång"), ("round", _BY_TWO)),
    "loss_accepted": AuditEvent(N_("Gick vidare efter en förlust av svar"), ("round", "count")),
    "round_published": AuditEvent(N_("Publicerade en mätomgång"), ("round",)),
    "edition_withdrawn": AuditEvent(N_("Drog tillbaka en utgåva för andra som samlar in"), ("edition",)),
    "source_trusted": AuditEvent(N_("Började lita på en annan installations nyckel"), ("source", "fingerprint")),
    "source_forgotten": AuditEvent(N_("Slutade lita på en annan installation"), ("source", "count")),
    "national_published": AuditEvent(N_("Publicerade en nationell utgåva"), ("edition", "period")),
    "signing_key_made": AuditEvent(N_("Gjorde en ny nyckel att signera utgåvor med"), ("fingerprint",)),
    "places_imported": AuditEvent(N_("Läste in platser från en fil"), ("count",)),
    "place_changed": AuditEvent(N_("Ändrade en plats"), ("place", "change", "from_to")),
    "text_changed": AuditEvent(N_("Ändrade en text"), ("text",)),
    "unit_group_made": AuditEvent(N_("Gjorde en grupp av enheter"), ("group", "version")),
    "unit_group_ended": AuditEvent(N_("Avslutade en grupp av enheter"), ("group",)),
    "plan_changed": AuditEvent(N_("Ändrade i handlingsplanen"), ("kind", "entry", "version")),
    "plan_imported": AuditEvent(N_("Läste in aktiviteter från en fil"), ("kind", "count")),
    "targets_changed": AuditEvent(N_("Ändrade ett mål eller ett värde utifrån"), ("kind", "entry", "version")),
    "targets_imported": AuditEvent(N_("Läste in mål eller värden utifrån från en fil"), ("kind", "count")),
    "told_residents": AuditEvent(N_("Ändrade vad invånarna får veta om en omgång"), ("place", "round", "language")),
    "pack_made": AuditEvent(N_("Gjorde ett mötespaket"), ("edition",)),
    "pack_frozen": AuditEvent(N_("Frös ett mötespaket"), ("pack", "edition")),
    "pack_taken": AuditEvent(N_("Tog hem ett mötespaket"), ("pack", "file")),
    "pack_removed": AuditEvent(N_("Tog bort ett utkast till mötespaket"), ("edition",)),
    "decision_followed": AuditEvent(N_("Skrev vad det blev av ett beslut"), ("pack", "decision")),
    "person_added": AuditEvent(N_("Lade till ett konto"), _PERSON),
    "link_mailed": AuditEvent(N_("Skickade en länk med e-post"), ("person",)),
    "invitation_asked": AuditEvent(N_("Bad om att få bjuda in"), _PERSON),
    "person_invited": AuditEvent(N_("Bjöd in"), (*_PERSON, _BY_TWO)),
    "invitation_taken": AuditEvent(N_("Tog emot en inbjudan"), ("role", "place", "language")),
    "invitation_withdrawn": AuditEvent(N_("Drog tillbaka en inbjudan"), ("person",)),
    "role_asked": AuditEvent(N_("Bad om en ändrad roll"), _PERSON),
    "role_changed": AuditEvent(N_("Bekräftade en ändrad roll"), (*_PERSON, _BY_TWO)),
    "proposal_refused": AuditEvent(N_("Tog bort något som väntade på en samordnare till"), (*_PERSON, "round")),
    "new_link_asked": AuditEvent(N_("Bad om en ny länk till ett konto"), ("person",)),
    "new_link_made": AuditEvent(N_("Gjorde en ny länk till ett konto"), ("person", _BY_TWO)),
    "new_link_taken": AuditEvent(N_("Valde ett nytt lösenord med en ny länk")),
    "new_link_read": AuditEvent(N_("Läste att en ny länk hade gjorts")),
    "forgotten_password_asked": AuditEvent(N_("Bad om en länk för ett glömt lösenord"), ("unnoted",)),
    "forgotten_password_changed": AuditEvent(N_("Valde ett nytt lösenord i stället för ett glömt")),
    "factors_forgotten": AuditEvent(N_("Stängde av inloggning i två steg för ett konto"), ("person",)),
    "password_changed": AuditEvent(N_("Bytte lösenord")),
    "factor_set": AuditEvent(N_("Lade till inloggning i två steg"), ("kind",)),
    "factor_removed": AuditEvent(N_("Tog bort inloggning i två steg"), ("kind",)),
    "recovery_codes_made": AuditEvent(N_("Gjorde nya reservkoder")),
    "sessions_ended": AuditEvent(N_("Avslutade inloggningar")),
    "second_step_failed": AuditEvent(N_("Försökte ta det andra steget"), ("unnoted",)),
    "tried_too_early": AuditEvent(N_("Försökte logga in under väntetiden"), ("unnoted",)),
    "kiosk_paired": AuditEvent(N_("Kopplade en surfplatta"), ("unit",)),
    "kiosk_let_go": AuditEvent(N_("Kopplade bort en surfplatta"), ("unit",)),
    "account_closing_asked": AuditEvent(N_("Bad om att stänga ett konto"), ("person",)),
    "account_closed": AuditEvent(N_("Stängde ett konto"), ("person", _BY_TWO)),
    "account_reopening_asked": AuditEvent(N_("Bad om att öppna ett konto igen"), ("person",)),
    "account_reopened": AuditEvent(N_("Öppnade ett konto igen"), ("person", _BY_TWO)),
    "texts_approved": AuditEvent(N_("Godkände texter på ett språk"), ("language", "kind", "count")),
    "wording_proposed": AuditEvent(N_("Skrev en ny lydelse på ett språk"), ("language", "text")),
    "translations_imported": AuditEvent(N_("Läste in översättningar från en fil"), ("language", "kind", "count")),
}


def event_fault(what: str, about: dict[str, str | int]) -> str | None:
    """Return why this can't be written to the log; None when it can."""
    if what not in AUDIT_EVENTS:
        return f"There is no event {what}."
    if extra := sorted(set(about) - set(AUDIT_EVENTS[what].detail_names)):
        return f"{what} says nothing of {', '.join(extra)}."
    return None
