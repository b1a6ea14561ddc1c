"""The length of a text in SMS, as the networks count: GSM 03.38 where its alphabet is enough, else UCS-2."""

from collections.abc import Iterable

# GSM 03.38: what 7 bits can say, and what takes two places there. å ä ö é are inside.
_PLAIN = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = set("^{}\\[~]|€\f")
_ALONE, _SPLIT = {True: 160, False: 70}, {True: 153, False: 67}


def count_parts(text: str) -> int:
    """Return how many SMS: one of 160 places or 70; several of 153 or 67, with no character cut in two."""
    plain = set(text) <= _PLAIN | _TWICE
    sizes = [_size(sign, plain) for sign in text]
    return 1 if sum(sizes) <= _ALONE[plain] else _filled(sizes, _SPLIT[plain])


def _size(sign: str, plain: bool) -> int:
    # Two units of UTF-16 make one sign beyond the first 65 536, as an escape and a letter do in the plain alphabet.
    return 2 if (sign in _TWICE if plain else ord(sign) > 0xFFFF) else 1


def _filled(sizes: Iterable[int], room: int) -> int:
    count, left = 0, 0
    for size in sizes:
        if size > left:
            count, left = count + 1, room
        left -= size
    return count
