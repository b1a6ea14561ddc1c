"""Names cut to the room they have, for pictures with a row for each place: the table beside has them whole."""

from analysis.charts.drawing.canvas import width_of, wrap

MORE = "…"


def clipped(words: str, size: float, width: float, max_lines: int, bold: bool = False) -> list[str]:
    """Return the words in at most `max_lines` lines that fit; a word that is too wide is broken, the rest cut off."""
    lines = wrap(" ".join(_broken(word, size, width, bold) for word in words.split(" ")), size, width, bold)
    if len(lines) <= max_lines:
        return lines
    last = lines[max_lines - 1]
    while last and width_of(last + MORE, size, bold) > width:
        last = last[:-1]
    return [*lines[: max_lines - 1], last.rstrip() + MORE]


def _broken(word: str, size: float, room: float, bold: bool) -> str:
    """Break a word into pieces that each fit, with a hyphen where it was cut."""
    if width_of(word, size, bold) <= room:
        return word
    at = len(word) - 1
    while at > 1 and width_of(word[:at] + "-", size, bold) > room:
        at -= 1
    return f"{word[:at]}- {_broken(word[at:], size, room, bold)}"
