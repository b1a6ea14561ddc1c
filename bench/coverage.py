"""How often the printed intervals hold the truth, and how often a page tells a gap or a change that is not there.

For docs/method.md. Noise is on: each place's three counts get a draw of h(ε), taken from its enumerated probabilities.
2 000 draws a line, the same every time.
"""

from bench.coverage_gaps import gaps
from bench.coverage_pages import pages
from bench.coverage_places import places

DRAWS = 2000


def main(draws: int = DRAWS) -> None:
    """Print the tables."""
    places(draws)
    gaps(draws // 5)
    pages(draws // 5)
