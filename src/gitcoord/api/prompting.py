"""What the prompt of a run is made of: the todo, what stands above it, and what came before."""

from __future__ import annotations

import json

from gitcoord.api import read
from gitcoord.errors import NotFoundError
from gitcoord.execution import runs
from gitcoord.execution.prompt import Page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.proving import Proof
    from gitcoord.api.runnable import Todo
    from gitcoord.api.workspace import Workspace
    from gitcoord.execution.runs import Run


def page(workspace: Workspace, todo: Todo, run: Run, proof: Proof) -> Page:
    """Return the page of a run; its branch is not known before there is a worktree."""
    above = [_data(workspace, todo.data.get(field)) for field in ("issue", "plan")]
    checks = [
        (one.text, one.judged.check.command if one.judged else "", one.runs)
        for one in proof.criteria
    ]
    return Page(
        todo=todo.data, above=[one for one in above if one], after=_after(workspace, todo),
        worktree=run.worktree or "", branch="", base=run.base or "", checks=checks,
        notes=_before(workspace, run),
    )  # fmt: skip


def _data(workspace: Workspace, id: Any) -> dict[str, Any]:
    if not isinstance(id, str):
        return {}
    try:
        found: dict[str, Any] = json.loads(read.get(workspace, id).json())
    except NotFoundError:
        return {}
    return found


def _after(workspace: Workspace, todo: Todo) -> list[tuple[str, str]]:
    """Return the records that stood before the todo, with their statuses."""
    rows = workspace.view().execute(
        "SELECT r.id, r.status FROM link l JOIN record r ON r.id = l.dst"
        " WHERE l.src = ? AND l.type = 'waits' ORDER BY r.sort",
        (todo.id,),
    )
    return [(str(id), str(status)) for id, status in rows]


def _before(workspace: Workspace, run: Run) -> list[str]:
    """Return what came of the last run of the same todo, if it came to nothing."""
    former = [one for one in runs.every(workspace.repo.common_dir)
              if one.todo == run.todo and one.id != run.id and one.outcome]  # fmt: skip
    if not former:
        return []
    last = former[0]
    where = f"; its commits are on {last.branch}" if last.commits and last.branch else ""
    return [
        f"The last run ({last.id}) {last.outcome}: {last.reason or 'no reason is known'}{where}."
    ]
