"""Planted faults that are not tried: those that no test can notice, each with the reason, and what runs elsewhere.

For the mutation testing, which works on SQLite.
"""

# Whole parts of a module.
ELSEWHERE = {
    "submissions.(ACCEPTED, REPEATED, UNKNOWN, CLOSED)": "PostgreSQL's own words; test_accepting tries them there",
    "submissions.(_ACCEPT, _ACCEPT_PAPER)": "only PostgreSQL runs it; test_accepting tries it there",
}

_SECOND = "arrival.background_batch and arrival.background_id and arrival.background_envelope"
_TOGETHER = "a second envelope has all three, or there is none: SealedSubmission sees to it"

EQUIVALENT = {
    "submissions.accept: 'paper' → 'paper!' in arrival.collection_mode == 'paper'": (
        "only PostgreSQL has the functions; test_parts tries it there"
    ),
    "submissions.accept: 'postgresql' → 'postgresql!' in connection.dialect.name == 'postgresql'": (
        "only PostgreSQL has the function; test_accepting tries it there"
    ),
    f"submissions.accept: {_SECOND} → {_SECOND.replace(' and ', ' or ')}": _TOGETHER,
    f"submissions.accept: {_SECOND} → arrival.background_id and arrival.background_envelope": _TOGETHER,
    f"submissions.accept: {_SECOND} → arrival.background_batch and arrival.background_envelope": _TOGETHER,
    f"submissions.accept: {_SECOND} → arrival.background_batch and arrival.background_id": _TOGETHER,
    "submissions._first_time: arrival.form_id_hash is not None and "
    "used_form_ids.remember(connection, arrival.form_id_hash, arrival.round) == 1 → "
    "used_form_ids.remember(connection, arrival.form_id_hash, arrival.round) == 1": "what has no code has a form id",
    "pooling.plan_pooling: all → any in all((parents[pool.place] is None for pool in small))": (
        "the deepest go first: small ones are never both at the region and below it"
    ),
    "pooling._one_level_up: above or pool.place → above": "only the region has nothing above it; it is never deepest",
    "pooling._depth: 0 → 1 in 0 if above is None else 1 + _depth(above, parents)": "depths are only compared",
    "pooling._depth: 1 → 2 in 1 + _depth(above, parents)": "depths are only compared",
    "submit._arrival: submission.form_id or '' → submission.form_id": "a submission without a code has a form id",
    "submit._arrival: '' → '!' in submission.form_id or ''": "a submission without a code has a form id",
    "submit._arrival: '' → '!' in to.background or ''": "a background key has its batch",
    "submit._arrival: to.background or '' → to.background": "a background key has its batch",
    "counting.count_class: 0 → 1 in pool.contributions.get(pool.place, 0)": "only a unit's own pool is asked for",
    "open_round._opening: rounds.get_round(connection, round_key) or found → rounds.get_round(connection, round_key)": (
        "a round that was there in this transaction is still there"
    ),
}
