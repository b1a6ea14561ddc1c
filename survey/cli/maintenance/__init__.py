"""Looking after an installation: copies, putting one back, a new version."""
