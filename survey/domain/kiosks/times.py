"""Every time of a kiosk: what its script waits for, and how long its code pairs. For its script and pages.

The script is handed them by these names. Those in MS are milliseconds, those in S seconds.
"""

PAIRING_MINUTES = 10
KIOSK_TIMES = {
    "IDLE_MS": 60_000,  # without a touch, before it asks whether anybody is there
    "COUNTDOWN_S": 20,  # from then until the answers are gone
    "THANKS_MS": 45_000,  # that the thanks stay: long enough to scan what stands there
    "PROBLEM_MS": 5_000,  # that an error stays, before the start is fetched; the first try again waits half of it
    "MAX_RETRY_MS": 60_000,  # between two tries, however long the line is down
    "REFRESH_MS": 600_000,  # between two fetches of the start while nobody comes
    "CONTACT_MS": 20 * 60_000,  # between two words that it is on, by the clock
    "CONTACT_WITHIN_MS": 30_000,  # in which they are said: shorter than a visit
    "CALM_MS": 400,  # before a line that is down is spoken of
    "TICK_MS": 500,
}
