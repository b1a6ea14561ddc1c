"""Swedish local time for everything that is a day or an hour, whatever zone the server is set to.

Days of rounds, of plans and of papers, and the hours that staff read, are Sweden's. Moments that are compared and never
shown are kept in UTC, so that no hour comes twice in October.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SWEDEN = ZoneInfo("Europe/Stockholm")


def now() -> datetime:
    """Return the current time in Sweden."""
    return datetime.now(SWEDEN)


def today() -> date:
    """Return the current day in Sweden."""
    return now().date()


def in_sweden(moment: datetime) -> datetime:
    """Convert an aware moment to Swedish time."""
    return moment.astimezone(SWEDEN)


def utc_text(moment: datetime, later: timedelta = timedelta()) -> str:
    """Format a moment, shifted by `later`, as UTC text: it sorts as time goes, also when an hour comes twice."""
    return f"{moment.astimezone(UTC) + later:%Y-%m-%d %H:%M}"
