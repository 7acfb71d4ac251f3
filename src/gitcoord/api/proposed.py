"""Check what is about to be recorded: the staged records before a commit, commits before a push.

Only files that change are read. What was wrong before and is left as it was is told apart
from what the change brings in, so that an old fault never stands in the way of other work.
"""

from __future__ import annotations

from gitcoord.git import changes, refs
from gitcoord.index import overlay
from gitcoord.model.findings import ERROR
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace
    from gitcoord.git.changes import Change
    from gitcoord.model.findings import Finding


class Proposed:
    """A finding, and whether it stood there before the change."""

    __slots__ = ("finding", "old")

    def __init__(self, finding: Finding, old: bool) -> None:
        self.finding = finding
        self.old = old

    @property
    def blocks(self) -> bool:
        """Whether the change must not be recorded because of it."""
        return self.finding.severity == ERROR and not self.old


def check_staged(workspace: Workspace, env: dict[str, str] | None = None) -> list[Proposed]:
    """Return what is wrong with the staged records that differ from HEAD.

    The index is that of the hook's environment; `env` adds to it.
    """
    repo = workspace.repo
    head = refs.head(repo)
    comparing = changes.staged(repo, head or changes.empty_tree(repo), layout.ROOT, env)
    missing = changes.missing(repo, head, layout.ROOT) if head else None
    delta = changes.found(comparing)
    gone = changes.found(missing) if missing else []
    if not delta:
        return []
    return _check(workspace, delta, delta, gone)


def check_commit(workspace: Workspace, base: str | None, commit: str) -> list[Proposed]:
    """Return what is wrong with the records that a commit has other than its base (None: all)."""
    repo = workspace.repo
    head = refs.head(repo)
    empty = changes.empty_tree(repo)
    comparing = changes.between(repo, base or empty, commit, layout.ROOT)
    missing = changes.missing(repo, head, layout.ROOT) if head else None
    away = changes.between(repo, head or empty, commit, layout.ROOT)
    proposed, gone = changes.found(comparing), changes.found(missing) if missing else []
    delta = changes.found(away)
    if not proposed:
        return []
    return _check(workspace, proposed, delta, gone)


def _check(
    workspace: Workspace, proposed: list[Change], delta: list[Change], gone: list[Change]
) -> list[Proposed]:
    """Lay over the index what the state has other than the work tree, and judge the proposed.

    `delta` is what the state has other than HEAD, `gone` what of HEAD the work tree lacks.
    """
    from gitcoord.api import judging  # only when a record changes

    state = judging.State(workspace.repo)
    for path, blob in overlay.differing(workspace.view()).items():
        state.lay(path, blob)
    for change in gone:
        state.lay(change.path, change.old, change.old_mode)
    for change in (*delta, *proposed):
        state.lay(change.path, "" if change.gone else change.blob, change.mode)
    judge = judging.Judge(state.over(workspace.view()), state)
    return [Proposed(finding, old) for finding, old in judge.judge(proposed)]
