"""`flask federation`: editions of several installations, signed, gathered, added up."""
