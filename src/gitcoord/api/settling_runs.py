"""Tell a todo what came of its run: once, also when whoever began to was killed.

A run that has ended is written down first; then the todo gets its status and a comment in one
commit, the journal a fact, and the worktree goes if nothing in it would be lost. Each of
these steps may be taken again.
"""

from __future__ import annotations

import json
import os

from gitcoord.api import journal, read, write
from gitcoord.errors import CoordError, NotFoundError
from gitcoord.execution import leases, outcome, runs, telling, worktrees
from gitcoord.execution.worktrees import Tree
from gitcoord.git import refs
from gitcoord.journal.facts import is_commit
from gitcoord.model.moments import UTC, datetime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.execution.runs import Run

_DIGITS = 4
_LEAST = 0.0001  # it took some time, and 0 would say that it took none
_SECONDS = 3600


def settle(workspace: Workspace, run: Run, *, criteria: Any = None) -> Run:
    """Tell the todo what came of a run, and tidy up; return what is known of it then.

    `criteria` are what the checks were taken from: where they have changed since, nobody
    verified what stands there now. Raises what the hub raises; then it is still to be done.
    """
    common = workspace.repo.common_dir
    run = _tell(workspace, run, criteria)
    runs.write(common, run)
    _note(workspace, run)
    run = _tidy(run)._replace(settled=True)
    if workspace.settings.commit:
        run = run._replace(commit=refs.head(workspace.repo))
    return runs.write(common, run)


def _tell(workspace: Workspace, run: Run, criteria: Any) -> Run:
    """Give the todo its status and a comment, and return the run with what was decided."""
    try:
        blockers = read.get(workspace, run.todo, "todo").blockers()
    except NotFoundError:
        return run._replace(notes=(*run.notes, f"{run.todo} was deleted meanwhile"))
    told = [run]

    def how(data: dict[str, Any]) -> dict[str, Any]:
        if any(
            one.get("id") == run.id for one in data.get("comments") or [] if isinstance(one, dict)
        ):
            return data
        now = run
        if run.outcome == outcome.COMPLETED and blockers:
            now = _doubted(run, f"it waits for {', '.join(blockers)} now")
        elif run.outcome == outcome.COMPLETED and criteria != data.get("acceptance_criteria"):
            now = _doubted(run, "its acceptance criteria changed meanwhile")
        told[0] = now
        return _moved(now, data, _remark(workspace, now))

    try:
        write.change(workspace, "todo", run.todo, how)
    except NotFoundError:
        return run._replace(notes=(*run.notes, f"{run.todo} was deleted meanwhile"))
    return told[0]._replace(status=str(read.get(workspace, run.todo, "todo").status))


def _doubted(run: Run, why: str) -> Run:
    return run._replace(outcome=outcome.UNVERIFIED, reason=why)


def _remark(workspace: Workspace, run: Run) -> dict[str, Any]:
    return {"id": run.id, "author": workspace.signature, "created": run.ended,
            "text": telling.comment(run)}  # fmt: skip


def _moved(run: Run, data: dict[str, Any], remark: dict[str, Any]) -> dict[str, Any]:
    """Return the data of a todo after its run; what somebody else decided meanwhile stays."""
    data["comments"] = [*(data.get("comments") or []), remark]
    if data.get("status") != "in_progress" or run.outcome == outcome.UNVERIFIED:
        return data
    if run.outcome != outcome.COMPLETED:
        data["status"] = "pending"
        return data
    data["status"] = "completed"
    had = data.get("actual_hours")
    if run.seconds is not None:
        spent = run.seconds / _SECONDS + (had if isinstance(had, int | float) else 0)
        data["actual_hours"] = max(round(spent, _DIGITS), _LEAST)
    return data


def _note(workspace: Workspace, run: Run) -> None:
    """Write the run to the journal; the same run has the same path there."""
    commit = run.tip if is_commit(run.tip) else None
    when = datetime.fromisoformat(run.ended or run.started)
    journal.add(workspace, "run", run.repo, telling.fact(run), commit=commit, time=when)


def _tidy(run: Run) -> Run:
    """Remove the worktree if all that is in it is committed."""
    tree = tree_of(run)
    if tree is not None:
        worktrees.remove(run.folder, tree, run.id)
    if run.worktree is None or os.path.lexists(run.worktree):
        return run
    return run._replace(worktree=None)


def tree_of(run: Run) -> Tree | None:
    """Return the worktree of a run, None where it has none."""
    if run.worktree is None or run.base is None:
        return None
    if run.git_dir is None or run.branch is None:
        return worktrees.found(run.worktree, run.base)
    return Tree(run.worktree, run.git_dir, run.branch, run.base)


def recover(workspace: Workspace, todos: Collection[str] | None = None) -> list[Run]:
    """Settle the runs, of some todos or all, that a killed process left; return them."""
    common = workspace.repo.common_dir
    found = []
    for run in runs.every(common):
        if run.settled or (todos is not None and run.todo not in todos):
            continue
        lease = leases.take(common, run.todo)
        if lease is None:
            continue  # somebody is at work on it
        with lease:
            fresh = runs.get(common, run.id)  # it may have been settled a moment ago
            if not fresh.settled:
                found.append(settle_lost(workspace, fresh))
    return found


def settle_lost(workspace: Workspace, run: Run) -> Run:
    """Settle a run that nobody is at work on any more; the caller has its lease."""
    common = workspace.repo.common_dir
    if run.outcome is None:
        seen = {} if (tree := tree_of(run)) is None else _seen(tree)
        asked = runs.shall_end(common, run)
        run = run._replace(
            outcome=outcome.CANCELLED if asked else outcome.LOST,
            ended=datetime.now(UTC).isoformat(timespec="seconds"),
            reason="the coord that ran it was killed", **seen,
        )  # fmt: skip
        runs.write(common, run)
    return troubled(workspace, run, criteria=_criteria(common, run))


def _seen(tree: Tree) -> dict[str, Any]:
    left = worktrees.left(tree)
    return {"tip": left.tip, "commits": left.commits, "uncommitted": len(left.uncommitted),
            "branch": tree.branch, "git_dir": tree.git_dir}  # fmt: skip


def _criteria(common: str, run: Run) -> Any:
    """Return the criteria that a run began with, as they were written down."""
    try:
        with open(runs.place_of(common, run.id, "criteria.json"), encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def troubled(workspace: Workspace, run: Run, *, criteria: Any = None) -> Run:
    """Settle a run; where the hub refuses, say so in its notes and leave it to the next command."""
    try:
        return settle(workspace, run, criteria=criteria)
    except CoordError as error:
        return run._replace(notes=(*run.notes, f"{run.todo} was not told: {error.message}"))
