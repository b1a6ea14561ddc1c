"""Thresholds: the fewest answers that are counted together, shown, or compared. Each may be raised here.

A round may ask for more, never for fewer. The database checks the first as the code that made its tables had them: to
lower one takes a migration, and a decision that says why.
"""

MIN_ANSWERS = {"patient": 10, "provider": 5}  # of a role, for its answers to be opened
MIN_RESIDENT_GROUP = 30  # residents of a gender and age, a language, or with help
MIN_UNITS_IN_GROUP = 2  # of a group of units that the follow-up group makes
