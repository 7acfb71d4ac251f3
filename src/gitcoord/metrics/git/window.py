"""From when to when figures are counted, and in which zone a day is a day.

Windows are half-open: a commit of the first second counts, one of the last does not. The
date is the committer's, unless the author's is asked for; each is a moment, so the zone in
which somebody wrote it plays no part.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import tzinfo

DAY = 86_400
_FIRST, _LAST = -62_135_500_000, 253_402_200_000  # what a date can be


class Window:
    """A window in epoch seconds; an open start means the first commit, an open end now.

    `column` is the date that counts: `time` the committer's, `made` the author's.
    """

    __slots__ = ("column", "now", "since", "until", "zone")

    def __init__(
        self,
        now: datetime,
        since: int | None = None,
        until: int | None = None,
        *,
        zone: tzinfo = UTC,
        authored: bool = False,
    ) -> None:
        self.now = now
        self.since = since
        self.until = until
        self.zone = zone
        self.column = "made" if authored else "time"

    def condition(self) -> tuple[str, list[int]]:
        """Return the condition of SQL for a commit of the window, and its values."""
        terms, values = [], []
        if self.since is not None:
            terms.append(f"{self.column} >= ?")
            values.append(self.since)
        if self.until is not None:
            terms.append(f"{self.column} < ?")
            values.append(self.until)
        return " AND ".join(terms) or "1", values

    def holds(self, second: int) -> bool:
        """Whether a moment lies in the window."""
        return (self.since is None or second >= self.since) and (
            self.until is None or second < self.until
        )

    def begin(self, first: int | None) -> int | None:
        """Return where the window begins: with an open start, the day of the first commit."""
        if self.since is not None or first is None:
            return self.since
        moment = self.moment(first)
        return int(moment.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())

    def end(self) -> int:
        """Return where what has passed of the window ends."""
        now = int(self.now.timestamp())
        return now if self.until is None else min(self.until, now)

    def days(self, first: int | None) -> float | None:
        """Return how many days of the window have passed; None when there are none.

        A day on which clocks change is one day. From an open start it is at least one.
        """
        begin = self.begin(first)
        if begin is None:
            return None
        low, high = self.moment(begin), self.moment(self.end())
        wall = high.replace(tzinfo=None) - low.replace(tzinfo=None)
        days = wall.total_seconds() / DAY
        if self.since is None:
            days = max(days, 1.0)
        return days if days > 0 else None

    def moment(self, second: int) -> datetime:
        """Return a second as a time in the window's zone."""
        return datetime.fromtimestamp(min(max(second, _FIRST), _LAST), self.zone)

    def day(self, second: int) -> int:
        """Return the number of the day in which a second lies."""
        if self.zone is UTC:
            return second // DAY
        return self.moment(second).toordinal()

    def text(self, second: int | None) -> str | None:
        """Return a second as RFC 3339."""
        return None if second is None else self.moment(second).isoformat()


def last(now: datetime, days: int, *, zone: tzinfo = UTC) -> Window:
    """Return the window of the last days, to this second."""
    start = now.astimezone(zone) - timedelta(days=days)
    return Window(now, int(start.timestamp()), zone=zone)
