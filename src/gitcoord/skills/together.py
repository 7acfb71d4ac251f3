"""Which skills go together: pairs in one chain, with support and lift.

Support is the share of chains that have both, lift how much oftener that is than if they had
nothing to do with each other. The interval of the lift is that of the logarithm of a ratio of
shares (Katz); a pair counts as linked where it lies above 1, with the level shared among all pairs.
Pairs are kept by weeks, so a span is taken in whole weeks.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import exp, log, sqrt

from gitcoord.model import intervals
from gitcoord.skills.asking import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.skills.asking import Shelf

LEAST = 3
"""Chains with both, below which a pair is not shown."""


def weeks(span: Span) -> Span:
    """Return a span in whole weeks: each in which some of it lies."""
    low, high = span
    first = None if low is None else _monday(low.date())
    last = None
    if high is not None:
        last = _monday((high - timedelta(microseconds=1)).date()) + timedelta(days=7)
    return Span(_midnight(first), _midnight(last))


def graph(
    shelf: Shelf, span: Span, *, skill: str | None = None, least: int = LEAST, limit: int = 0
) -> dict[str, Any]:
    """Return skills as nodes and pairs as edges, the surest link first."""
    held = weeks(span)
    rows = shelf.ask(
        f"SELECT one, other, sum(chains)::BIGINT FROM pair WHERE {held.condition('week', 'DATE')}"
        " GROUP BY ALL ORDER BY ALL"
    )
    whole = sum(count for one, _, count in rows if one is None)
    single = {one: count for one, other, count in rows if one is not None and one == other}
    pairs = [row for row in rows if row[0] is not None and row[0] != row[1] and row[2] >= least]
    z = intervals.shared(len(pairs))
    edges = [_edge(one, other, both, single, whole, z) for one, other, both in pairs
             if skill is None or skill in (one, other)]  # fmt: skip
    edges.sort(key=lambda edge: (-edge["interval"][0], -edge["chains"], edge["skills"]))
    more = bool(limit) and len(edges) > limit
    shown = edges[:limit] if limit else edges
    named = {name for edge in shown for name in edge["skills"]}
    nodes = [{"skill": name, "chains": count} for name, count in single.items() if name in named]
    return {
        "since": None if held.since is None else held.since.date().isoformat(),
        "until": None if held.until is None else (held.until.date() - timedelta(days=1)).isoformat(),
        "chains": whole,
        "nodes": sorted(nodes, key=lambda node: (-node["chains"], node["skill"])),
        "edges": shown,
        "more": more,
    }  # fmt: skip


def _edge(
    one: str, other: str, both: int, single: dict[str, int], whole: int, z: float
) -> dict[str, Any]:
    first, second = single[one], single[other]
    lift = both * whole / (first * second)
    # Of chains with one of them, how many have the other; against all chains.
    spread = z * sqrt(max(0.0, 1 / both - 1 / first + 1 / second - 1 / whole))
    low, high = exp(log(lift) - spread), exp(log(lift) + spread)
    return {
        "skills": [one, other], "chains": both, "support": both / whole, "lift": lift,
        "interval": [low, high], "confidence": [both / first, both / second],
        "linked": low > 1, "apart": high < 1,
    }  # fmt: skip


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime(day.year, day.month, day.day)
