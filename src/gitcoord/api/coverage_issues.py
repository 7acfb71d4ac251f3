"""Issues for repositories whose coverage is too low: one each, kept true, closed when it recovers.

An issue knows by its metadata that it is one of these, so this can be done any number of
times. What is not known, or was measured in part, changes nothing.
"""

from __future__ import annotations

from gitcoord.api import work, write
from gitcoord.codec.native import loads
from gitcoord.model.kinds import ISSUE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.store.transaction import Transaction

MARK = "coverage"
_DISTANCES = ((40, "critical"), (20, "high"), (5, "medium"))


class Followed:
    """The issues that were created, changed and closed."""

    __slots__ = ("changed", "closed", "created")

    def __init__(self) -> None:
        self.created: list[str] = []
        self.changed: list[str] = []
        self.closed: list[str] = []

    def summary(self) -> str:
        """Return it as one line."""
        named = (("created", self.created), ("changed", self.changed), ("closed", self.closed))
        parts = [f"{verb} {', '.join(ids)}" for verb, ids in named if ids]
        return f"issues: {'; '.join(parts)}." if parts else "the issues are up to date."


def follow_up(
    workspace: Workspace, rows: Sequence[dict[str, Any]], least: float, *, commit: bool = True
) -> Followed:
    """Make the issues agree with a report."""
    done = Followed()
    with write.transaction(workspace, commit=commit) as tx:
        held = _held(workspace)  # under the lock, so that no second one is made
        for row in rows:
            found = row["coverage"]
            if found["percent"] is None or found["partial"]:
                continue
            issue = held.get(row["name"])
            if found["percent"] >= least:
                _recovered(workspace, tx, issue, row, least, done)
            elif issue is None:
                _create(workspace, tx, row, least, done)
            else:
                _update(workspace, tx, issue, row, least, done)
        tx.message = f"Follow up on coverage: {done.summary()}"
    workspace.changed()
    return done


def _held(workspace: Workspace) -> dict[str, str]:
    """Return by repository the issue that is one of these: an open one before a closed one."""
    rows = workspace.view().execute(
        "SELECT id, json FROM record WHERE kind = 'issue' AND archived = 0"
        ' AND json LIKE \'%"metric": "coverage"%\' ORDER BY open, sort DESC'
    )
    found = {}
    for id, text in rows:
        marks = loads(text + "}").get("metadata")
        if (
            isinstance(marks, dict)
            and marks.get("metric") == MARK
            and isinstance(marks.get("repo"), str)
        ):
            found[marks["repo"]] = id
    return found


def _create(
    workspace: Workspace, tx: Transaction, row: dict[str, Any], least: float, done: Followed
) -> None:
    data = {
        "title": _title(row["name"], least), "severity": "quality", "repos": [row["name"]],
        "priority": _priority(row, least), "labels": [MARK],
        "description": _figures(row, least), "metadata": _marks(row, least),
    }  # fmt: skip
    done.created.append(tx.create(ISSUE, write.prepared(workspace, ISSUE, data)))


def _update(
    workspace: Workspace,
    tx: Transaction,
    id: str,
    row: dict[str, Any],
    least: float,
    done: Followed,
) -> None:
    """Bring an issue up to date; only where the figures moved, and what a person set stays."""
    stored = tx.get(ISSUE, id)
    data = dict(stored.data)
    before = data.get("metadata") or {}
    marks = _marks(row, least)
    if all(before.get(key) == marks[key] for key in ("percent", "minimum")):
        return
    if data.get("priority") == before.get("priority"):
        data["priority"] = marks["priority"]
    if data.get("title") == _title(row["name"], before.get("minimum") or 0.0):
        data["title"] = _title(row["name"], least)
    if data.get("status") in ISSUE.done:
        data["status"] = "pending"
    data["metadata"] = {**before, **marks}
    data = work.commented(
        workspace, f"Was {_shown(before.get('percent'))}. {_figures(row, least)}"
    )(data)
    if tx.put(stored, data):
        done.changed.append(id)


def _recovered(
    workspace: Workspace, tx: Transaction, id: str | None, row: dict[str, Any], least: float,
    done: Followed,
) -> None:  # fmt: skip
    if id is None:
        return
    stored = tx.get(ISSUE, id)
    data = dict(stored.data)
    if data.get("status") in ISSUE.done:
        return
    data["status"] = "closed"
    data["metadata"] = {**(data.get("metadata") or {}), **_marks(row, least)}
    data = work.commented(workspace, f"Recovered. {_figures(row, least)}")(data)
    if tx.put(stored, data):
        done.closed.append(id)


def _title(name: str, least: float) -> str:
    return f"Coverage of {name} is below {least:g} %"


def _priority(row: dict[str, Any], least: float) -> str:
    distance = least - row["coverage"]["percent"]
    return next((word for most, word in _DISTANCES if distance >= most), "low")


def _marks(row: dict[str, Any], least: float) -> dict[str, Any]:
    found = row["coverage"]
    return {
        "metric": MARK, "repo": row["name"], "percent": round(found["percent"], 1),
        "minimum": float(least), "commit": found["commit"], "source": found["source"],
        "priority": _priority(row, least),
    }  # fmt: skip


def _figures(row: dict[str, Any], least: float) -> str:
    found = row["coverage"]
    counts = ""
    if found["statements"] is not None and found["missing"] is not None:
        counts = f", {found['missing']} of {found['statements']} statements missing"
    where = f" at {found['commit'][:9]}" if isinstance(found["commit"], str) else ""
    return (
        f"Coverage is {_shown(found['percent'])} (wanted {least:g} %){counts},"
        f" by {found['source']}{where}."
    )


def _shown(value: Any) -> str:
    return f"{value:.1f} %" if isinstance(value, int | float) else "unknown"
