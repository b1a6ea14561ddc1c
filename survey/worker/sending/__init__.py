"""Sending of the outbox: each channel by itself, a message at a time, none lost and none sent twice.

A small, careful client of mail servers and SMS gateways: see `turns` for the story.
"""
