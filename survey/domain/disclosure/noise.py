"""Exact draws of the noise that every figure gets once, when a round closes, from bits that a key decides.

For the closing alone. Integers and fractions all the way: a floating-point sampler would tell of the figure by which
numbers it can never give. The discrete Laplace draw is that of Canonne, Kamath and Steinke (2020, arXiv:2004.00010,
algorithms 1 and 2). `draw_three` is the noise of three figures that share a sum: its probability falls by e^-epsilon
for each person who would have to answer otherwise, so one person's answer can make no outcome more than e^epsilon times
as likely. Nothing is cut, rounded or drawn again for what came out: that is what would bring certainty back.
"""

import hashlib
import hmac
from fractions import Fraction

_BLOCK = hashlib.sha256().digest_size


class BitStream:
    """A deterministic stream of random bits from a key and a label: the same noise at each try to close a round."""

    def __init__(self, key: bytes, label: str) -> None:
        """Seed the stream with the round's own key; no two draws may have the same label."""
        self._key, self._label = key, label.encode()
        self._counter, self._left, self._value = 0, 0, 0

    def getrandbits(self, count: int) -> int:
        """Return the next `count` bits as a whole number."""
        while self._left < count:
            counter = self._counter.to_bytes(8, "big")
            block = hmac.digest(self._key, self._label + b"\0" + counter, "sha256")
            self._value = (self._value << (8 * _BLOCK)) | int.from_bytes(block, "big")
            self._left += 8 * _BLOCK
            self._counter += 1
        self._left -= count
        taken, self._value = self._value >> self._left, self._value & ((1 << self._left) - 1)
        return taken

    def randbelow(self, bound: int) -> int:
        """Draw a whole number from 0 to bound - 1, uniformly."""
        size = (bound - 1).bit_length()
        while True:
            found = self.getrandbits(size)
            if found < bound:
                return found


def bernoulli_exp(bits: BitStream, numerator: int, denominator: int) -> bool:
    """Return True with probability exp(-numerator/denominator), for a fraction of 0 or more."""
    while numerator > denominator:
        if not bernoulli_exp(bits, 1, 1):
            return False
        numerator -= denominator
    tries = 1
    # Plain whole numbers: a region asks for millions of these.
    while bits.randbelow(denominator * tries) < numerator:
        tries += 1
    return tries % 2 == 1


def discrete_laplace(bits: BitStream, epsilon: Fraction) -> int:
    """Draw a whole number x with probability proportional to exp(-epsilon |x|)."""
    t, s = epsilon.denominator, epsilon.numerator
    while True:
        fine = bits.randbelow(t)
        if not bernoulli_exp(bits, fine, t):
            continue
        coarse = 0
        while bernoulli_exp(bits, 1, 1):
            coarse += 1
        size = (fine + t * coarse) // s
        negative = bits.getrandbits(1)
        if not (negative and size == 0):
            return -size if negative else size


def draw_three(bits: BitStream, epsilon: Fraction) -> tuple[int, int, int]:
    """Draw noise (u, v, -u-v) for three figures that share a sum, with probability proportional to exp(-epsilon d).

    d = max(|u|, |v|, |u+v|): how many persons would have to change their answer.
    """
    half = epsilon / 2
    while True:
        u, v = discrete_laplace(bits, half), discrete_laplace(bits, half)
        more = 2 * max(abs(u), abs(v), abs(u + v)) - abs(u) - abs(v)
        if bernoulli_exp(bits, half.numerator * more, half.denominator):
            return u, v, -u - v
