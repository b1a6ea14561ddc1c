"""Rounds of the survey, their names, the access codes and the collection modes."""
