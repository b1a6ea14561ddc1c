"""The rooms of the staff's part: which of them each role has, where its day begins. For sign-in and menu."""

from survey.domain.text.i18n import N_

NAMES = {"office": N_("Kontoret"), "unit": N_("Enheten"), "followup": N_("Resultat"), "audit": N_("Loggen")}
OF_ROLE = {
    "unit": ("unit", "followup"),
    "followup": ("followup",),
    "coordinator": ("office", "followup", "unit"),
    "auditor": ("audit",),
}


def rooms_of(role: str) -> dict[str, str]:
    """Blueprint and name of each room of a role, where it begins first."""
    return {room: NAMES[room] for room in OF_ROLE[role]}


def first_room(role: str) -> str:
    """The endpoint where a role's day begins."""
    return f"{OF_ROLE[role][0]}.start"
