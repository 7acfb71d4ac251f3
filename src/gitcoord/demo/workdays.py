"""Working days and times of day, the same for the same `now` and seed.

Days are numbered: the last one is yesterday, those before it are weekdays, those after it
lie in the future. The clock needs no random numbers, only a digest of what is asked.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

LAST = 129
_FRIDAY = 4


class Workdays:
    """Turns the days of a story into dates, and its events into times."""

    def __init__(self, now: datetime, seed: int) -> None:
        self._yesterday = now.astimezone(UTC).date() - timedelta(days=1)
        self._seed = seed

    def day(self, number: int) -> date:
        """Return the date of a day of the story."""
        step = 1 if number > LAST else -1
        found = self._yesterday
        left = abs(number - LAST)
        while left:
            found += timedelta(days=step)
            if found.weekday() <= _FRIDAY:
                left -= 1
        return found

    def moment(self, number: int, author: Mapping[str, Any], what: str) -> datetime:
        """Return a time on a day, within the working hours of its author."""
        zone = datetime.fromisoformat(f"2000-01-01T00:00:00{author['offset']}").tzinfo
        first, last = author["hours"]
        seconds = int(self.fraction(what) * (last - first) * 3600)
        start = datetime.combine(self.day(number), time(first), tzinfo=zone)
        return start + timedelta(seconds=seconds)

    def fraction(self, what: str) -> float:
        """Return a number from 0 up to 1 that only depends on the seed and what it is for."""
        digest = hashlib.sha256(f"{self._seed} {what}".encode()).digest()
        return int.from_bytes(digest[:6], "big") / 2**48
