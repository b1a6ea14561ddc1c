"""Staff roles, invitations from a file, and the events of the audit log."""
