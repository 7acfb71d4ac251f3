"""Look at runs, end one, and clear away what is old."""

from __future__ import annotations

import os
import time
from datetime import datetime
from typing import NamedTuple

from gitcoord.api import settling_runs
from gitcoord.errors import ConflictError, InvalidError
from gitcoord.execution import leases, runs, worktrees
from gitcoord.execution.runs import Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from gitcoord.api.workspace import Workspace

_PAUSE = 0.05
_PATIENCE = 120.0
_TAIL = 1 << 20


class Known(NamedTuple):
    """A run, and its state now."""

    run: Run
    state: str


class Cleaned(NamedTuple):
    """A run that was cleared away, or why it was not (`kept`)."""

    run: Run
    kept: str


def known(
    workspace: Workspace, *, todo: str | None = None, state: str | None = None
) -> list[Known]:
    """Return the runs of this machine, the latest first, of a todo or in a state."""
    common = workspace.repo.common_dir
    wanted = todo.casefold() if todo is not None else None
    found = [Known(run, runs.state_of(common, run)) for run in runs.every(common)
             if wanted in (None, run.todo.casefold())]  # fmt: skip
    return [one for one in found if state in (None, one.state)]


def one(workspace: Workspace, id: str) -> Known:
    """Return a run by its id."""
    found = runs.get(workspace.repo.common_dir, id)
    return Known(found, runs.state_of(workspace.repo.common_dir, found))


def output(workspace: Workspace, run: Run) -> str | None:
    """Return what was kept of what the driver printed; None if there is nothing."""
    try:
        with open(runs.place_of(workspace.repo.common_dir, run.id, "output"), "rb") as file:
            return file.read(_TAIL).decode("utf-8", "replace")
    except OSError:
        return None


def cancel(workspace: Workspace, id: str, waiting: Callable[[], None] | None = None) -> Run:
    """End a run and wait until its todo was told; return it."""
    common = workspace.repo.common_dir
    found = one(workspace, id)
    if found.run.settled:
        raise InvalidError(
            f"{found.run.id} is over: {found.run.outcome}.", hint=f"coord run show {found.run.id}"
        )
    runs.ask_to_end(common, found.run)
    if waiting is not None:
        waiting()
    give_up = time.monotonic() + _PATIENCE
    while not (run := runs.get(common, found.run.id)).settled:
        settling_runs.recover(workspace, {run.todo})
        if time.monotonic() > give_up:
            raise ConflictError(
                f"{run.id} has not ended yet.", hint=f"It was told to; `coord run show {run.id}`"
            )
        time.sleep(_PAUSE)
    return run


def clean(workspace: Workspace, older: datetime | None, *, dry_run: bool = False) -> list[Cleaned]:
    """Clear away runs that are over and old enough, with worktrees in which nothing would be lost."""
    common = workspace.repo.common_dir
    if not dry_run:
        settling_runs.recover(workspace)
    found = []
    for run in runs.every(common):
        if not run.settled or leases.is_held(common, run.todo):
            continue
        if older is not None and datetime.fromisoformat(run.ended or run.started) > older:
            continue
        kept = _kept(run)
        found.append(Cleaned(run, kept))
        if not kept and not dry_run:
            _clear(common, run)
    return found


def _kept(run: Run) -> str:
    """Return why the worktree of a run stays; nothing if it can go."""
    tree = settling_runs.tree_of(run)
    if tree is None or not os.path.lexists(tree.path):
        return ""
    left = worktrees.left(tree)
    if left.tip is None:
        return left.astray
    if left.uncommitted:
        return f"{left.uncommitted[0]} and more is not committed" if len(left.uncommitted) > 1 else (
            f"{left.uncommitted[0]} is not committed")  # fmt: skip
    return ""


def _clear(common: str, run: Run) -> None:
    tree = settling_runs.tree_of(run)
    if tree is None or worktrees.remove(run.folder, tree, run.id) or not os.path.lexists(tree.path):
        runs.forget(common, run)
