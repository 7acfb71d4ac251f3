"""Which skill comes next: counts of what followed, from the widest evidence to the nearest.

The estimate begins with how often each skill is used anywhere, and is drawn towards nearer evidence as
far as there is any: here, after the last skill, after the last two (anywhere, then here). At each step
what was counted is joined with the step before as if that had been seen `PULL` times, so a
count of one does not outweigh hundreds.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Counts = Mapping[str, int]


class Level(NamedTuple):
    """Evidence of one kind: what it is, what followed how often, and what all before it weighs."""

    name: str
    counts: Counts
    weight: float

    @property
    def total(self) -> int:
        """How often anything followed."""
        return sum(self.counts.values())


class Next(NamedTuple):
    """A skill, how likely it comes next, and how often it did on each level that knows."""

    skill: str
    chance: float
    counts: dict[str, tuple[int, int]]


def predict(levels: Sequence[Level], limit: int = 0) -> list[Next]:
    """Return what comes next, the likeliest first; levels go from the widest to the nearest."""
    chances: dict[str, float] = {}
    for level in levels:
        total = level.total
        if not total:
            continue
        pull = level.weight if chances else 0.0
        if pull == inf:  # the context tells nothing
            continue
        names = chances.keys() | level.counts.keys()
        chances = {
            name: (level.counts.get(name, 0) + pull * chances.get(name, 0.0)) / (total + pull)
            for name in names
        }
    best = sorted(chances.items(), key=lambda one: (-one[1], one[0]))
    totals = {level.name: level.total for level in levels}
    return [
        Next(name, chance, {level.name: (level.counts.get(name, 0), totals[level.name])
                            for level in levels if totals[level.name]})
        for name, chance in (best[:limit] if limit else best)
    ]  # fmt: skip
