"""The basis of every request: services, addresses, sessions, clean text, uploads."""
