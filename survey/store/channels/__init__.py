"""Issued codes, the outbox of messages, the transports and the kiosks."""
