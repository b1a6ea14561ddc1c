"""De 7 frågorna: the map in words. This module imports nothing.

answer      residents and care staff answer on a phone or kiosk         /s/<unit>, /p/<unit>
followup    the follow-up group reads trends and compares               /staff/followup
publication noised figures, edition, drawn pictures, the worker's loop
web         what the journeys share: language, safety, sign-in, plain pages
sealing     the seal: envelopes, keys, accept, opening, self-check
store       the database: every query of the app is a named function there
domain      the rules, standard library only
"""
