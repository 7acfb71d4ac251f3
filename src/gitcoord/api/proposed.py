"""Check what is about to be recorded: the staged records before a commit, commits before a push.

Only files that change are read. What was wrong before and is left as it was is told apart
from what the change brings in, so that an old fault never stands in the way of other work.
"""

from __future__ import annotations

from gitcoord.git import changes, process, refs
from gitcoord.model.findings import ERROR
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

    from gitcoord.api.workspace import Workspace
    from gitcoord.git.changes import Change
    from gitcoord.model.findings import Finding

_MANY = 200
_STAGED = ("100644 ", " 0")
_COMMITTED = ("100644 blob ", "")


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
    listing = changes.listing(repo, layout.ROOT, env)
    base = refs.head(repo) or changes.empty_tree(repo)
    proposed = changes.found(changes.staged(repo, base, layout.ROOT, env))
    return _check(workspace, proposed, listing, _STAGED)


def check_commit(workspace: Workspace, base: str | None, commit: str) -> list[Proposed]:
    """Return what is wrong with the records that a commit has other than its base (None: all)."""
    repo = workspace.repo
    listing = changes.listing_of(repo, commit, layout.ROOT)
    old = base or changes.empty_tree(repo)
    proposed = changes.found(changes.between(repo, old, commit, layout.ROOT))
    return _check(workspace, proposed, listing, _COMMITTED)


def _check(
    workspace: Workspace,
    proposed: list[Change],
    listing: process.Running,
    form: tuple[str, str],
) -> list[Proposed]:
    """Lay over the index what the listed state has other than it, and judge the proposed."""
    result = listing.wait()
    if result.code:
        raise process.failed(("ls-files",), result)
    if not proposed:
        return []
    from gitcoord.api import judging  # only when a record changes

    connection, hidden, lines = _difference(workspace, result.out, form)
    state = judging.State(workspace.repo, proposed)
    for line in lines:
        words, _, path = line.partition("\t")
        mode, _, rest = words.partition(" ")
        if form is _COMMITTED or rest.endswith(" 0"):
            state.lay(path, rest.removeprefix("blob ").partition(" ")[0], mode)
    judge = judging.Judge(state.over(connection, hidden), state)
    return [Proposed(finding, old) for finding, old in judge.judge()]


def _difference(
    workspace: Workspace, listed: bytes, form: tuple[str, str]
) -> tuple[sqlite3.Connection, list[str], list[str]]:
    """Return the index, its files that a state lacks, and the lines of the state it lacks.

    The index need not be up to date for that, so no time is spent on looking at the work
    tree; only one that knows too little is refreshed first.
    """
    from gitcoord.index import native, overlay, view  # only when a record changes

    text = listed.decode("utf-8", "surrogateescape")
    connection = workspace.held(view.as_it_was(workspace.repo))
    try:
        connection.execute("BEGIN")
        hidden, lines = overlay.difference(connection, text, form)
        if len(lines) <= _MANY:
            return connection, hidden, lines
    except native.DatabaseError:
        pass  # damaged where opening it did not show; refreshing makes it anew
    connection.close()
    connection = workspace.view()
    return connection, *overlay.difference(connection, text, form)
