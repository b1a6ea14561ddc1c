"""The rules of staff passwords, and their storage: Argon2id over the normalised characters.

For the sign-in, the page where it is changed, and `flask accounts add`. A password is long and not among those that a
guesser tries first; nothing else is asked of it, for such rules make people choose worse ones.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from survey.domain.text.i18n import N_

MIN_LENGTH, MAX_LENGTH = 15, 128
TOO_SHORT = N_("Lösenordet behöver minst 15 tecken. Några ord efter varandra går bra.")
TOO_LONG = N_("Lösenordet får ha högst 128 tecken.")
ITS_OWN = N_("Lösenordet består mest av din e-postadress eller namnet på enkäten. Välj ord som inte hör hit.")
COMMON = N_("Lösenordet är för lätt att gissa. Undvik vanliga lösenord, upprepningar och tangenter i rad.")

_HASHER = PasswordHasher()
_PRODUCT = ("de7frågorna", "desjufrågorna", "sjufrågor", "7frågor", "frågorna", "enkäten")
_LEFT = 6  # characters that must be left beside ours and the common ones

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
    """Return the password's Argon2id hash, as the person table stores it."""
    return _HASHER.hash(unicodedata.normalize("NFKD", password))


def is_password(hashed: str, password: str) -> bool:
    """Return whether the hash is this password's."""
    try:
        return _HASHER.verify(hashed, unicodedata.normalize("NFKD", password))
    except VerificationError:
        return False


def password_faults(password: str, email: str) -> list[str]:
    """Return the faults of a new password for this address, as sentences that a reader can act on."""
    if len(password) > MAX_LENGTH:
        return [TOO_LONG]
    if len(password) < MIN_LENGTH:
        return [TOO_SHORT]
    bare = _bare(password)
    own = _without(bare, [*_parts(email), *(_bare(name) for name in _PRODUCT)])
    if own != bare and len(own) < _LEFT:
        return [ITS_OWN]
    simple = bare.isdecimal() or len(set(bare)) < _LEFT or _is_repeated(bare)
    return [COMMON] if simple or len(_without(own, _common())) < _LEFT else []


@cache
def _common() -> tuple[str, ...]:
    path = Path(__file__).with_name("common_passwords.txt")
    return tuple(sorted(map(_bare, path.read_text(encoding="utf-8").split()), key=len, reverse=True))


def _parts(email: str) -> list[str]:
    local, _at, domain = email.partition("@")
    words = [_bare(email), _bare(local), *map(_bare, re.split(r"\W|_", local)), *map(_bare, domain.split("."))]
    return sorted((word for word in words if len(word) > 2), key=len, reverse=True)


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum()) or folded.strip()


def _without(text: str, pieces: "list[str] | tuple[str, ...]") -> str:
    for piece in pieces:
        text = text.replace(piece, "")
    return text


def _is_repeated(text: str) -> bool:
    return 0 < (text + text).find(text, 1) < len(text)
