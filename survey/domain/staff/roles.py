"""Staff roles and what each may do, at which places: the one table. For every account, guard, menu and form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from survey.domain.places.place import Place
from survey.domain.text.i18n import N_

Permission = Literal[
    "admin",  # keep places, rounds and accounts
    "make_links",  # of the person's own units
    "all_units",  # and of every other
    "read_results",  # of the person's own units, and what lies above them
    "read_everywhere",  # and of every other place
    "write_plan",  # plan, targets, packs, groups of units, what residents are told
    "read_log",
    "translate",  # read, approve and write the texts of the person's own language
]
_ABOVE_UNITS = ("region", "municipality")


@dataclass(frozen=True)
class Role:
    """One role.

    `name`: what a coordinator reads of it, before the colon what it is called. `in_file`: what a list of invitations
    calls it. `menu`: the parts it finds, by blueprint; its day begins in the first. `guarded`: it sees over others, so
    an account with it takes two coordinators to make or change. `reads_a_language`: it is made for one, by invitation.
    """

    name: str
    in_file: tuple[str, ...]
    levels: tuple[str, ...]
    menu: tuple[str, ...]
    may: frozenset[Permission]
    guarded: bool = False
    reads_a_language: bool = False


ROLES: Mapping[str, Role] = {
    "unit": Role(
        name=N_("Enhetens ansvariga: gör länkar och ser enhetens resultat"),
        in_file=("enhet", "enhetens ansvariga"),
        levels=("unit",),
        menu=("care_unit", "followup"),
        may=frozenset({"make_links", "read_results"}),
    ),
    "followup": Role(
        name=N_("Uppföljningsgruppen: läser alla resultat"),
        in_file=("uppföljning", "uppföljningsgruppen"),
        levels=_ABOVE_UNITS,
        menu=("followup",),
        may=frozenset({"read_results", "read_everywhere", "write_plan"}),
    ),
    "coordinator": Role(
        name=N_("Samordnare: sköter platser, omgångar och konton"),
        in_file=("samordnare",),
        levels=_ABOVE_UNITS,
        menu=("admin", "followup", "care_unit"),
        may=frozenset({"admin", "make_links", "all_units", "read_results", "read_everywhere", "write_plan"}),
        guarded=True,
    ),
    "auditor": Role(
        name=N_("Granskare: läser loggen, inget annat"),
        in_file=("granskare",),
        levels=_ABOVE_UNITS,
        menu=("audit",),
        may=frozenset({"read_log"}),
        guarded=True,
    ),
    "translator": Role(
        name=N_("Översättare: läser och godkänner texterna på ett språk"),
        in_file=("översättare",),
        levels=("region",),
        menu=("translation",),
        may=frozenset({"translate"}),
        reads_a_language=True,
    ),
    "qualified_translator": Role(
        name=N_("Utbildad översättare: det samma, och godkänner ensam där det krävs utbildning"),
        in_file=("utbildad översättare",),
        levels=("region",),
        menu=("translation",),
        may=frozenset({"translate"}),
        guarded=True,
        reads_a_language=True,
    ),
}
GUARDED = tuple(key for key, role in ROLES.items() if role.guarded)


def may(role: str, what: Permission) -> bool:
    """Return whether an account with this role may do that."""
    return role in ROLES and what in ROLES[role].may


def with_permission(what: Permission) -> tuple[str, ...]:
    """Return the roles that may do that."""
    return tuple(role for role in ROLES if may(role, what))


def reads_a_language(role: str) -> bool:
    """Return whether an account with this role is made for one language."""
    return role in ROLES and ROLES[role].reads_a_language


def belongs(role: str, place: Place) -> bool:
    """Return whether an account with this role can belong to this place."""
    return role in ROLES and place.level in ROLES[role].levels
