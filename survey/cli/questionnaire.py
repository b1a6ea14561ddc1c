"""`python -m survey.cli.questionnaire FILE`: check a version of the questions, or print the line that releases it.

It needs no instance, and it reads the one file alone: the app doesn't start while a file of its own has a fault.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from survey.domain.questions.questionnaire import check_file
from survey.domain.questions.questionnaire_check import QuestionnaireFault
from survey.domain.text.fault import Value

SENTENCES: Mapping[str, str] = {
    "no_versions": "there is no version of the questions here.",
    "no_toml": "it can't be read as TOML ({error}).",
    "other_file_name": "the file must have the version's name, {key}.toml.",
    "released_missing": "the version {key} is released, but {key}.toml is missing or can't be read.",
    "released_changed": "the version is released and must not change, for it has been answered. Bring the file back as "
    "it was, and make the change in a new version.",
    "no_labels": "The table [labels] is missing, with a text for each answer code.",
    "no_questions": "The questions are missing, one [[questions]] for each.",
    "question_missing": "Question {key} is missing.",
    "question_unknown": "Question {key} is unknown. The seven are {known}.",
    "question_twice": "Question {key} is there {times} times. It must be there once.",
    "questions_out_of_order": "The questions are in another order than {known}.",
    "role_missing": "{where} lacks the role {role}.",
    "labels_no_table": "{where} has labels that are no table.",
    "half_explanation": "{where} has only {field}. To explain a word takes both term and explanation.",
    "no_options": "{where} lacks its answers (options).",
    "option_twice": "{where} has the answer {code} {times} times.",
    "option_unknown": "{where} has the unknown answer code {code}. The codes are {known}.",
    "option_without_label": "{where} has the answer {code}, but no text for it in labels.",
    "option_missing": "{where} lacks the answer {code}.",
    "option_not_allowed": "{where} must not have the answer {code}.",
    "options_out_of_order": "{where} has its answers in another order than {known}.",
    "label_unknown": "{where} has a text for the unknown answer code {code}. The codes are {known}.",
    "field_missing": "{where} lacks {field}.",
    "field_no_text": "{where} has {field} that is no text.",
    "field_empty": "{where} has {field} without text.",
    "field_untidy": "{where} has {field} with a space first or last, or with a percent sign.",
    "field_unknown": "{where} has the unknown field {field}. The fields are {known}.",
}
_PLACES = {
    "file": "The file",
    "labels": "The table [labels]",
    "question": "Question {}",
    "number": "Question number {}",
}


def sentences(faults: Sequence[QuestionnaireFault]) -> list[str]:
    """Return a sentence for each fault, with the name of its file."""
    return [
        f"{file}: " + SENTENCES[fault.code].format(**{name: _shown(name, value) for name, value in fault.values})
        for file, fault in faults
    ]


def _shown(name: str, value: Value) -> str:
    if name == "where" and isinstance(value, tuple):
        kind, *rest = value
        place = _PLACES[kind].format(*rest)
        return f"{place}, role {rest[1]}," if len(rest) > 1 else place
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def main(arguments: Sequence[str]) -> int:
    """Check one file: print its faults and return 1, or print the line for `released.toml` and return 0."""
    found, line = check_file(Path(arguments[0]))
    sys.stdout.write("\n".join(sentences(found) or [line]) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
