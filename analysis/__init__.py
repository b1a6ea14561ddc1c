"""Reads frozen editions and says how patients and providers compare over the rounds.

For the follow-up group, and for a statistician with no web at hand. It takes frames (`analysis.frames.frame`),
computes measures (`intervals`, `gap`, `trend`), says them in sentences (`findings`), draws them (`charts`)
and writes them (`exports`). It knows nothing of the survey, the web or the database.
"""
