"""Fingerprints of the questions in every other language, as of a round's publication.

For the edition. A trend is only as steady as its words: where a translation has been changed between two rounds, the
follow-up page says so, question by question.
"""

import hashlib
from collections.abc import Iterable, Mapping

from survey.domain.questions.answer_scale import QUESTIONS, ROLES
from survey.domain.questions.questionnaire import Question, Version
from survey.domain.rounds.lifecycle import Round
from survey.web.i18n.language_files import SOURCE, Language


def fingerprints(
    round_: Round, versions: Mapping[str, Version], languages: Iterable[Language]
) -> dict[str, dict[str, str]]:
    """Return fingerprints by language and question, over both roles' texts and options.

    Only languages that a resident may choose.
    """
    asked = {role: versions[round_.version(role)] for role in ROLES}
    return {
        language.tag: {
            key: _fingerprint([asked[role].question(role, key) for role in ROLES], language) for key in QUESTIONS
        }
        for language in languages
        if language.offered and language.tag != SOURCE
    }


def _fingerprint(questions: Iterable[Question], language: Language) -> str:
    texts = [
        language.texts.get(text, text)
        for question in questions
        for text in (question.text, *(option.label for option in question.options))
    ]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]
