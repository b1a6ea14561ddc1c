"""The intake of answers and codes: envelopes, form ids, codes, kiosk tokens, sealed messages."""
