"""Editions of other installations: signed where they are published, gathered and verified, added up for the nation."""
