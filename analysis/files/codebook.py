"""The code book of downloaded figures: columns, codes, questions and methods explained.

For `exports`. Made from the editions alone and in the reader's language; the questions' own texts are handed in by who
has them, for an edition holds only which version was asked and the wording's mark.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis.files.column_descriptions import CODES, COLUMNS, METHOD
from analysis.frames.frame import QUESTIONS, ROLES, newest_by_round
from analysis.frames.resident_groups import group_name
from analysis.frames.schema import Edition
from analysis.localisation import Localisation

QuestionTexts = Mapping[tuple[str, str, str], str]  # version, role, question → the question as it was asked


@dataclass(frozen=True)
class CodeBook:
    """A code book: two tables, some sentences, the newest round's last day, the language."""

    codes: pd.DataFrame
    questions: pd.DataFrame
    method: tuple[str, ...]
    day: date
    texts: Localisation

    def of(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the explanations of this table's columns and their codes; of places only those that stand in it."""
        found = []
        for name in map(str, table.columns):
            about = self.codes[self.codes["column"] == _bare(name)]
            if name == "place":
                about = about[about["code"].isin(["", *table[name]])]
            found.append(about.assign(column=name))
        return pd.concat(found, ignore_index=True)


def _bare(column: str) -> str:
    """Strip the side off a column's name: a share by side means what the share does."""
    for role in ROLES:
        if column.startswith(f"{role}_"):
            return column.removeprefix(f"{role}_")
    return column


def code_book(editions: Sequence[Edition], texts: Localisation, asked: QuestionTexts | None = None) -> CodeBook:
    """Make the code book of some editions, in a language."""
    rounds = newest_by_round(editions)
    rows: list[tuple[str, str, str]] = []
    for column, meaning in COLUMNS.items():
        rows.append((column, "", texts.gettext(meaning) % {}))
        rows += [(column, code, words) for code, words in _codes(column, rounds, texts).items()]
    columns = ["round", "role", "question", "version", "wording", "text"]
    return CodeBook(
        codes=pd.DataFrame(rows, columns=["column", "code", "meaning"]),
        questions=pd.DataFrame(_asked(rounds, asked or {}), columns=columns),
        method=tuple(_method(rounds[-1], texts)),
        day=date.fromisoformat(rounds[-1]["round"]["closes"]),
        texts=texts,
    )


def _codes(column: str, rounds: Sequence[Edition], texts: Localisation) -> Mapping[str, str]:
    """Return the labels of the codes in a column; questions, rounds and places are called by name."""
    if column == "question":
        return {key: texts.question(key) for key in QUESTIONS}
    if column in ("round", "since"):
        return {key: texts.round_name(key) for key in (each["round"]["key"] for each in rounds)}
    if column == "place":
        return {place["key"]: texts.place(place["key"]) for each in rounds for place in each["places"]}
    if column == "group":
        codes = sorted({row["group"] for each in rounds for row in each.get("background", ())})
        return {code: group_name(code, texts) for code in codes}
    return {code: texts.gettext(words) % {} for code, words in CODES.get(column, {}).items()}


def _asked(rounds: Sequence[Edition], asked: QuestionTexts) -> Iterator[tuple[str, ...]]:
    for each in rounds:
        for role in ROLES:
            version = each["versions"][role]
            for question in QUESTIONS:
                mark, text = each["wordings"][role].get(question, ""), asked.get((version, role, question), "")
                yield each["round"]["key"], role, question, version, mark, text


def _method(last: Edition, texts: Localisation) -> Iterator[str]:
    values = {
        "number": str(last["number"]),
        "patients": texts.number(last["thresholds"]["patient"]),
        "providers": texts.number(last["thresholds"]["provider"]),
    }
    for sentence in METHOD:
        yield texts.gettext(sentence) % values
