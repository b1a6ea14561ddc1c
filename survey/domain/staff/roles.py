"""What staff do here, and at which places: the rule for every account. For the office, the command line."""

from survey.domain.places.place import Place

_ABOVE_UNITS = ("region", "municipality")
LEVELS = {"unit": ("unit",), "followup": _ABOVE_UNITS, "coordinator": _ABOVE_UNITS, "auditor": _ABOVE_UNITS}
ROLES = tuple(LEVELS)
# Who sees over others: what changes such an account takes two coordinators.
GUARDED = ("coordinator", "auditor")


def belongs(role: str, place: Place) -> bool:
    """Whether an account with this role can belong to this place."""
    return place.level in LEVELS.get(role, ())
