"""A round's protection: epsilon for each kind of figure, and the smallest group of residents that is shown.

For the settings, the seal and the edition. Each may be set towards more protection only: a smaller epsilon, a larger
group. What a round was opened with is kept with it, since its figures can't be read without.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from typing import Any

from survey.domain.disclosure.thresholds import MIN_RESIDENT_GROUP


class ProtectionFault(ValueError):
    """A setting that can't be read, or protects less than the default; the text says which."""


@dataclass(frozen=True)
class Protection:
    """Epsilon of each kind of figure, and the least number of residents in a group."""

    unit: Fraction = Fraction(1)
    municipality: Fraction = Fraction(1, 2)
    region: Fraction = Fraction(1, 4)
    gap_staff: Fraction = Fraction(1, 2)
    gap_residents: Fraction = Fraction(1, 4)
    background: Fraction = Fraction(1, 4)
    smallest_group: int = MIN_RESIDENT_GROUP

    def of_level(self, level: str) -> Fraction:
        """Return epsilon of a place's own figures; every level between unit and region counts as municipality."""
        if level == "unit":
            return self.unit
        return self.region if level in ("region", "nation") else self.municipality

    def of_gap(self, role: str) -> Fraction:
        """Return epsilon of a role's sums over matched units."""
        return self.gap_staff if role == "provider" else self.gap_residents

    def at_least_default(self) -> "Protection":
        """Return a copy in which no value protects less than the default."""
        strongest = {name: min(getattr(self, name), getattr(DEFAULT_PROTECTION, name)) for name in EPSILONS}
        return Protection(**strongest, smallest_group=max(self.smallest_group, DEFAULT_PROTECTION.smallest_group))

    def text(self) -> str:
        """Serialise to canonical JSON, as it is stored with the round."""
        return json.dumps({name: str(value) for name, value in asdict(self).items()}, sort_keys=True)


DEFAULT_PROTECTION = Protection()
EPSILONS = tuple(field.name for field in fields(Protection) if field.name != "smallest_group")


def parse_protection(text: str) -> Protection:
    """Read a round's stored protection; return the default for a round from before there was noise."""
    values: Mapping[str, str] = json.loads(text) if text else {}
    given = {name: Fraction(values[name]) for name in EPSILONS if name in values}
    smallest = int(values.get("smallest_group", DEFAULT_PROTECTION.smallest_group))
    return Protection(**given, smallest_group=smallest).at_least_default()


def parse_epsilon(name: str, text: str) -> Fraction:
    """Parse the setting `noise_<name>`; raise ProtectionFault for no number, or a less protective one than default."""
    most = getattr(DEFAULT_PROTECTION, name)
    try:
        found = Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise ProtectionFault(f"noise_{name} must be a number like 0.5, not {text!r}") from None
    if not Fraction(1, 1000) <= found <= most:
        raise ProtectionFault(f"noise_{name} must be from 0.001 to {float(most):g}: a larger one protects less")
    return found


def protection_faults(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield every fault in the protection settings, one sentence each."""
    for name in EPSILONS:
        try:
            parse_epsilon(name, str(found.get(f"noise_{name}", getattr(DEFAULT_PROTECTION, name))))
        except ProtectionFault as fault:
            yield f"{fault}."
    smallest = found.get("smallest_group", DEFAULT_PROTECTION.smallest_group)
    if isinstance(smallest, int) and smallest < DEFAULT_PROTECTION.smallest_group:
        least = DEFAULT_PROTECTION.smallest_group
        yield f"smallest_group must be {least} or more: a smaller group is known by its figures."
