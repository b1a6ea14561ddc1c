"""Faults of what somebody has written, in a file or a form: a code, and the values that a sentence says of it.

Whoever shows a fault has the words, in the reader's language.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Union

FileFault = Literal[
    # of any file
    "no_file",
    "empty_file",
    "no_text",
    "uncertain_letters",
    "no_csv",
    "no_rows",
    "column_missing",
    "column_unknown",
    "column_twice",
    "cell_without_header",
    # of a column in it
    "in_column",
    "in_column_of_choices",
    "in_column_of_texts",
]
PlaceFault = Literal[
    "bad_key",
    "bad_key_like",
    "no_name",
    "formula",
    "long_name",
    "unreadable_name",
    "bad_level",
    "bad_hsa_id",
    "bad_headcount",
    "ends_before_it_begins",
    "merged_without_end",
    "second_region",
    "parent_ring",
    "merge_ring",
    "shared_hsa_id",
    "no_parent",
    "unknown_parent",
    "parent_of_region",
    "wrong_parent",
    "outlives_parent",
    "bad_filial",
    "filial_of_filial",
    "bad_merge",
    "key_twice",
    "level_changed",
    "no_date",
    "no_whole_number",
    "not_in_file",
    "at_another_place",
    "name_taken",
    "ends_within_round",
    "begins_within_round",
]
InvitationFault = Literal[
    "no_address",
    "address_twice",
    "too_many_people",
    "bad_role",
    "no_place",
    "unknown_place",
    "ambiguous_place",
    "translator_alone",
    "guarded_alone",
    "needs_unit",
    "needs_area",
]
RecordCode = Literal[
    "no_day",
    "empty",
    "unknown_choice",
    "too_long",
    "unprintable",
    "two_meanings",
    "no_number",
    "not_closed",
    "doctor_beside_care_contact",
    "days_backwards",
    "day_passed",
    "share_over_hundred",
    "no_share",
    "day_to_come",
    "record_twice",
    "several_values",
    "band_missing",
    "bad_gender",
    "bad_count",
    "age_twice",
    "bad_age",
    "age_in_several_bands",
]
QuestionnaireCode = Literal[
    "no_versions",
    "no_toml",
    "other_file_name",
    "released_missing",
    "released_changed",
    "no_labels",
    "no_questions",
    "question_missing",
    "question_unknown",
    "question_twice",
    "questions_out_of_order",
    "role_missing",
    "labels_no_table",
    "half_explanation",
    "no_options",
    "option_twice",
    "option_unknown",
    "option_without_label",
    "option_missing",
    "option_not_allowed",
    "options_out_of_order",
    "label_unknown",
    "field_missing",
    "field_no_text",
    "field_empty",
    "field_untidy",
    "field_unknown",
]
FaultCode = FileFault | PlaceFault | InvitationFault | RecordCode | QuestionnaireCode
Value = Union[str, int, date, tuple[str, ...], "Fault"]


@dataclass(frozen=True, init=False)
class Fault:
    """One fault: its code, and the values by the names that its sentence has for them."""

    code: FaultCode
    values: tuple[tuple[str, Value], ...]

    def __init__(self, code: FaultCode, /, **values: Value) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "values", tuple(values.items()))

    def __str__(self) -> str:
        """Return the code with its values, for logs and tracebacks."""
        return " ".join([self.code, *(f"{name}={value}" for name, value in self.values)])
