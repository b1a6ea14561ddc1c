"""Answers and codes on their way in: envelopes, form ids, codes, kiosk tokens, sealed messages."""
