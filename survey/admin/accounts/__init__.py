"""The coordinator’s pages for accounts and invitations."""
