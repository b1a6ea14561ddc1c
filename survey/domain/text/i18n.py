"""The marker of texts for the catalogs that are translated later than they are written."""


def N_(text: str) -> str:
    """Mark a text for the extractor; it comes back as it is."""
    return text
