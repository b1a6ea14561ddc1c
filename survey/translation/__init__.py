"""Translators’ pages: they read, approve and write the texts of their own language. `views` has the first page."""
