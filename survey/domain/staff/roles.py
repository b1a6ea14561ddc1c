"""Staff roles and the places each may belong to. For the office and the command line."""

from survey.domain.places.place import Place

_ABOVE_UNITS = ("region", "municipality")
LEVELS = {"unit": ("unit",), "followup": _ABOVE_UNITS, "coordinator": _ABOVE_UNITS, "auditor": _ABOVE_UNITS}
ROLES = tuple(LEVELS)
# Roles with power over others: a change of such an account takes two coordinators.
GUARDED = ("coordinator", "auditor")


def belongs(role: str, place: Place) -> bool:
    """Return whether an account with this role can belong to this place."""
    return place.level in LEVELS.get(role, ())
