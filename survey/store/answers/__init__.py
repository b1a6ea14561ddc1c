"""Submissions and what belongs to them: batches, envelopes, access codes, used form ids, the tally."""
