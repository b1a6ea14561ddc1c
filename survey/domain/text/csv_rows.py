"""The rows of a CSV file by line number, with the faults in its form. For every file that is read in."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from survey.domain.text.clean_text import clean_text, one_line

Row = Mapping[str, str]
Faults = list[tuple[int, str]]
_SAYS_SIGN = re.compile(r'"?sep=(.)"?[;,\t]*', re.IGNORECASE)


def read_rows(text: str, required: Sequence[str], optional: Sequence[str], faults: Faults) -> Iterator[tuple[int, Row]]:
    """Yield each row as the line it begins on and its cells by lower-case header; append faults as they are met.

    Empty rows and columns, which spreadsheets leave behind, are passed over. Raises csv.Error where it is no CSV.
    """
    passed, sign, text = _begun(clean_text(text))
    sign = sign or _sign(text.split("\n", 1)[0], {*required, *optional})
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    header = [one_line(cell).casefold() for cell in next(reader, [])]
    named = [name for name in header if name]
    wrong = [f"kolumnen {name} saknas." for name in required if name not in named]
    wrong += [f"kolumnen ”{name}” är okänd." for name in named if name not in (*required, *optional)]
    wrong += [f"kolumnen {name} finns två gånger." for name in dict.fromkeys(named) if named.count(name) > 1]
    if wrong:
        faults += [(passed + 1, fault) for fault in wrong]
        return
    line = passed + reader.line_num
    for cells in reader:
        line, before = passed + reader.line_num, line
        stripped = [one_line(cell) for cell in cells]
        if not any(stripped):
            continue
        if any(stripped[len(header) :]) or any(cell for cell, name in zip(stripped, header, strict=False) if not name):
            faults.append((before + 1, "raden har ett fält utan rubrik."))
        yield before + 1, {name: cell for name, cell in zip(header, stripped, strict=False) if name}


def fault_sentences(faults: Iterable[tuple[int, str]]) -> list[str]:
    """Return the faults as sentences, equal ones once with their rows: `Rad 3–1509: …`; row 0 is the whole file."""
    by_words: dict[str, set[int]] = {}
    for line, said in sorted(faults):
        by_words.setdefault(said, set()).add(line)
    return [f"Rad {_in_words(lines)}: {said}" if lines != {0} else said for said, lines in by_words.items()]


def _in_words(lines: Iterable[int]) -> str:
    runs: list[list[int]] = []
    for line in sorted(set(lines) - {0}):
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    parts = [str(first) if first == last else f"{first}–{last}" for first, last in runs]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} och {parts[-1]}"


def _begun(text: str) -> tuple[int, str, str]:
    """Return the number of lines before the header, the delimiter that they declare, and the text after them."""
    lines, passed, sign = text.split("\n"), 0, ""
    for passed, line in enumerate(lines):
        if found := None if sign else _SAYS_SIGN.fullmatch(line):
            sign = found[1]
        elif line.strip(" \t;,"):
            return passed, sign, "\n".join(lines[passed:])
    return 0, sign, ""


def _sign(header: str, known: set[str]) -> str:
    """Return the delimiter: the one that gives most known columns, then most columns."""

    def good(sign: str) -> tuple[int, int]:
        cells = [one_line(cell.strip('"')).casefold() for cell in header.split(sign)]
        return len(known.intersection(cells)), len(cells)

    return max(";,\t", key=good)
