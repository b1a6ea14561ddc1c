"""The rows of a CSV file by the line they stand on, with what is wrong in its shape. For every file that is read in."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from survey.domain.written import one_line, written

Row = Mapping[str, str]


def rows(
    text: str, required: Sequence[str], optional: Sequence[str], faults: list[tuple[int, str]]
) -> Iterator[tuple[int, Row]]:
    """Each row as the line it begins on and its cells by header, in small letters; faults are added as they are met.

    Raises csv.Error where it is no CSV.
    """
    text = written(text)
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if ";" in first else ",", strict=True)
    header = [one_line(cell).casefold() for cell in next(reader, [])]
    wrong = [f"kolumnen {name} saknas." for name in required if name not in header]
    wrong += [f"kolumnen ”{name}” är okänd." for name in header if name not in (*required, *optional)]
    wrong += [f"kolumnen {name} finns två gånger." for name in dict.fromkeys(header) if header.count(name) > 1]
    if wrong:
        faults += [(1, fault) for fault in wrong]
        return
    line = reader.line_num
    for cells in reader:
        line, before = reader.line_num, line
        if len(cells) > len(header):
            faults.append((before + 1, "raden har fler fält än rubriken."))
        if any(cell.strip() for cell in cells):
            yield before + 1, dict(zip(header, map(one_line, cells), strict=False))
