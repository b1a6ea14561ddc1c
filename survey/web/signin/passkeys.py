"""The rules of passkeys (WebAuthn): the options sent to a device, and the checks of its reply. For the sign-in.

The package `webauthn` reads and verifies; ours is which account a reply belongs to, and that none is taken twice. The
challenge stands in the signed cookie with its moment and is good for five minutes.
"""

import hmac
import json
import time
from secrets import token_bytes

import webauthn
from flask import request, session
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    options_to_json_dict,
    parse_authentication_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from survey.domain.text.clean_text import one_line
from survey.store.database.engine import DatabaseConflict, read_transaction, write_transaction
from survey.store.staff import passkeys
from survey.store.staff.passkeys import Passkey
from survey.web.request import services
from survey.web.request.addresses import staff_address
from survey.web.staff.security_datastore import User

NAME = "De 7 frågorna"
GOOD_FOR = 5 * 60 * 1000
_FAULTS = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, RecursionError)


def of_person(account: User) -> list[Passkey]:
    """Return the person's passkeys."""
    with read_transaction(services.engine()) as connection:
        return list(passkeys.of_account(connection, account.id))


def registration_options(account: User) -> str:
    """Return the options for making a passkey, as JSON for the device."""
    selection = AuthenticatorSelectionCriteria(
        resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
    )
    options = webauthn.generate_registration_options(
        rp_id=_site(),
        rp_name=NAME,
        user_name=account.email,
        user_id=_handle(account.id),
        challenge=_challenge(),
        authenticator_selection=selection,
        exclude_credentials=_descriptors(account),
    )
    asked = options_to_json_dict(options)
    del asked["rp"]["id"]  # the browser takes the page's own host
    return json.dumps(asked)


def verify_registration(account: User, reply: str, label: str) -> bool:
    """Store the passkey that the device has made; return False when its reply is not to what it was asked."""
    challenge, issued = _take_challenge()
    try:
        made = webauthn.verify_registration_response(
            credential=reply, expected_challenge=challenge, expected_rp_id=_site(), expected_origin=staff_address()
        )
        passkey = Passkey(
            made.credential_id, account.id, made.credential_public_key, made.sign_count, issued, _readable(label)
        )
        with write_transaction(services.engine()) as connection:
            passkeys.add(connection, passkey)
    except (*_FAULTS, DatabaseConflict):
        return False
    return True


def authentication_options(account: User | None = None) -> str:
    """Return the options, as JSON, for using one of this person's passkeys, or any that verifies its owner."""
    alone = account is None
    verification = UserVerificationRequirement.REQUIRED if alone else UserVerificationRequirement.PREFERRED
    options = webauthn.generate_authentication_options(
        rp_id=_site(),
        challenge=_challenge(),
        allow_credentials=_descriptors(account) if account else [],
        user_verification=verification,
    )
    asked = options_to_json_dict(options)
    del asked["rpId"]
    return json.dumps(asked)


def verify_authentication(reply: str, account: User | None = None) -> int | None:
    """Return the id of the person who replied; None when it is nobody, another than the account, or a used reply."""
    challenge, issued = _take_challenge()
    try:
        read = parse_authentication_credential_json(reply)
        with read_transaction(services.engine()) as connection:
            passkey = passkeys.find(connection, read.raw_id)
        if passkey is None or (account is not None and passkey.account != account.id):
            return None
        handle = read.response.user_handle
        if handle and not hmac.compare_digest(handle, _handle(passkey.account)):
            return None
        found = webauthn.verify_authentication_response(
            credential=read,
            expected_challenge=challenge,
            expected_rp_id=_site(),
            expected_origin=staff_address(),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=account is None,
        )
    except _FAULTS:
        return None
    with write_transaction(services.engine()) as connection:
        taken = passkeys.record_use(connection, passkey.credential, issued, found.new_sign_count)
    return passkey.account if taken else None


def _site() -> str:
    return staff_address().partition("://")[2].rpartition("@")[2].partition(":")[0]


def _challenge() -> bytes:
    made = token_bytes(32)
    session["challenge"] = [bytes_to_base64url(made), int(time.time() * 1000)]
    return made


def _take_challenge() -> tuple[bytes, int]:
    """Return the challenge that was given, or one that nobody can have answered."""
    text, issued = session.pop("challenge", None) or ("", 0)
    late = time.time() * 1000 - issued > GOOD_FOR
    return (token_bytes(32), 0) if late else (base64url_to_bytes(text), issued)


def _descriptors(account: User) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=each.credential) for each in of_person(account)]


def _handle(person: int) -> bytes:
    """Return the name a device knows the person by; it tells nothing of them."""
    return hmac.digest(services.settings().secret.encode(), b"passkeys of %d" % person, "sha256")


def _readable(label: str) -> str:
    return one_line(label)[:60] or request.host[:60]
