"""A figure over time: points, where its definition changes, and what breaks it.

An anomaly is a fall from the median of the last 20 points by at least one point and 3.5
times their usual distance from it, or by two points (and 3.5 times what usually lies between
two, falls aside) from the one before; below five points by two from the one before. A part of a run is
no point, and another definition begins a new series.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WINDOW = 20
FEWEST = 5
LEAST = 1.0
STEP = 2.0
TIMES = 3.5
FLOOR = 0.25
_ENOUGH = FEWEST - 1  # steps between as many points


class Point(NamedTuple):
    """One value at one moment, at a commit where it has one."""

    time: str
    second: float
    commit: str | None
    value: float | None
    partial: bool = False
    definition: str | None = None
    repo: str = ""


class Anomaly(NamedTuple):
    """A fall: at which point, from which value, by which part of the rule, and whether it lasted.

    A fall that the next point takes back was most likely a part of a run.
    """

    point: Point
    usual: float
    fall: float
    why: str
    lasted: bool = True


def median(values: Sequence[float]) -> float:
    """Return the median of at least one value."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def whole(points: Iterable[Point]) -> list[Point]:
    """Return the points that count: known, and of a whole run."""
    return [one for one in points if one.value is not None and not one.partial]


def anomalies(points: Iterable[Point]) -> list[Anomaly]:
    """Return the falls in a series, oldest first; what stays low is told once."""
    found: list[Anomaly] = []
    before: list[float] = []
    steps: list[float] = []
    last: Point | None = None
    low = False
    for one in whole(points):
        value = one.value or 0.0
        if last is not None and one.definition != last.definition:
            before, steps, low = [], [], False
        step, drift = _step(before, steps, value), _drift(before, value)
        if step or (drift and not low):
            usual, why = step or drift or (value, "")
            found.append(Anomaly(one, usual, usual - value, why))
        elif found and found[-1].point == last and value > found[-1].usual - LEAST:
            found[-1] = found[-1]._replace(lasted=False)
        low = drift is not None or step is not None
        if before and step is None:  # a fall does not make the next one usual
            steps.append(abs(value - before[-1]))
        before.append(value)
        last = one
    return found


def _step(
    before: Sequence[float], steps: Sequence[float], value: float
) -> tuple[float, str] | None:
    """Tell a fall from the point before; `steps` are those between points that were no fall."""
    if not before or before[-1] - value < STEP:
        return None
    usual = median(steps[-WINDOW:]) if len(steps) >= _ENOUGH else 0.0
    if before[-1] - value < TIMES * usual:
        return None
    return before[-1], f"{before[-1] - value:.1f} points below the one before"


def _drift(before: Sequence[float], value: float) -> tuple[float, str] | None:
    if len(before) < FEWEST:
        return None
    last = before[-WINDOW:]
    usual = median(last)
    spread = median([abs(one - usual) for one in last])
    if usual - value < max(LEAST, TIMES * max(spread, FLOOR)):
        return None
    return usual, f"{usual - value:.1f} points below the median of the last {len(last)}"


def changes(points: Sequence[Point]) -> list[Point]:
    """Return the points at which the definition is another than before."""
    known = [one for one in points if one.value is not None]
    return [now for then, now in pairwise(known) if then.definition != now.definition]


def together(points: Iterable[Point], repos: int) -> list[Point]:
    """Return the mean of several repositories: at each point, of the latest of each.

    Until all have a value, the mean is partial, for it would jump with each that joins.
    """
    latest: dict[str, float] = {}
    found = []
    for one in sorted(whole(points), key=lambda point: point.second):
        latest[one.repo] = one.value or 0.0
        mean = sum(latest.values()) / len(latest)
        found.append(Point(one.time, one.second, None, mean, len(latest) < repos))
    return found
