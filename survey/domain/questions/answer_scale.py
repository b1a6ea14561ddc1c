"""The constants of every version: seven question keys, two roles, five answer codes, and who may use which.

For the questionnaire and its checker. Answers are stored as codes: a version may reword a label, not a code.
"""

QUESTIONS: tuple[str, ...] = (
    "trygghet",
    "overenskommelse",
    "kontaktvagar",
    "fast_vardkontakt",
    "nasta_steg",
    "nasta_tid",
    "overblick",
)
ANSWER_CODES: tuple[str, ...] = ("yes", "partly", "no", "not_needed", "dont_know")
ROLES: tuple[str, ...] = ("patient", "provider")
ROLE_PREFIX = {"patient": "s", "provider": "p"}  # the first word of a role's short address

_MAY_NOT_CONCERN_ME = frozenset({"overenskommelse", "fast_vardkontakt", "nasta_steg", "nasta_tid", "overblick"})


def answer_codes_of(role: str, question: str) -> tuple[str, ...]:
    """Return the codes a role may answer a question with, in the order they are always shown."""
    left_out = set()
    if role != "patient" or question not in _MAY_NOT_CONCERN_ME:
        left_out.add("not_needed")
    if role == "patient" and question == "fast_vardkontakt":
        left_out.add("partly")
    return tuple(code for code in ANSWER_CODES if code not in left_out)
