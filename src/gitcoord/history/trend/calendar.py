"""Days, weeks, months and quarters as seconds since 1970, in somebody's time zone.

A bucket begins at the midnight of its first day, as the clocks there show it: the week
in which they change has 167 or 169 hours. Weeks begin on Monday.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import tzinfo

SIZES = ("day", "week", "month", "quarter")
MOST = 20_000
"""More buckets than this help nobody: they are some 55 years of days."""

LAST = 253_086_768_000
"""A moment in the year 9990: the calendar of Python ends some years later."""

_MONTHS = {"month": 1, "quarter": 3}


class Bucket:
    """One stretch of time: its first day, and the seconds from `start` up to before `end`."""

    __slots__ = ("day", "end", "start")

    def __init__(self, day: date, start: int, end: int) -> None:
        self.day = day
        self.start = start
        self.end = end

    def weeks(self) -> float:
        """Return how many weeks of the calendar it is long, clock changes left out."""
        return max(1, round((self.end - self.start) / 86_400)) / 7


def buckets(every: str, since: int, until: int, zone: tzinfo | None) -> list[Bucket]:
    """Return the whole buckets that hold the seconds from `since` to `until`, both included.

    At most one more than `MOST`, so that a caller can tell when it asked for too much.
    """
    day = floor(every, datetime.fromtimestamp(since, zone).date())
    found: list[Bucket] = []
    start = _midnight(day, zone)
    while start <= until and len(found) <= MOST:
        after = following(every, day)
        end = _midnight(after, zone)
        found.append(Bucket(day, start, end))
        day, start = after, end
    return found


def floor(every: str, day: date) -> date:
    """Return the first day of the bucket that holds a day."""
    if every == "week":
        return day - timedelta(days=day.weekday())
    if every in _MONTHS:
        count = _MONTHS[every]
        return date(day.year, (day.month - 1) // count * count + 1, 1)
    return day


def following(every: str, day: date) -> date:
    """Return the first day of the bucket after the one that begins on a day."""
    if every in _MONTHS:
        months = day.year * 12 + day.month - 1 + _MONTHS[every]
        return date(months // 12, months % 12 + 1, 1)
    return day + timedelta(days=7 if every == "week" else 1)


def _midnight(day: date, zone: tzinfo | None) -> int:
    # In some zones the clocks change at midnight; the first second of the day is meant.
    return int(datetime.combine(day, time(), tzinfo=zone).timestamp())
