"""The first schema, by subject: tables, and the functions and triggers that guard them. Never changed afterwards."""
