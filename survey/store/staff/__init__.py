"""Staff accounts, their sign-in and sessions, proposals, and the audit log."""
