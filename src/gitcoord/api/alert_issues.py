"""Issues for alerts: one for each trouble, opened when it shows and closed when it is over.

An issue knows its trouble by its metadata, so this can be done any number of times and on
any machine. One that a person closed stays closed. Where the measurements that came after
an alert are not on this machine, nothing is closed.
"""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.api import alerts, work, write
from gitcoord.api.chosen import selected
from gitcoord.api.coverage_issues import Followed
from gitcoord.codec.native import loads
from gitcoord.metrics import ledger
from gitcoord.model.kinds import ISSUE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.store.transaction import Transaction

    Row = dict[str, Any]

LABEL = "alert"
_HIGH = ("drop", "level")
_MARKS = ("alert", "metric", "repo", "first", "last")


class Held(NamedTuple):
    """An issue of an alert, and what its metadata says of the trouble."""

    id: str
    marks: dict[str, Any]
    archived: bool

    def tells_of(self, row: Row) -> bool:
        """Whether an alert is the trouble of this issue."""
        return alerts.is_same(row, str(self.marks["repo"]), self.marks)


def follow_up(
    workspace: Workspace,
    rows: Sequence[Row],
    *,
    repos: Sequence[str] = (),
    roles: Sequence[str] = (),
    watched: Sequence[str] = (),
    commit: bool = True,
) -> Followed:
    """Open issues for the alerts `rows`, and close those of the chosen figures that are over."""
    done = Followed()
    whole = alerts.check(workspace, repos=repos, roles=roles, watched=watched, note=False).rows
    newest = _newest(workspace)
    names = selected(workspace, repos, roles)
    figures = alerts.figures(watched)
    with write.transaction(workspace, commit=commit) as tx:
        held = _held(workspace)  # under the lock, so that no second one is made
        for row in rows:
            if row["ended"] is None and not any(one.tells_of(row) for one in held):
                done.created.append(tx.create(ISSUE, write.prepared(workspace, ISSUE, _new(row))))
        for one in held:
            key = (str(one.marks["repo"]), str(one.marks["metric"]))
            if one.archived or key[0] not in names or key[1] not in figures:
                continue
            found = next((row for row in whole if one.tells_of(row)), None)
            if found is not None or newest.get(key, 0.0) > _showed(one):
                _judge(workspace, tx, one, found, done)
        tx.message = f"Follow up on alerts: {done.summary()}"
    workspace.changed()
    return done


def _newest(workspace: Workspace) -> dict[tuple[str, str], float]:
    """Return when each figure was last measured whole, by what is on this machine."""
    connection = ledger.opened(workspace.repo)
    rows = connection.execute(
        "SELECT repo, metric, max(second) FROM point WHERE NOT partial AND value IS NOT NULL"
        " GROUP BY repo, metric"
    )
    found = {(repo, metric): float(second) for repo, metric, second in rows}
    connection.close()
    return found


def _held(workspace: Workspace) -> list[Held]:
    """Return the issues of alerts, the newest first."""
    rows = workspace.view().execute(
        "SELECT id, json, archived FROM record WHERE kind = 'issue'"
        ' AND json LIKE \'%"alert": "%\' ORDER BY sort DESC'
    )
    found = []
    for id, text, archived in rows:
        marks = loads(text + "}").get("metadata")
        if isinstance(marks, dict) and marks.keys() >= {*_MARKS}:
            found.append(Held(id, marks, bool(archived)))
    return found


def _showed(one: Held) -> float:
    return alerts.second_of(one.marks["last"]) or float("inf")


def _new(row: Row) -> Row:
    """Return the issue of an alert."""
    times = {key: {"time": row[key]["time"]} for key in ("first", "last")}
    return {
        "title": f"{row['alert'].capitalize()} of {row['metric']} of {row['repo']}",
        "severity": "quality", "repos": [row["repo"]], "labels": [LABEL],
        "priority": "high" if row["alert"] in _HIGH else "medium",
        "description": f"{_figures(row)}\n\n`coord metrics history {row['repo']} {row['metric']}` shows all values.",
        "metadata": {"alert": row["alert"], "metric": row["metric"], "repo": row["repo"], **times},
    }  # fmt: skip


def _figures(row: Row) -> str:
    where = f" at {row['commit'][:9]}" if isinstance(row["commit"], str) else ""
    came = "" if row["alert"] == "missing" else f"{row['usual']:g} → {row['value']:g}: "
    return f"{came}{row['why']} ({row['time'][:10]}{where})."


def _judge(
    workspace: Workspace, tx: Transaction, one: Held, row: Row | None, done: Followed
) -> None:
    """Close an issue whose trouble is over; open it again if only we had closed it too early."""
    stored = tx.get(ISSUE, one.id)
    data = dict(stored.data)
    over = row is None or row["ended"] is not None
    closed = data.get("status") in ISSUE.done
    if closed == over or (closed and not one.marks.get("ended")):
        return
    told = _over(row) if over else f"It has not ended after all. {_figures(row or {})}"
    data["status"] = "closed" if over else "pending"
    data["metadata"] = {**one.marks, "ended": workspace.now.isoformat() if over else None}
    if tx.put(stored, work.commented(workspace, told)(data)):
        (done.closed if over else done.changed).append(one.id)


def _over(row: Row | None) -> str:
    if row is None:
        return "What was measured since takes it back: it is no alert any more."
    ended = row["ended"]
    return f"Ended: {row['ended_by']} on {ended['time'][:10]} ({ended['value']:g})."
