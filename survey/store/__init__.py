"""The database. Every query of the app lives in this folder as a named function."""
