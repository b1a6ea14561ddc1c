"""The most codes or sheets of paper that a unit may make for its staff: about as many as work there.

A few more than there are people, for those that are lost. Codes without number would let a lead make up the crowd in
which a colleague's answers are opened.
"""


def staff_allowance(headcount: int) -> int:
    """Return the most codes for a unit with that many staff in a round: a fifth more, rounded up."""
    return -(-headcount * 6 // 5)
