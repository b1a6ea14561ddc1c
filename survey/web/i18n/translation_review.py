"""The review of a translation: the status of each text, and the level of a whole language.

For the rule of who must have read a translation before a resident can choose it. A status is a translator
comment, `# reviewed by <role> on <date> for <hash>`, where the hash is the Swedish text's: when that changes,
the reading no longer counts. What was approved on the translators' pages says `in <hash>` of the translation too.
"""

import re

from babel.messages.catalog import Catalog, Message

from survey.domain.staff.translation_approvals import LEVELS, fingerprint

__all__ = [
    "LEVELS",
    "STAFF_LANGUAGES",
    "STAFF_ONLY",
    "is_met_by_residents",
    "level",
    "missing",
    "short_hash",
    "sign",
    "source_hash",
    "status",
]

_STATUS = re.compile(r"(reviewed|approved) by (.+) on (\d{4}-\d\d-\d\d) for ([0-9a-f]{8})(?: in ([0-9a-f]{8}))?")
STAFF_LANGUAGES = ("sv", "en")
# texts that stand only here are met by staff alone; whatever stands anywhere else, a resident may meet
STAFF_ONLY = (
    "analysis/",
    "survey/admin/",
    "survey/audit/",
    "survey/care_unit/",
    "survey/channels/",
    "survey/cli/",
    "survey/domain/questions/answer_scale.py",
    "survey/domain/records/action_plan.py",
    "survey/domain/records/external_measures.py",
    "survey/domain/records/population.py",
    "survey/domain/staff/",
    "survey/domain/text/lookalikes.py",
    "survey/followup/",
    "survey/publication/",
    "survey/templates/_form.html",
    "survey/translation/",
    "survey/templates/_staff.html",
    "survey/templates/account/",
    "survey/templates/admin/",
    "survey/templates/answer/_pair_letters.html",
    "survey/templates/audit/",
    "survey/templates/care_unit/",
    "survey/templates/followup/",
    "survey/templates/translation/",
    "survey/templates/staff.html",
    "survey/templates/web/link_secret.html",
    "survey/templates/web/sign_",
    "survey/templates/web/staff_error.html",
    "survey/templates/web/unavailable.html",
    "survey/web/account/",
    "survey/web/i18n/language_progress.py",
    "survey/web/pages/lookalike_warnings.py",
    "survey/web/signin/",
    "survey/web/staff/",
    "survey/worker/",
)


def source_hash(message: Message) -> str:
    """Return the fingerprint of the Swedish text that a status speaks of."""
    return short_hash(str(message.id))


def short_hash(text: str) -> str:
    """Return the first part of a text's fingerprint, as a comment carries it."""
    return fingerprint(text)[:8]


def status(message: Message) -> str:
    """Return the status of this text: missing, draft, reviewed or approved."""
    if not message.string or message.fuzzy:
        return "missing"
    read = [found for comment in message.user_comments if (found := _STATUS.fullmatch(comment.strip()))]
    turned = short_hash(str(message.string))
    held = [found[1] for found in read if found[4] == source_hash(message) and found[5] in (None, turned)]
    return max(["draft", *held], key=LEVELS.index)


def level(catalog: Catalog) -> str:
    """Return the level a resident can count on: that of the least read text they may meet."""
    return min((status(message) for message in _met(catalog)), key=LEVELS.index, default="missing")


def missing(catalog: Catalog) -> int:
    """Return how many texts that a resident may meet have no translation."""
    return sum(status(message) == "missing" for message in _met(catalog))


def _met(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id and is_met_by_residents(message)]


def is_met_by_residents(message: Message) -> bool:
    """Return whether the text stands anywhere but on pages for staff."""
    return not message.locations or any(not file.startswith(STAFF_ONLY) for file, _ in message.locations)


def sign(catalog: Catalog, reached: str, role: str, date: str) -> int:
    """Note on every translated text that `role` has read it; return how many were noted."""
    count = 0
    for message in catalog:
        if message.id and message.string:
            note = f"{reached} by {role} on {date} for {source_hash(message)}"
            if not _STATUS.fullmatch(note):
                raise ValueError(f"Not a status: {note!r}. It reads: reviewed by <role> on <year-month-day>.")
            message.user_comments = [*message.user_comments, note]
            count += 1
    return count
