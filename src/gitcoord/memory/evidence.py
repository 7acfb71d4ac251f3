"""What speaks for and against each strategy: sums of weighted outcomes.

An outcome i counts w(i) = s(i) · 2^(-age(i)/h) · c(i): similarity, exponential decay of
age with the half-life h, and 2 where somebody confirmed the outcome, 1 where it is only
claimed by who made the attempt. Failures count as successes do, on the other side.
"""

from __future__ import annotations

from math import exp2

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

CONFIRMED = 2.0
"""How much more a confirmed outcome counts than a claimed one."""


class Tally:
    """Weighted successes and failures of one strategy, and how many outcomes they come from.

    `mass` is how many outcomes just like this one that would be, however old they are.
    """

    __slots__ = ("bad", "failed", "good", "mass", "worked")

    def __init__(
        self, good: float = 0.0, bad: float = 0.0, worked: int = 0, failed: int = 0
    ) -> None:
        self.good = good
        self.bad = bad
        self.worked = worked
        self.failed = failed
        self.mass = float(worked + failed)

    @property
    def weight(self) -> float:
        """How much evidence there is on both sides."""
        return self.good + self.bad

    def add(self, worked: bool, weight: float, count: int = 1, similarity: float = 1.0) -> None:
        """Count an outcome, or several of one weight."""
        self.mass += count * similarity
        if worked:
            self.good += weight
            self.worked += count
        else:
            self.bad += weight
            self.failed += count


def decay(age: float, half_life: float) -> float:
    """Return what an outcome still counts after so many days; what comes from the future is new."""
    return exp2(-max(age, 0.0) / half_life)


def trust(confirmed: bool) -> float:
    """Return what an outcome counts for who vouches for it."""
    return CONFIRMED if confirmed else 1.0


def total(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of tallies."""
    found = Tally()
    for one in tallies:
        found.good += one.good
        found.bad += one.bad
        found.worked += one.worked
        found.failed += one.failed
    return found
