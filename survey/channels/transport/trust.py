"""The certificates that a channel trusts when it asks a server. For the channels that send."""

from typing import Any


def ca_file_of(settings: Any) -> str:
    """Return the PEM file of the settings' authorities; empty: the system's."""
    return str(settings.authorities) if settings.ca_file else ""
