"""Signing in: password, second factor, passkeys, OpenID Connect, password resets."""
