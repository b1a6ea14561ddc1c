"""What every request needs: services, addresses, sessions, clean text, uploads."""
