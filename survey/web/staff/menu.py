"""The menu of the staff pages: each role's entries, and where its day begins."""

from survey.domain.staff.roles import ROLES
from survey.domain.text.i18n import N_

NAMES = {"admin": N_("Kontoret"), "care_unit": N_("Enheten"), "followup": N_("Resultat"), "audit": N_("Loggen")}
NAMES["translation"] = N_("Översättningen")


def menu_for(role: str) -> dict[str, str]:
    """Return blueprint and name of each entry of a role's menu, where it begins first."""
    return {each: NAMES[each] for each in ROLES[role].menu}


def home_of(role: str) -> str:
    """Return the endpoint where a role's day begins."""
    return f"{ROLES[role].menu[0]}.index"
