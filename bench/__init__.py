"""The measurements behind the figures in the README and in docs/method.md.

`make bench` prints them all, `python -m bench PART` one part.

A machine's speed may change by half within minutes, so nothing is compared with an earlier run: what is compared
takes turns in one run, and is said as a ratio, often to the smallest Flask app there is (`bench.bare`).
"""
