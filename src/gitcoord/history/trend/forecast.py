"""When a plan may be finished, as a range, from how fast it went; or why nobody can say.

What remained at the end of each of the last weeks gives the steps by which it changed,
work that was added included. The remaining work then takes steps like those, each as
likely as the others: the exact outcome of what D. Vacanti (When Will It Be Done?, 2018)
and T. Magennis (Forecasting and Simulating Software Development Projects, 2011) draw at
random. The range is from the week by which 15 in 100 futures are finished to that of 85.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from typing import Any

WEEKS = 12
"""How many of the last whole weeks are looked at."""

_FEWEST_WEEKS = 4
_FEWEST_CLOSED = 4
_HORIZON = 104


def forecast(
    remaining: Sequence[int], closed: int, today: date
) -> tuple[dict[str, Any] | None, str]:
    """Return the range of days, or None and the reason in a sentence.

    `remaining` is what was left at the end of each of the last whole weeks and, last, now;
    `closed` is how many records were closed in those weeks.
    """
    steps = [before - after for before, after in pairwise(remaining)]
    if not remaining or remaining[-1] == 0:
        return None, "Nothing remains."
    if len(steps) < _FEWEST_WEEKS:
        return None, f"There are fewer than {_FEWEST_WEEKS} whole weeks to judge by."
    if closed < _FEWEST_CLOSED:
        return (
            None,
            f"Fewer than {_FEWEST_CLOSED} records were closed in the last {len(steps)} weeks.",
        )
    weeks = _weeks(remaining[-1], steps)
    if weeks is None:
        return None, f"At the pace of the last {len(steps)} weeks it may not end within {_HORIZON}."
    days = [(today + timedelta(weeks=count)).isoformat() for count in weeks]
    found = {"earliest": days[0], "likely": days[1], "latest": days[2]}
    return {**found, "weeks": len(steps), "closed": closed}, ""


def _weeks(left: int, steps: Sequence[int]) -> list[int] | None:
    """Return after how many weeks 15, 50 and 85 in 100 futures are finished."""
    futures = {left: 1.0}
    finished = 0.0
    found: list[int] = []
    for week in range(1, _HORIZON + 1):
        after: dict[int, float] = {}
        for count, chance in futures.items():
            for step in steps:
                share = chance / len(steps)
                if count - step <= 0:
                    finished += share
                else:
                    after[count - step] = after.get(count - step, 0.0) + share
        futures = after
        while len(found) < 3 and finished >= (0.15, 0.5, 0.85)[len(found)] - 1e-9:
            found.append(week)
        if len(found) == 3:
            return found
    return None
