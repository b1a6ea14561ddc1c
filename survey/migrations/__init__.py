"""Every shape the database has had, in order. Run by `flask db upgrade`; no alembic.ini."""
