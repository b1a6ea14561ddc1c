"""Downloads of the figures."""
