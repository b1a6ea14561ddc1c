"""Checks: reconciliation, the deep check, and proven backups."""
