"""The rules of the survey, for all above: standard library only, so each can be read and tested alone."""
