"""How often the printed intervals hold the truth, and how often a page says "changed" when nothing has.

For docs/method.md. Noise is on: each place's three counts get a draw of h(ε), taken from its enumerated probabilities.
2 000 draws a line, the same every time.
"""

from bench.coverage_pages import pages
from bench.coverage_places import places

DRAWS = 2000


def main(draws: int = DRAWS) -> None:
    """Print the tables."""
    places(draws)
    pages(draws // 5)
