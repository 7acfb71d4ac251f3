"""What one series holds while a tape is played, and the row it gives for a bucket.

The words are those of the Kanban literature. *Cycle time*, from start to finish of one
piece of work, *throughput*, pieces finished in a unit of time, and *age* of what is not
finished are three of the four measures of The Kanban Guide (2020) and of D. Vacanti,
Actionable Agile Metrics for Predictability (2015), who also reads the 85th percentile
as what can be promised. *Lead time*, from the wish to its fulfilment, is that of
D. Anderson, Kanban (2010).
"""

from __future__ import annotations

from bisect import bisect_left, insort

from gitcoord.history.trend.facts import ACTIVE, DONE, OPEN, WAITING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.history.trend.calendar import Bucket

_DAY = 86_400
FIELDS = ("open", "opened", "closed", "reopened", "entered", "left", "age", "cycle_time",
          "lead_time", "throughput", "burndown", "burnup")  # fmt: skip
"""What a row holds besides its date, in this order."""

_BURNDOWN = ("remaining", "hours", "estimated")
_BURNUP = ("done", "done_hours", "done_estimated", "scope", "scope_hours", "scope_estimated")


class Counts:
    """The numbers of one series; `opened` and the five after it are those of one bucket."""

    __slots__ = ("births", "closed", "cycles", "entered", "hours", "known", "leads", "left",
                 "opened", "reopened", "states")  # fmt: skip

    def __init__(self) -> None:
        self.births: list[int] = []
        self.states = [0] * 6
        self.hours = [0] * 6
        self.known = [0] * 6
        self.turn()

    def turn(self) -> None:
        """Begin a bucket."""
        self.opened = self.closed = self.reopened = self.entered = self.left = 0
        self.cycles: list[int] = []
        self.leads: list[int] = []

    def take(self, state: int, birth: int, hours: int | None) -> None:
        """Count a record in."""
        self.states[state] += 1
        if hours is not None:
            self.hours[state] += hours
            self.known[state] += 1
        if OPEN[state]:
            insort(self.births, birth)

    def drop(self, state: int, birth: int, hours: int | None) -> None:
        """Count a record out, as it was counted in."""
        self.states[state] -= 1
        if hours is not None:
            self.hours[state] -= hours
            self.known[state] -= 1
        if OPEN[state]:
            del self.births[bisect_left(self.births, birth)]

    def shift(self, was: int, state: int, hours: int | None) -> None:
        """Count a record that stays as open as it was, and whose estimate stays, in its new state."""
        self.states[was] -= 1
        self.states[state] += 1
        if hours is not None:
            self.hours[was] -= hours
            self.hours[state] += hours
            self.known[was] -= 1
            self.known[state] += 1

    def close(self, time: int, birth: int, began: int) -> None:
        """Count a closing; `began` is negative when nobody knows when the work was begun."""
        self.closed += 1
        self.leads.append(time - birth)
        if began >= 0:
            self.cycles.append(time - began)

    def row(self, bucket: Bucket, now: int) -> dict[str, Any]:
        """Return the bucket's numbers; what is not known yet is None."""
        over = bucket.end <= now
        at = min(bucket.end, now)
        remaining = [WAITING, ACTIVE]
        return {
            "date": bucket.day.isoformat(),
            "open": len(self.births),
            "opened": self.opened,
            "closed": self.closed,
            "reopened": self.reopened,
            "entered": self.entered,
            "left": self.left,
            "age": _days(at - middle(self.births)) if self.births else None,
            "cycle_time": _spread(self.cycles),
            "lead_time": _spread(self.leads),
            "throughput": round(self.closed / bucket.weeks(), 2) if over else None,
            "burndown": dict(zip(_BURNDOWN, self._amount(remaining), strict=True)),
            "burnup": dict(
                zip(_BURNUP, (*self._amount([DONE]), *self._amount([DONE, *remaining])), strict=True)
            ),
            "partial": not over,
        }  # fmt: skip

    def _amount(self, states: list[int]) -> tuple[int, float | None, int]:
        """Return how many records are in some states, their hours, and how many have an estimate.

        The hours are None when there are records and none of them has an estimate.
        """
        count = sum([self.states[state] for state in states])
        known = sum([self.known[state] for state in states])
        hours = sum([self.hours[state] for state in states]) / 1000
        return count, hours if known or not count else None, known


def unknown(bucket: Bucket, *, partial: bool) -> dict[str, Any]:
    """Return the row of a bucket of which nothing is known: before the hub, or still to come."""
    row: dict[str, Any] = {"date": bucket.day.isoformat(), **dict.fromkeys(FIELDS)}
    return {**row, "partial": partial}


def middle(ordered: list[int]) -> float:
    """Return the median of numbers in order."""
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _spread(seconds: list[int]) -> dict[str, Any] | None:
    """Return the median and the 85th percentile in days: 85 in 100 took at most that long."""
    if not seconds:
        return None
    ordered = sorted(seconds)
    high = ordered[-(-85 * len(ordered) // 100) - 1]  # by the nearest rank: one that occurred
    return {"median": _days(middle(ordered)), "p85": _days(high), "count": len(ordered)}


def _days(seconds: float) -> float:
    return round(seconds / _DAY, 2)
