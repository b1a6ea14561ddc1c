"""A list is read no further than what will be told or sent."""

import pytest

from survey.channels.transport.recipients import Recipients, read_recipients


def counted(text: str, most: int = 100, most_faulty: int = 10) -> tuple[Recipients, int]:
    """What was read of a list, and how many cells were looked at."""
    looked = 0

    def check(cell: str) -> str:
        nonlocal looked
        looked += 1
        if "@" not in cell:
            raise ValueError
        return cell

    return read_recipients(text, check, ("sv",), "sv", max_count=most, max_faulty=most_faulty), looked


@pytest.mark.parametrize(
    ("text", "looked", "stopped"),
    [
        ("1\n" * 10_000, 10, 11),
        ("".join(f"{n}@a\n" for n in range(10_000)), 101, 102),
        ("a@a\n" * 10_000, 102, 103),
        ("a@a;xx\n" * 10_000, 10, 11),
        ("a@a\n" * 50, 50, 0),
    ],
    ids=["faults", "more than are sent to", "one again and again", "languages", "as it should be"],
)
def test_reading_stops(text: str, looked: int, stopped: int) -> None:
    found, cells = counted(text)
    assert (cells, found.stopped_at) == (looked, stopped)


def test_a_cell_longer_than_any_address_is_not_looked_at() -> None:
    found, _ = counted("1" * 2_000_000 + "@a\n" + "a@a;" + "x" * 2_000_000)
    assert [fault.line for fault in found.faulty] == [1, 2]


def test_each_reason_is_told_once_with_its_lines() -> None:
    found, _ = counted("1\n2\na@a;xx\n4\n5\n6\nb@a;xx\n\n9")
    assert [lines for _reason, lines in found.fault_lines()] == [("1–2", "4–6", "9"), ("3", "7")]


@pytest.mark.parametrize("written", ["fa-AF", "fa-af", "FA-AF"])
def test_a_language_is_known_however_its_tag_is_written(written: str) -> None:
    found = read_recipients(f"a@a;{written}\nb@a", str, ("sv", "fa-AF"), "fa-AF", max_count=9, max_faulty=9)
    assert [each.language for each in found.found] == ["fa-AF", "fa-AF"] and found.faulty == ()
