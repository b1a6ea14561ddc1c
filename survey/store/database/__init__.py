"""The database engine: SQLite and PostgreSQL, transactions, locks and errors."""
