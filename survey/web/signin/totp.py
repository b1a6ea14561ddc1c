"""The second factor's rules: an authenticator's codes (TOTP), each good once, and ten recovery codes. For the sign-in.

Libpass knows TOTP; that no code is taken twice is ours, for Flask-Security's own counters do nothing. Secrets are kept
sealed with a key made from the instance's secret, recovery codes as a hash with it.
"""

import hmac
import time
import unicodedata
from collections.abc import Sequence
from typing import Any

from passlib.exc import TokenError
from passlib.totp import TOTP

from survey.domain.rounds import access_codes
from survey.store.database.engine import read_transaction, write_transaction
from survey.store.staff import passkeys, second_factors
from survey.web.request import services
from survey.web.staff.security_datastore import User

ISSUER = "De 7 frågorna"
HOW_MANY = 10
WINDOW = 30  # seconds that a phone's clock may be wrong


def new_secret() -> str:
    """Return a new authenticator's secret, sealed."""
    return str(_totp().new().to_json(encrypt=True))


def otpauth_uri(sealed: str, account: User) -> str:
    """Return the address (otpauth) that the QR code holds."""
    return str(_totp().from_source(sealed).to_uri(account.email, ISSUER))


def secret_in_groups(sealed: str) -> str:
    """Return the secret as a person types it, in fours."""
    return str(_totp().from_source(sealed).pretty_key(sep=" "))


def time_step_of(code: str, sealed: str) -> int | None:
    """Return the time step that this code belongs to; None when it is not of this secret and this moment."""
    digits = "".join(sign for sign in unicodedata.normalize("NFKC", code) if sign.isdecimal())
    if len(digits) != 6:
        return None
    try:
        return int(_totp().verify(digits, sealed, time=time.time(), window=WINDOW).counter)
    except TokenError:
        return None


def set_up(account: User, sealed: str, step: int) -> list[str]:
    """Store the authenticator; return its recovery codes, to be shown once."""
    made, hashes = _new_codes()
    with write_transaction(services.engine()) as connection:
        second_factors.set_authenticator(connection, account.id, sealed, step)
        second_factors.set_recovery_codes(connection, account.id, hashes)
    return made


def renew_codes(account: User) -> list[str]:
    """Replace the recovery codes; return the new ones, to be shown once."""
    made, hashes = _new_codes()
    with write_transaction(services.engine()) as connection:
        second_factors.set_recovery_codes(connection, account.id, hashes)
    return made


def has_authenticator(account: User) -> bool:
    """Return whether the person has an authenticator, so that codes are asked for."""
    with read_transaction(services.engine()) as connection:
        return second_factors.encrypted_secret(connection, account.id) is not None


def has_any(account: User) -> bool:
    """Return whether the person has a second factor, so that the password alone is not enough."""
    with read_transaction(services.engine()) as connection:
        return bool(
            second_factors.encrypted_secret(connection, account.id) or passkeys.of_account(connection, account.id)
        )


def remove_unused_codes(account: User) -> None:
    """Delete the recovery codes with the last second factor, which they stand in for."""
    if not has_any(account):
        with write_transaction(services.engine()) as connection:
            second_factors.set_recovery_codes(connection, account.id, ())


def codes_left(account: User) -> int:
    """Return how many recovery codes are unused."""
    with read_transaction(services.engine()) as connection:
        return second_factors.recovery_codes_left(connection, account.id)


def verify_code(account: User, code: str) -> str | None:
    """Use up the code and return its kind; None when it is none of the person's, or was used before."""
    with read_transaction(services.engine()) as connection:
        sealed = second_factors.encrypted_secret(connection, account.id)
    step = time_step_of(code, sealed) if sealed else None
    with write_transaction(services.engine()) as connection:
        if step is not None:
            return "authenticator" if second_factors.use_time_step(connection, account.id, step) else None
        known = access_codes.normalise(code)
        spent = known is not None and second_factors.spend_recovery_code(connection, account.id, _hashed(known))
        return "recovery" if spent else None


def _new_codes() -> tuple[list[str], Sequence[bytes]]:
    made = [access_codes.make_code() for _ in range(HOW_MANY)]
    return [access_codes.grouped(code) for code in made], [_hashed(code) for code in made]


def _key(purpose: bytes) -> bytes:
    return hmac.digest(services.settings().secret.encode(), b"second factor: " + purpose, "sha256")


def _hashed(code: str) -> bytes:
    return hmac.digest(_key(b"recovery codes"), code.encode(), "sha256")


def _totp() -> Any:
    return TOTP.using(issuer=ISSUER, secrets={"1": _key(b"authenticator").hex()})
