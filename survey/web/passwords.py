"""How a staff password is kept: Argon2id over its normalised characters. For the sign-in and `flask people add`."""

import unicodedata

from argon2 import PasswordHasher

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
