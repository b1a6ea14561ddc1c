"""How a staff password is kept: Argon2id over its normalised characters. For the sign-in and `flask people add`."""

import unicodedata

from argon2 import PasswordHasher

from survey.domain.marking import N_

SHORTEST, LONGEST = 15, 128
TOO_SHORT = N_("Lösenordet behöver minst 15 tecken. Några ord efter varandra går bra.")
TOO_LONG = N_("Lösenordet får ha högst 128 tecken.")

_HASHER = PasswordHasher()

# The same costs in both, or Flask-Security would write every password anew at its first sign-in.
HASHING: dict[str, object] = {
    "PASSWORD_HASH": "argon2",
    "PASSWORD_SCHEMES": ["argon2"],
    "PASSWORD_SINGLE_HASH": {"argon2"},
    "PASSWORD_NORMALIZE_FORM": "NFKD",
    "PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__type": "ID",
        "argon2__time_cost": _HASHER.time_cost,
        "argon2__memory_cost": _HASHER.memory_cost,
        "argon2__parallelism": _HASHER.parallelism,
    },
}


def hash_password(password: str) -> str:
    """The password's Argon2id hash, as the person table keeps it."""
    return _HASHER.hash(unicodedata.normalize("NFKD", password))


def password_faults(password: str, email: str) -> list[str]:
    """What is wrong with a new password for this address, in sentences that a reader can act on."""
    if len(password) > LONGEST:
        return [TOO_LONG]
    return [TOO_SHORT] if len(password) < SHORTEST else []
