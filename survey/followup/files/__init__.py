"""The figures to take home."""
