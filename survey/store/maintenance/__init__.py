"""Looking after a database: migration, copies, checks of its schema, roles, logging and disk."""
