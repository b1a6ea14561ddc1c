"""Planted faults that are not tried: those that no test can notice, each with the reason, and what runs elsewhere.

For the mutation testing, which works on SQLite.
"""

# Whole parts of a module.
ELSEWHERE = {
    "accepting.(ACCEPTED, REPEATED, UNKNOWN, CLOSED)": "PostgreSQL's own words; test_accepting tries them there",
    "accepting.READABLE": "only PostgreSQL reads it; test_resident_role tries it there",
    "accepting._ACCEPT": "only PostgreSQL runs it; test_accepting tries it there",
    "accepting.grant_resident": "only PostgreSQL has roles; test_resident_role tries it there",
    "audit._AT_ONCE": "how much is solved at once",
    "audit._together": "one witness more or less: what is lacking still is looked for one by one",
    "swaps._LOOKED_AT": "how far is looked; a quick look may find too little",
    "secondary._TRIED": "how much is tried",
    "secondary._AT_ONCE": "how much is solved at once",
    "secondary._CHAINED": "how much is tried",
    "worlds._NODES": "how far is searched",
}

EQUIVALENT = {
    "pooling.plan: all → any in all((parents[pool.place] is None for pool in small))": (
        "the deepest go first: small ones are never both at the region and below it"
    ),
    "pooling._one_level_up: above or pool.place → above": "only the region has nothing above it; it is never deepest",
    "pooling._depth: 0 → 1 in 0 if above is None else 1 + _depth(above, parents)": "depths are only compared",
    "pooling._depth: 1 → 2 in 1 + _depth(above, parents)": "depths are only compared",
    "accept._arrival: submission.form_id or '' → submission.form_id": "a submission without a code has a form id",
    "accept._arrival: '' → '!' in submission.form_id or ''": "a submission without a code has a form id",
    "accept._arrival: '' → '!' in to.background or ''": "a background key has its batch",
    "accept._arrival: to.background or '' → to.background": "a background key has its batch",
    "primary.Detail: 3 → 4 in CODES = 3": "details are only compared",
    "swaps._room: way > 0 → way >= 0": "a way is 1 or -1",
    "swaps._beside: members[each] < 0 → members[each] <= 0": "a factor is 1 or -1",
    "swaps._beside: 0 → 1 in members[each] < 0": "a factor is 1 or -1",
    "swaps._beside: members[name] > 0 → members[name] >= 0": "nothing beside a total is even",
    "swaps._beside: 0 → 1 in members[name] > 0": "nothing beside a total is even",
    "swaps._beside: each != name and members[each] < 0 and (each in hidden) → members[each] < 0 and each in hidden": (
        "a count beside itself is not even"
    ),
    "swaps._corner: each in near and each in hidden and (each not in (name, other, against)) → each in hidden and "
    "each not in (name, other, against)": "a corner that is not near is not even",
    "swaps._even: 0 → 1 in sums.rows[row].get(name, 0)": "all four together add up to nothing",
    "counting.count_class: 0 → 1 in pool.gives.get(pool.place, 0)": "only a unit's own pool is asked for",
    "counting.many_equal: 0 → 1 in default=0": "one is no more than ten",
    "system.System._exhausted: row[name] > 0 → row[name] >= 0": "a factor is 1 or -1",
    "system.System.around: looked.add(row) → pass": "a row that is looked at again gives nothing new",
    "system.Component.__post_init__: 1 → 2 in -1": "numpy takes any negative number so",
    "opening._opening: rounds.get_round(connection, round_key) or found → rounds.get_round(connection, round_key)": (
        "a round that was there in this transaction is still there"
    ),
    "audit.ranges: high >= component.system.ceiling - 1 → high > component.system.ceiling - 1": (
        "the ceiling stands a thousand above every count"
    ),
    "audit.ranges: 1 → 2 in component.system.ceiling - 1": "the ceiling stands a thousand above every count",
    "audit._one_by_one: 1.0 → 2.0 in -1.0": "twice an objective has the same least point",
    "audit.points: sum((len(component.names) for component, _ in some)) >= _AT_ONCE → "
    "sum((len(component.names) for component, _ in some)) > _AT_ONCE": "how much is solved at once",
    "secondary._best: need - trial.was → need + trial.was": "a looser bound leaves out less, and finds the same step",
}
