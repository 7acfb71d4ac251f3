"""Put repositories beside each other: does what they do with skills work better than elsewhere?

Each is held against all others together, by Newcombe's interval of the difference of two rates; the
level is shared among the repositories, so that of many none stands out by chance alone.
"""

from __future__ import annotations

from gitcoord.model import intervals
from gitcoord.skills import totals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.skills.asking import Shelf, Span

TOP = 3
_DAYS = "bit_count(bitstring_agg((epoch(time) // 86400)::INTEGER, 10000, 50000))"
"""The number of days with a use: ten times as quick as telling distinct ones apart."""

BETTER, WORSE, ALIKE, UNKNOWN = "better", "worse", "alike", "unknown"


def compare(shelf: Shelf, span: Span, *, skill: str | None = None) -> list[dict[str, Any]]:
    """Return a row for each repository, the busiest first."""
    took = totals.durations(shelf, totals.BY_REPO, span, skill)
    rows = totals.figures(totals.cells(shelf, span, skill), totals.BY_REPO, took)
    where, values = totals.condition(span, skill)
    days = dict(shelf.ask(f"SELECT repo, {_DAYS} FROM use WHERE {where} GROUP BY 1", values))
    top: dict[str, list[dict[str, Any]]] = {}
    for repo, name, uses in shelf.ask(
        f"SELECT repo, skill, count(*) AS uses FROM use WHERE {where} GROUP BY repo, skill"
        f" QUALIFY row_number() OVER (PARTITION BY repo ORDER BY count(*) DESC, skill) <= {TOP}"
        " ORDER BY repo, uses DESC, skill", values
    ):  # fmt: skip
        top.setdefault(repo, []).append({"skill": name, "uses": uses})
    judged = [row for row in rows if row["worked"] is not None]
    z = intervals.shared(len(judged))
    good = sum(_good(row) for row in judged)
    known = sum(row["worked"]["known"] for row in judged)
    return [
        row | {"uses_per_day": row["uses"] / days[row["repo"]], "top": top[row["repo"]]}
        | {"against_others": _against(row, good, known, z)}
        for row in rows
    ]  # fmt: skip


def _good(row: dict[str, Any]) -> int:
    found: int = round(row["worked"]["rate"] * row["worked"]["known"])
    return found


def _against(row: dict[str, Any], good: int, known: int, z: float) -> dict[str, Any]:
    """Return how the rate of a repository differs from that of all others."""
    if row["worked"] is None or known == row["worked"]["known"]:
        return {"verdict": UNKNOWN, "difference": None, "interval": None}
    mine = (_good(row), row["worked"]["known"])
    others = (good - mine[0], known - mine[1])
    low, high = intervals.difference(mine, others, z)
    return {
        "verdict": BETTER if low > 0 else WORSE if high < 0 else ALIKE,
        "difference": mine[0] / mine[1] - others[0] / others[1],
        "interval": [low, high],
    }
