"""Say afterwards whether a fix held: the outcome of an attempt, or of a recommendation."""

from __future__ import annotations

from gitcoord import journal
from gitcoord.api import fixes
from gitcoord.errors import NotFoundError
from gitcoord.journal import facts
from gitcoord.journal.facts import Fact
from gitcoord.memory import asking, secrets, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.workspace import Workspace


def outcome(
    workspace: Workspace, run: str, *, worked: bool, strategy: str | None = None,
    note: str | None = None, repo: str | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Confirm what came of an attempt, or of all those of a run; return them.

    `run` is what a recommendation was given with, or an attempt's id. Where nothing was
    recorded for a recommendation made here, the attempt that it was is recorded now, in
    `repo` where the recommendation was for none.
    """
    connection = fixes.opened(workspace)
    rows = list(
        connection.execute(
            "SELECT n, id, repo FROM attempt WHERE (run = ?1 OR id = ?1)"
            " AND (?2 IS NULL OR strategy = ?2) ORDER BY time, path",
            (run, strategy),
        )
    )
    if not rows:
        connection.close()
        return _late(workspace, run, worked, strategy, repo)
    files = {}
    for _, id, repo in rows:
        fixes.refuse_others(workspace, repo)
        data: dict[str, Any] = {"about": "attempt", "attempt": id, "worked": worked}
        if note:
            data["note"] = secrets.masked(note)
        path, content = facts.write(Fact("feedback", repo, workspace.now, None, data))
        files[path] = content
    found = asking.documents(connection, [row[0] for row in rows])
    connection.close()
    journal.append(workspace.repo, files, f"outcome of {run}: {'worked' if worked else 'failed'}")
    return [one | {"confirmed": worked} for one in found]


def _late(
    workspace: Workspace, run: str, worked: bool, strategy: str | None, repo: str | None
) -> list[dict[str, Any]]:
    """Record the attempt that a recommendation led to."""
    for event in reversed(shown.read(workspace.repo, shown.RECOMMENDED)):
        if event.get("run") == run:
            names = ("type", "message", "session", "repo")
            data = {name: event.get(name) for name in names} | {"run": run, "success": worked}
            data["strategy"] = strategy or event.get("strategy")
            if data["strategy"] == event.get("strategy"):
                data["agent"] = event.get("agent")
            return fixes.record(workspace, [data], repo=repo)
    raise NotFoundError(
        f"No attempt and no recommendation made here is called {run}.",
        hint="`coord fix list` shows attempts with their ids; `coord fix recommend` prints its run.",
    )
