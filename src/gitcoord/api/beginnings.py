"""The commit at which the worktree of a run begins.

That is where the repository stands, unless the todo builds on others that were run and are not
merged yet: then it begins at their work. Nothing is merged here, so where several such
branches have gone apart a person has to bring them together first.
"""

from __future__ import annotations

from gitcoord.errors import InvalidError
from gitcoord.execution import runs, worktrees
from gitcoord.execution.outcome import COMPLETED, UNVERIFIED
from gitcoord.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.runnable import Todo
    from gitcoord.api.workspace import Workspace


def base_of(workspace: Workspace, todo: Todo) -> str:
    """Return the commit to begin at; raise `InvalidError` where there is none."""
    folder = todo.folder or ""
    head = worktrees.head_of(folder)
    tips = {branch: tip for branch, tip in _before(workspace, todo, folder)
            if not _holds(folder, head, tip)}  # fmt: skip
    last = {branch: tip for branch, tip in tips.items()
            if all(_holds(folder, tip, other) for other in tips.values())}  # fmt: skip
    if tips and not last:
        raise InvalidError(
            f"{todo.id} builds on {' and '.join(sorted(tips))}, which are not merged.",
            hint=f"Merge them in {folder}, then run it again.",
        )
    return next(iter(last.values()), head)


def _before(workspace: Workspace, todo: Todo, folder: str) -> list[tuple[str, str]]:
    """Return the branches, as they stand now, of runs in the same repository of what it waited for."""
    rows = workspace.view().execute(
        "WITH RECURSIVE before (id) AS (SELECT dst FROM link WHERE src = ?1 AND type = 'waits'"
        " UNION SELECT l.dst FROM before b JOIN link l ON l.src = b.id AND l.type = 'waits')"
        " SELECT id FROM before",
        (todo.id,),
    )
    wanted = {id for (id,) in rows}
    if not wanted:
        return []
    found: dict[str, tuple[str, str]] = {}
    for run in runs.every(workspace.repo.common_dir):
        ended = run.outcome in (COMPLETED, UNVERIFIED) and run.commits
        if run.todo in wanted and ended and run.branch and run.folder == folder:
            found.setdefault(run.todo, (run.branch, _tip(folder, run.branch)))
    return [(branch, tip) for branch, tip in found.values() if tip]


def _tip(folder: str, branch: str) -> str:
    said = process.run(
        folder, "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}^{{commit}}"
    )
    return said.out.decode("ascii", "replace").strip()


def _holds(folder: str, commit: str, other: str) -> bool:
    """Whether a commit's history holds another."""
    return not process.run(folder, "merge-base", "--is-ancestor", other, commit).code
