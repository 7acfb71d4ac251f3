"""Missing data: a figure that was known and is not any more, or that nobody has renewed for long.

How long is long is told by the series itself: five times the usual distance between two
points, at least a week. A value that is gone at the latest collection is told at once.
"""

from __future__ import annotations

from itertools import pairwise

from gitcoord.metrics import series
from gitcoord.metrics.alerts import MISSING, Alert

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.metrics.series import Point

FEWEST = 3
TIMES = 5
LEAST = 7 * 86_400.0
_DAY = 86_400.0


def patience(points: Sequence[Point]) -> float:
    """Return the seconds after which nothing new is unusual."""
    gaps = [now.second - then.second for then, now in pairwise(points[-series.WINDOW :])]
    return max(LEAST, TIMES * series.median(gaps)) if gaps else LEAST


def missing(
    points: Sequence[Point], figure: str, held: dict[str, Any], now: float, *, moved: bool
) -> Alert | None:
    """Return the alert of a figure that has no value where it used to have one.

    `held` is the latest section, `moved` says that the repository has commits since that
    were not collected.
    """
    known = series.whole(points)
    if len(known) < FEWEST:
        return None
    last = known[-1]
    why = _gone(figure, held)
    if why is None and now - last.second > patience(known):
        why = _old(held, moved=moved)
        if why is not None:
            why = f"nothing whole for {(now - last.second) / _DAY:.0f} days: {why}"
    if why is None:
        return None
    value = last.value or 0.0
    return Alert(MISSING, last, last, value, value, why, tuple(known[-FEWEST:]))


def _gone(figure: str, held: dict[str, Any]) -> str | None:
    value: Any = held
    for part in figure.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if value is not None or held.get("partial"):
        return None
    return f"no value any more: {held.get('reason') or 'no reason is told'}"


def _old(held: dict[str, Any], *, moved: bool) -> str | None:
    if held.get("partial"):
        return f"only a part was measured: {held.get('reason') or 'no reason is told'}"
    if held.get("stale"):
        return "the code has changed since"
    return "commits since were not collected" if moved else None
