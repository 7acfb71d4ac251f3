"""Sequences of skills: how workflows were run, in which order, and whether another went better.

Another order is suggested only where both have the same steps, and where more of its runs completed
beyond chance, with the level shared among all orders that were compared.
"""

from __future__ import annotations

from gitcoord.model import intervals
from gitcoord.skills import together, totals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.skills.asking import Shelf, Span

ORDERS = 100
"""Orders of one workflow that are looked at, the usual ones first."""

_LEAST = 5


class Order:
    """One order of steps, how often it was run, and what came of that."""

    __slots__ = ("completed", "failed", "runs", "steps", "whole")

    def __init__(
        self, steps: Sequence[str], length: int, runs: int, completed: int, failed: int
    ) -> None:
        self.steps = list(steps)
        self.whole = len(steps) == length
        self.runs = runs
        self.completed = completed
        self.failed = failed

    def as_dict(self) -> dict[str, Any]:
        """Return it in its documented shape."""
        known = self.completed + self.failed
        return {"steps": self.steps, "whole": self.whole, "runs": self.runs,
                "completed": totals.share(self.completed, known)}  # fmt: skip


def workflows(
    shelf: Shelf, span: Span, *, name: str | None = None, sessions: bool = False, limit: int = 0,
    shown: int = 5,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return each workflow with its usual orders; `sessions` adds what ran outside of any."""
    held = together.weeks(span)
    where, values = held.condition("week", "DATE"), []
    if name is not None:
        where, values = f"{where} AND workflow = ?", [name]
    elif not sessions:
        where += " AND workflow IS NOT NULL"
    rows = shelf.ask(
        f"SELECT workflow, sum(runs)::BIGINT, sum(completed)::BIGINT, sum(failed)::BIGINT, count(DISTINCT repo)"
        f" FROM run WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1"
        + (f" LIMIT {limit}" if limit else ""),
        values,
    )
    orders = _orders(shelf, where, values)
    return [
        {"workflow": flow, "runs": runs, "repos": repos, "completed": totals.share(done, done + failed),
         "unknown": runs - done - failed,
         "orders": [one.as_dict() for one in orders.get(flow, [])[:shown]],
         "better": better(orders.get(flow, []))}
        for flow, runs, done, failed, repos in rows
    ]  # fmt: skip


def _orders(shelf: Shelf, where: str, values: list[str]) -> dict[str | None, list[Order]]:
    """Return the usual orders of each workflow, the most run first."""
    orders: dict[str | None, list[Order]] = {}
    for flow, *order in shelf.ask(
        f"SELECT workflow, steps, any_value(length), sum(runs)::BIGINT AS runs, sum(completed)::BIGINT,"
        f" sum(failed)::BIGINT FROM run WHERE {where} GROUP BY workflow, steps, length > len(steps)"
        f" QUALIFY row_number() OVER (PARTITION BY workflow ORDER BY sum(runs) DESC, steps) <= {ORDERS}"
        " ORDER BY runs DESC, steps", values
    ):  # fmt: skip
        orders.setdefault(flow, []).append(Order(*order))
    return orders


def better(orders: Sequence[Order]) -> list[dict[str, Any]]:
    """Return, for each set of steps, an order that did better than the usual one beyond chance."""
    bags: dict[tuple[str, ...], list[Order]] = {}
    for one in orders:
        if one.whole and one.completed + one.failed >= _LEAST:
            bags.setdefault(tuple(sorted(one.steps)), []).append(one)
    rivals = [held for held in bags.values() if len(held) > 1]
    compared = sum(len(held) - 1 for held in rivals)
    z = intervals.shared(compared)
    found = []
    for held in rivals:
        usual = max(held, key=lambda one: one.runs)
        gaps = [(intervals.difference(_outcome(one), _outcome(usual), z), one)
                for one in held if one is not usual]  # fmt: skip
        gap, best = max(gaps, key=lambda pair: (pair[0][0], pair[1].steps))
        if gap[0] > 0:
            found.append({"instead_of": usual.as_dict(), "order": best.as_dict(),
                          "difference": list(gap)})  # fmt: skip
    return found


def _outcome(one: Order) -> tuple[int, int]:
    return one.completed, one.completed + one.failed
