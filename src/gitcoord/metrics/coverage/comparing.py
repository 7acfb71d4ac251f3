"""Runs held against each other, and against the last whole one: which were only a part."""

from __future__ import annotations

from gitcoord.metrics.coverage import partial, telling

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.metrics.coverage.choice import Said


def compared(said: Sequence[Said], before: dict[str, Any]) -> list[Said]:
    """Mark those that another run shows to be only a part."""
    runs = [_run(one) for one in said]
    earlier = _earlier(before)
    found = []
    for number, (one, mine) in enumerate(zip(said, runs, strict=True)):
        others = [other for at, other in enumerate(runs) if other and at != number]
        others += [earlier] if earlier else []
        why = partial.contradicted(mine, others) if mine and not one.partial else None
        if why:
            one = one._replace(partial=True, reason="; ".join(filter(None, (why, one.reason))))
        found.append(one)
    return found


def _run(one: Said) -> partial.Run | None:
    if one.percent is None or one.counts is None or one.partial:
        return None
    return partial.Run(
        one.percent, one.counts.statements, one.counts.missing, one.time, one.code, one.path
    )


def _earlier(before: dict[str, Any]) -> partial.Run | None:
    """Return the last whole run, for code that is the same now."""
    held = before.get("whole")
    numbers = [held.get(name) for name in telling.WHOLE[:3]] if isinstance(held, dict) else [None]
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in numbers):
        return None
    assert isinstance(held, dict)
    told = f"measured {str(held.get('measured_at'))[:10]}"
    return partial.Run(float(held["percent"]), int(held["statements"]), int(held["missing"]),
                       float("-inf"), held.get("code"), told)  # fmt: skip
