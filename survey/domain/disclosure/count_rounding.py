"""Coarse response counts for a care unit's pages: rounded so far that no single answer shows.

While a round is open, residents' answers are told in tens; the staff's are few, and are not told at all.
Once it is closed, both are told in steps, and only when as many as a crowd have answered.
"""

TEN = 10
STEPS = (5, 10, 20, 30, 40, 50, 75, 100)


def round_down_to_ten(answers: int) -> int:
    """Round a number of answers down to whole tens, so that only each tenth answer shows."""
    return answers // TEN * TEN


def rounded_interval(role: str, answers: int, threshold: int) -> tuple[int, int | None] | None:
    """Return the interval that a closed round's count lies in, or None below the threshold.

    Residents' counts come in tens, staff's between two of `STEPS`; the upper end is None past the last step.
    """
    if answers < threshold:
        return None
    if role == "patient":
        return round_down_to_ten(answers), round_down_to_ten(answers) + TEN - 1
    steps = [step for step in STEPS if step >= threshold]
    low = max(step for step in steps if step <= answers) if steps and steps[0] <= answers else threshold
    above = [step for step in steps if step > answers]
    return low, above[0] - 1 if above else None
