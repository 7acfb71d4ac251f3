"""Whether a series rises or falls: the slope of Theil and Sen, with its interval.

The slope is the median of the slopes between all pairs of points; its interval is Sen's (1968), from
Kendall's statistic with ties. A series rises where the whole interval lies above zero and falls
where it lies below; two points say nothing, and fewer than eight are not judged.
"""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist, median
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST = 8
MOST = 400
"""Of longer series the latest points are judged: all pairs of more take too long."""

RISING, FALLING, STEADY, UNKNOWN = "rising", "falling", "steady", "unknown"


class Course(NamedTuple):
    """How a series went: a word, the slope a bucket, and between what it lies."""

    word: str
    slope: float | None
    low: float | None
    high: float | None
    points: int


def course(values: Sequence[float | None], level: float = 0.95) -> Course:
    """Return how a series went; None is a bucket of which nothing is known."""
    known = [(at, value) for at, value in enumerate(values) if value is not None][-MOST:]
    count = len(known)
    if count < LEAST:
        return Course(UNKNOWN, None, None, None, count)
    slopes = sorted(
        (later - early) / (there - here)
        for index, (here, early) in enumerate(known)
        for there, later in known[index + 1 :]
    )
    reach = NormalDist().inv_cdf((1 + level) / 2) * sqrt(_variance([value for _, value in known]))
    pairs = len(slopes)
    low = slopes[max(0, int((pairs - reach) / 2))]
    high = slopes[min(pairs - 1, int((pairs + reach) / 2) + 1)]
    word = RISING if low > 0 else FALLING if high < 0 else STEADY
    return Course(word, median(slopes), low, high, count)


def _variance(values: Sequence[float]) -> float:
    """Return the variance of Kendall's statistic where nothing rises or falls."""
    count = len(values)
    ties: dict[float, int] = {}
    for value in values:
        ties[value] = ties.get(value, 0) + 1
    whole = count * (count - 1) * (2 * count + 5)
    return (whole - sum(n * (n - 1) * (2 * n + 5) for n in ties.values())) / 18
