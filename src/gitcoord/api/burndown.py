"""How a plan goes: what remains and what is done, and when it may be finished."""

from __future__ import annotations

from datetime import timedelta

from gitcoord.api import read, trends
from gitcoord.history.trend import selection
from gitcoord.history.trend.calendar import Bucket
from gitcoord.history.trend.forecast import WEEKS, forecast
from gitcoord.history.trend.series import series

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.history.trend.tape import Tape

_WEEK = 7 * 86_400


class Burndown:
    """A plan's series of what remains; `forecast` is None where `reason` says why."""

    __slots__ = ("forecast", "plan", "reason", "rows", "target", "title")

    def __init__(self, plan: str, title: str, target: str | None) -> None:
        self.plan = plan
        self.title = title
        self.target = target
        self.rows: list[dict[str, Any]] = []
        self.forecast: dict[str, Any] | None = None
        self.reason = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the view in its documented JSON shape."""
        return {
            "plan": self.plan, "title": self.title, "target": self.target, "series": self.rows,
            "forecast": self.forecast, "reason": self.reason or None,
        }  # fmt: skip


def burndown(
    workspace: Workspace, plan: str, *, since: str | None, until: str | None, every: str
) -> Burndown:
    """Return what remained of a plan's issues and todos, from the first of them to now."""
    entry = read.get(workspace, plan, "plan")
    found = Burndown(entry.id, entry.title or "", entry.target or None)
    tape = trends.tape_of(workspace)
    wanted = {"plan": [entry.id], "kind": ["issue", "todo"]}
    picked = selection.chosen(tape, wanted)
    _, groups = selection.grouped(tape, picked, None)
    start = _first(tape, picked)
    window = trends.window_of(workspace, start, since, until, every)
    now = int(workspace.now.timestamp())
    (rows,) = series(tape, window, groups, 1, now)
    found.rows = [_row(row) for row in rows]
    _foretell(found, workspace, tape, groups, start)
    return found


def _first(tape: Tape, picked: Sequence[bool]) -> int | None:
    """Return when the plan had its first member."""
    for time, state, facts in zip(tape.times, tape.states, tape.which, strict=True):
        if state and picked[facts]:
            return time
    return None


def _row(row: dict[str, Any]) -> dict[str, Any]:
    down, up = row["burndown"] or {}, row["burnup"] or {}
    return {
        "date": row["date"],
        "remaining": down.get("remaining"),
        "done": up.get("done"),
        "scope": up.get("scope"),
        "remaining_hours": down.get("hours"),
        "done_hours": up.get("done_hours"),
        "scope_hours": up.get("scope_hours"),
        "estimated": up.get("scope_estimated"),
        "opened": row["opened"],
        "closed": row["closed"],
        "partial": row["partial"],
    }


def _foretell(
    found: Burndown,
    workspace: Workspace,
    tape: Tape,
    groups: list[tuple[int, ...]],
    start: int | None,
) -> None:
    """Set the forecast from the last whole weeks before now in which the plan had members."""
    today = workspace.now.date()
    now = int(workspace.now.timestamp())
    if start is None:
        found.reason = "No issue or todo belongs to it."
        return
    count = min(WEEKS, (now - start) // _WEEK)
    after = now + 1  # what was committed this very second counts
    buckets = [
        Bucket(today - timedelta(weeks=left), after - left * _WEEK, after - (left - 1) * _WEEK)
        for left in range(count + 1, 0, -1)
    ]
    (rows,) = series(tape, buckets, groups, 1, now)
    remaining = [row["open"] for row in rows if row["open"] is not None]
    closed = sum(row["closed"] for row in rows[1:])
    found.forecast, found.reason = forecast(remaining, closed, today)
