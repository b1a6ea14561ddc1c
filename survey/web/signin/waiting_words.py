"""The wait before the next try, in words. For every form that slows guesses down."""

from datetime import timedelta

from flask_babel import format_timedelta
from flask_babel import gettext as _


def wait_in_words(seconds: int) -> str:
    """Return so many seconds in the reader's language, never less than they are."""
    whole = seconds if seconds < 90 else -(-seconds // 60) * 60
    return str(format_timedelta(timedelta(seconds=whole), threshold=1.5))


def too_early(seconds: int) -> str:
    """Return the sentence for a try that comes so many seconds too early."""
    return str(_("För många försök. Försök igen om %(wait)s.", wait=wait_in_words(seconds)))
