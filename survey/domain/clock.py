"""What time it is where we are: Sweden's, whatever zone the server is set to. For everything that is a day or an hour.

Days of rounds, of plans and of papers, and the hours that staff read, are Sweden's. Moments that are compared and never
shown are kept in UTC, so that no hour comes twice in October.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SWEDEN = ZoneInfo("Europe/Stockholm")


def now() -> datetime:
    """The moment, as clocks in Sweden show it."""
    return datetime.now(SWEDEN)


def today() -> date:
    """The day in Sweden."""
    return now().date()


def here(moment: datetime) -> datetime:
    """A moment as clocks in Sweden showed it."""
    return moment.astimezone(SWEDEN)


def compared(moment: datetime, later: timedelta = timedelta()) -> str:
    """A moment, or one so much later, as text that sorts as time goes, also in the night when an hour comes twice."""
    return f"{moment.astimezone(UTC) + later:%Y-%m-%d %H:%M}"
