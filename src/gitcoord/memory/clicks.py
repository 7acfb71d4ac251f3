"""What people opened after a search, and what that says of a hit once its place is discounted.

Whoever looks at a list looks at its top, so an opened first hit says little and an opened
tenth one much. The chance that place k is looked at at all is taken as 1/k, and an opening
counts its inverse, at most 10 (Joachims, Swaminathan and Schnabel 2017: inverse propensity
weighting under a position-based model). For a query q and a hit d

    lift(d | q) = Σ s·min(k, 10) over openings / (Σ s over showings of d + 5), at most 1

over earlier searches whose words are alike to q by s, at least 0.5. Five showings without
an opening are assumed beforehand, so one click moves little.
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

from gitcoord.memory import wording

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CLIPPED = 10
PRIOR = 5.0
ALIKE = 0.5
SHARE = 0.5
"""By how much of itself a score can rise."""


class Search(NamedTuple):
    """One search: its words, what it showed with the scores, and the places (from 1) of what was opened."""

    time: float
    words: frozenset[str]
    hits: tuple[tuple[str, float], ...]
    opened: tuple[int, ...]


def words_of(query: str) -> frozenset[str]:
    """Return the words by which two queries are compared."""
    return frozenset(wording.words(query))


def lifts(words: frozenset[str], earlier: Iterable[Search]) -> dict[str, float]:
    """Return what earlier searches say for each hit, from 0 to 1."""
    gained: dict[str, float] = {}
    showings: dict[str, float] = {}
    for search in earlier:
        alike = _alike(words, search.words)
        if alike < ALIKE:
            continue
        for id, _ in search.hits:
            showings[id] = showings.get(id, 0.0) + alike
        for place in search.opened:
            if 1 <= place <= len(search.hits):
                id = search.hits[place - 1][0]
                gained[id] = gained.get(id, 0.0) + alike * min(place, CLIPPED)
    return {id: min(gain / (showings[id] + PRIOR), 1.0) for id, gain in gained.items()}


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    if not one or not other:
        return 0.0
    return len(one & other) / sqrt(len(one) * len(other))


def reranked(hits: Sequence[tuple[str, float]], found: dict[str, float]) -> list[tuple[str, float]]:
    """Return hits with their scores raised by what was learnt, the best first."""
    raised = [(id, score * (1 + SHARE * found.get(id, 0.0))) for id, score in hits]
    places = {id: place for place, (id, _) in enumerate(hits)}
    return sorted(raised, key=lambda one: (-round(one[1], 12), places[one[0]]))


class Ranking(NamedTuple):
    """How well rankings put first what was then opened."""

    searches: int
    opened: int
    shown: float | None
    learnt: float | None
    shown_debiased: float | None
    learnt_debiased: float | None


def evaluate(searches: Sequence[Search]) -> Ranking:
    """Compare, for each opening, its place as shown and as it would have been with what was learnt before.

    The figures are mean reciprocal ranks; the debiased ones weigh each opening by its place.
    """
    ordered = sorted(searches, key=lambda one: one.time)
    rows: list[tuple[float, float, float]] = []
    for number, search in enumerate(ordered):
        if not search.opened:
            continue
        order = [id for id, _ in reranked(search.hits, lifts(search.words, ordered[:number]))]
        for place in search.opened:
            if 1 <= place <= len(search.hits):
                new = order.index(search.hits[place - 1][0]) + 1
                rows.append((1 / place, 1 / new, float(min(place, CLIPPED))))
    if not rows:
        return Ranking(len(ordered), 0, None, None, None, None)
    count, weight = len(rows), sum(row[2] for row in rows)
    return Ranking(
        len(ordered), count,
        sum(row[0] for row in rows) / count, sum(row[1] for row in rows) / count,
        sum(row[0] * row[2] for row in rows) / weight, sum(row[1] * row[2] for row in rows) / weight,
    )  # fmt: skip
