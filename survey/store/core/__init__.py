"""Places, unit groups, rounds, and the health that the worker reports."""
