"""The measurements behind the figures in the README. `make bench` prints the table."""
