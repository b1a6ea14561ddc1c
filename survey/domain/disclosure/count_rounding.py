"""What a care unit is told of how many have answered: never so much that one answer shows. For the unit's pages.

While a round is open, residents' answers are told in tens; the staff's are few, and are not told at all.
Once it is closed, both are told in steps, and only when as many as a crowd have answered.
"""

TEN = 10
STEPS = (5, 10, 20, 30, 40, 50, 75, 100)


def in_tens(answers: int) -> int:
    """The answers rounded down to tens: one more answer shows only as the tenth."""
    return answers // TEN * TEN


def at_close(role: str, answers: int, threshold: int) -> tuple[int, int | None] | None:
    """Between how many and how many have answered, once all is closed; None when fewer than a crowd have.

    Residents in tens, staff between two steps; the second number is None where the first is the last step.
    """
    if answers < threshold:
        return None
    if role == "patient":
        return in_tens(answers), in_tens(answers) + TEN - 1
    steps = [step for step in STEPS if step >= threshold]
    low = max(step for step in steps if step <= answers) if steps and steps[0] <= answers else threshold
    above = [step for step in steps if step > answers]
    return low, above[0] - 1 if above else None
