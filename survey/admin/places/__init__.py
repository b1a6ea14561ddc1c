"""The coordinator’s pages for places."""
