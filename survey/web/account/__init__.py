"""A signed-in person’s own account: password, second factor, passkeys."""
