"""Figures as people read them in a spreadsheet: headings, places, rounds and codes in the reader's own words.

For `exports`. Numbers stay numbers and days stay days; what each heading and word means follows on a sheet of its own.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.files.codebook import CodeBook
from analysis.files.column_titles import NO, WORDS, YES, title
from analysis.frames.frame import ROLES
from analysis.localisation import N_, capitalised
from analysis.spreadsheets.table import Table, Value

FIGURES, EXPLAINED, QUESTIONS, METHOD = N_("Siffror"), N_("Förklaringar"), N_("Frågor"), N_("Metod")
COLUMNS = (N_("Kolumn"), N_("Ord"), N_("Betyder"), N_("Kolumn i CSV och JSON"), N_("Kod i CSV och JSON"))
COUNTED = N_("Så är siffrorna räknade")
# Columns that hold what another column does.
_SAME_CODES = {"before": "round", "since": "round", "unit": "place", "region": "place", "nation": "place"}


def readable(table: pd.DataFrame, book: CodeBook | None) -> list[Table]:
    """Return the figures in words and a sheet that explains them; without a code book, under their own names."""
    if book is None:
        return [Table("figures", [str(name) for name in table.columns], _rows(table, {}, ("ja", "nej")))]
    gettext = book.texts.gettext
    words = {name: _labels(name, book) for name in map(str, [*table.columns, *book.questions.columns])}
    truths = gettext(YES), gettext(NO)
    return [
        Table(gettext(FIGURES), _headings(table, book), _rows(table, words, truths)),
        Table(gettext(EXPLAINED), [gettext(name) for name in COLUMNS], _explained(table, words, book)),
        Table(gettext(QUESTIONS), _headings(book.questions, book), _rows(book.questions, words, truths)),
        Table(gettext(METHOD), [gettext(COUNTED)], [[sentence] for sentence in book.method]),
    ]


def _headings(table: pd.DataFrame, book: CodeBook) -> list[str]:
    return [title(str(name), book.texts) for name in table.columns]


def _labels(column: str, book: CodeBook) -> Mapping[str, str]:
    """Return the word for each code of a column."""
    of = _bare(column)
    about = book.codes[book.codes["column"] == _SAME_CODES.get(of, of)]
    found = {code: capitalised(words) for code, words in zip(about["code"], about["meaning"], strict=True) if code}
    return found | {code: book.texts.gettext(words) for code, words in WORDS.get(of, {}).items()}


def _bare(column: str) -> str:
    for start in (*ROLES, "before"):
        if column.startswith(f"{start}_"):
            return column.removeprefix(f"{start}_")
    return column


def _explained(table: pd.DataFrame, words: Mapping[str, Mapping[str, str]], book: CodeBook) -> list[list[Value]]:
    found: list[list[Value]] = []
    for column, code, meaning in book.of(table).itertuples(index=False):
        found.append([title(column, book.texts), words[column].get(code), meaning, column, code or None])
    return found


def _rows(
    table: pd.DataFrame, words: Mapping[str, Mapping[str, str]], truths: tuple[str, str]
) -> list[tuple[Value, ...]]:
    columns = [
        [_value(each, words.get(str(name), {}), truths) for each in _clip_counts(table[name]).convert_dtypes().tolist()]
        for name in table.columns
    ]
    return list(zip(*columns, strict=True))


def _clip_counts(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Noise can take a count below zero, which nobody can read: it is 0 here, and signed in the files for programs."""
    return column.clip(lower=0) if str(column.name).endswith("_count") else column


def _value(value: Any, words: Mapping[str, str], truths: tuple[str, str]) -> Value:
    """Convert one cell: nothing where nothing is known, a day without an hour, a truth and a code in words."""
    if pd.isna(value) or value == "":
        return None
    if isinstance(value, bool):
        return truths[not value]
    if isinstance(value, pd.Timestamp):
        return value.date()
    return words.get(value, value) if isinstance(value, str) else value
