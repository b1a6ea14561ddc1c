"""Letters about a forgotten password: a link, or where to turn; nothing to an address without an account."""

from flask_babel import gettext as _

from survey.admin.forgotten import links
from survey.admin.forgotten.links import GOOD_FOR, RecoveryMethod
from survey.store.database.engine import read_transaction
from survey.store.staff import accounts
from survey.store.staff.accounts import Account
from survey.web.request import services
from survey.web.staff import audit_log, staff_mail


def send_letter(email: str, link: str) -> None:
    """Send this address its letter, beside the request; `link` is the link without its secret."""
    with read_transaction(services.engine()) as connection:
        person = accounts.account_by_email(connection, email)
        way = links.recovery_method_of(connection, person) if person else None
    audit_log.sign_in_failed(person.email if person else None, "forgotten_password_asked")
    if person and person.active and way:
        paragraphs = [
            _("Någon, troligen du, har bett om ett nytt lösenord till ditt konto i De 7 frågorna."),
            *_letter_lines(person, way, link),
        ]
        unasked = _("Var det inte du? Då behöver du inte göra något. Ditt lösenord är kvar som det var.")
        staff_mail.send(person.email, _("Glömt lösenord i De 7 frågorna"), [*paragraphs, unasked], GOOD_FOR * 60 / 2)


def _letter_lines(person: Account, method: RecoveryMethod, link: str) -> list[str]:
    if method is RecoveryMethod.LINK:
        paragraph = _(
            "Följ länken och välj ett nytt lösenord. Den gäller i en timme och en gång. Ge den inte till någon annan."
        )
        return [paragraph, link + links.create_link(person)]
    if method is RecoveryMethod.REGION:
        return [
            _(
                "Du loggar in med ditt konto hos %(region)s, och det lösenordet byter du där.",
                region=services.settings().region_name,
            )
        ]
    none = _("Ett konto som ditt får ingen länk med e-post, för det saknar inloggning i två steg.")
    return [none + " " + _("Be en annan samordnare om en ny länk, eller den som sköter systemet.")]
