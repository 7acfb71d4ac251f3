"""How much a context tells: how much oftener two uses agree in one context than in two of them.

The share of pairs that agree within a context beyond that of pairs from different contexts of
the same wider one is a correlation; what it is worth as a prior follows from it (that of a Dirichlet
distribution). Where a context tells nothing, its prior is as heavy as can be, and counts that differ by
chance move no advice.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

from gitcoord.skills.asking import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from gitcoord.skills.asking import Shelf

LIGHTEST = 1.0
"""However much a context tells, one use in it does not outweigh all else."""

_FEW = 30
"""Pairs below which nothing is known of a context; then the usual weight holds."""

USUAL = 8.0


class Weights(NamedTuple):
    """How many uses the wider evidence counts for: of a repository, a former skill, two of them."""

    repo: float = USUAL
    after: float = USUAL
    after_here: float = USUAL
    after2: float = USUAL
    worked: float = USUAL
    worked_here: float = USUAL


class _Sums(NamedTuple):
    within: float
    pairs: float
    across: float
    others: float


ENOUGH = 500_000
"""Uses from which on more of them say nothing new of how much a context tells."""


def weights(shelf: Shelf, condition: str, newest: datetime | None = None) -> Weights:
    """Return what the data itself, or the newest part of it, says of how much each context tells."""
    newer = f"{condition} AND {Span(newest).condition()}"
    shelf.take("recent", f"SELECT repo, before2, before1, skill, worked FROM use WHERE {newer}")
    flow, known = "before1 IS NOT NULL", "worked IS NOT NULL"
    return Weights(
        repo=_weight(shelf, "true", "skill", [], "repo"),
        after=_weight(shelf, flow, "skill", [], "before1"),
        after_here=_weight(shelf, flow, "skill", ["before1"], "repo"),
        after2=_weight(shelf, "before2 IS NOT NULL", "skill", ["before1"], "before2"),
        worked=_weight(shelf, known, "worked", [], "skill"),
        worked_here=_weight(shelf, known, "worked", ["skill"], "repo"),
    )


def _weight(shelf: Shelf, condition: str, value: str, above: Sequence[str], context: str) -> float:
    wide = "".join([f"{name}, " for name in above])
    rows = shelf.ask(
        f"WITH cell AS (SELECT {wide}{context}, {value}, count(*)::DOUBLE AS n FROM recent WHERE {condition}"
        f" GROUP BY ALL),"
        f" held AS (SELECT {wide}{context}, sum(n) AS m, sum(n * (n - 1)) AS within, sum(n * n) AS q FROM cell"
        f" GROUP BY {wide}{context}),"
        f" small AS (SELECT {wide}sum(m) AS m, sum(m * (m - 1)) AS pairs, sum(within) AS within,"
        f" sum(q) AS q, sum(m * m) AS mm FROM held{_group(above)}),"
        f" value AS (SELECT {wide}{value}, sum(n) AS n FROM cell GROUP BY {wide}{value}),"
        f" whole AS (SELECT {wide}sum(n * n) AS q FROM value{_group(above)})"
        f" SELECT s.within, s.pairs, w.q - s.q, s.m * s.m - s.mm FROM small s JOIN whole w ON true"
        + "".join([f" AND s.{name} = w.{name}" for name in above])
    )
    return weight(_Sums(*map(float, row)) for row in rows if row[0] is not None)


def _group(names: Sequence[str]) -> str:
    return f" GROUP BY {', '.join(names)}" if names else ""


def weight(sums: Iterable[tuple[float, float, float, float]]) -> float:
    """Return how many uses the wider evidence counts for; each sum is of one wider context.

    A sum has the pairs that agree within contexts, all of those, and the same across contexts.
    """
    within = pairs = usual = 0.0
    for agree, count, across, others in sums:
        if count > 0 and others > 0:
            within += agree
            pairs += count
            usual += count * across / others
    if pairs < _FEW:
        return USUAL
    alike, base = within / pairs, usual / pairs
    if base >= 1:
        return inf
    kin = (alike - base) / (1 - base)
    return max(LIGHTEST, (1 - kin) / kin) if kin > 0 else inf
