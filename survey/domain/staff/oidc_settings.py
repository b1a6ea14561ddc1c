"""Faults of the settings for the sign-in through the region's own provider."""

from collections.abc import Mapping
from typing import Any


def oidc_faults(found: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each setting that a provider needs and that is missing or of no use."""
    if not found.get("oidc_issuer"):
        return []
    faults = [] if found.get("oidc_client_id") else ["oidc_client_id is missing."]
    pairs = found.get("oidc_mfa_claims", [])
    if not pairs or not all(str(pair).startswith(("amr=", "acr=")) for pair in pairs):
        faults.append("oidc_mfa_claims must say what shows that two factors were used, for instance amr=mfa.")
    return faults
