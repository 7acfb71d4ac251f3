"""Shifts in short, irregular series: where the level changes, and whether values drift.

All of it rests on medians and ranks, so a stray value moves nothing, and nothing is
assumed of how values spread. It works from eight values on: five against three that lie
wholly below them is the least that ranks can tell from chance.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from math import log, sqrt
from typing import NamedTuple

from gitcoord.metrics.series import median

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST = 8
SIDE = 3
LEAST = 1.0
SLOPED = 2.0
SPREADS = 2.0
CERTAIN = 2.58
HALF = 0.5
STRAY = 3.5
SIGMA = 1.4826
_FLOOR = 0.25


class Step(NamedTuple):
    """The best way to see values as two levels: where the second begins, and what is left over."""

    at: int
    before: float
    after: float
    rest: float


class Line(NamedTuple):
    """Values seen as a straight line: its ends, its slope, and what is left over."""

    start: float
    end: float
    slope: float
    rest: float


def spread(values: Sequence[float]) -> float:
    """Return what a standard deviation would be, told by the median distance from the median."""
    middle = median(values)
    return SIGMA * median([abs(one - middle) for one in values])


def rest(values: Sequence[float]) -> float:
    """Return the sum of distances from the median."""
    middle = median(values)
    return sum(abs(one - middle) for one in values)


def step(values: Sequence[float]) -> Step | None:
    """Return the split after which least is left over; None for too few values to split."""
    if len(values) < FEWEST:
        return None
    left, right = _rests(values), _rests(values[::-1])[::-1]
    at = min(range(SIDE, len(values) - SIDE + 1), key=lambda one: left[one - 1] + right[one])
    return Step(at, median(values[:at]), median(values[at:]), left[at - 1] + right[at])


def peak(values: Sequence[float]) -> int:
    """Return where values are highest, one stray value aside."""
    middles = [median(values[max(0, at - 1) : at + 2]) for at in range(len(values))]
    return max(range(len(values)), key=lambda at: (middles[at], at))


def _rests(values: Sequence[float]) -> list[float]:
    """Return for each beginning of some values the sum of distances from its median."""
    ordered: list[float] = []
    found = []
    for one in values:
        insort(ordered, one)
        middle = median(ordered)
        found.append(sum(abs(other - middle) for other in ordered))
    return found


def is_shift(values: Sequence[float], one: Step) -> bool:
    """Whether two levels are really two: far enough apart, and by ranks not by chance.

    Of n places to split the best was chosen, so ranks have to differ by what the largest of
    n chances would give.
    """
    before, after = values[: one.at], values[one.at :]
    left = [value - one.before for value in before] + [value - one.after for value in after]
    apart = abs(one.before - one.after)
    if apart < max(LEAST, SPREADS * max(spread(left), _FLOOR)):
        return False
    return ranks(before, after) >= sqrt(2 * log(len(values)))


def ranks(before: Sequence[float], after: Sequence[float]) -> float:
    """Return by how many standard deviations ranks differ (Mann and Whitney, continuity corrected)."""
    ordered = sorted(before)
    wins = sum(bisect_left(ordered, one) + bisect_right(ordered, one) for one in after) / 2
    mean = len(before) * len(after) / 2
    deviation = sqrt(mean * (len(before) + len(after) + 1) / 6)
    return max(0.0, abs(wins - mean) - HALF) / deviation


def line(days: Sequence[float], values: Sequence[float]) -> Line | None:
    """Return the line of Theil and Sen through values; None where they are of one moment."""
    slopes = [
        (values[b] - values[a]) / (days[b] - days[a])
        for a in range(len(values))
        for b in range(a + 1, len(values))
        if days[b] > days[a]
    ]
    if not slopes:
        return None
    slope = median(slopes)
    base = median([value - slope * day for day, value in zip(days, values, strict=True)])
    left = sum(abs(v - base - slope * d) for d, v in zip(days, values, strict=True))
    return Line(base + slope * days[0], base + slope * days[-1], slope, left)


def is_drift(values: Sequence[float], one: Line) -> bool:
    """Whether values follow a line: it leads far enough, leaves little over, and is no chance."""
    moved = abs(one.end - one.start)
    if len(values) < FEWEST or moved < max(SLOPED, SPREADS * SIGMA * one.rest / len(values)):
        return False
    return one.rest <= HALF * rest(values) and abs(kendall(values)) >= CERTAIN


def fits(days: Sequence[float], values: Sequence[float], one: Line) -> bool:
    """Whether a line explains every value, so that none of them is a break."""
    apart = [v - one.start - one.slope * (d - days[0]) for d, v in zip(days, values, strict=True)]
    return max(abs(value) for value in apart) < max(LEAST, STRAY * spread(apart))


def kendall(values: Sequence[float]) -> float:
    """Return by how many standard deviations values rise rather than fall (Mann and Kendall)."""
    count = len(values)
    rising = sum(
        (values[b] > values[a]) - (values[b] < values[a])
        for a in range(count)
        for b in range(a + 1, count)
    )
    deviation = sqrt(count * (count - 1) * (2 * count + 5) / 18)
    return (rising - (rising > 0) + (rising < 0)) / deviation
