"""How many SMS a text takes, as the networks count: GSM 03.38 where its alphabet is enough, else UCS-2."""

from collections.abc import Iterable

# GSM 03.38: what 7 bits can say, and what takes two places there. å ä ö é are inside.
_PLAIN = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = set("^{}\\[~]|€\f")
_ALONE, _SPLIT = {True: 160, False: 70}, {True: 153, False: 67}


def parts(text: str) -> int:
    """How many SMS: 160 places in one, or 70; 153 or 67 in each where there are several, and no sign is cut in two."""
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
