"""An index that is up to date: of the work tree, or of any commit.

The work tree's index is refreshed each time it is opened. A commit never changes, so its
index is made once and kept, the most recently used ones.
"""

from __future__ import annotations

import os

from gitcoord.index import schema
from gitcoord.index.refresh import refresh
from gitcoord.store import intent, layout
from gitcoord.store.lock import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

    from gitcoord.git.repository import Repository

_KEPT = 8


def work_tree(repo: Repository, *, watch: bool = True) -> sqlite3.Connection:
    """Return the index of the work tree as it is now."""
    turn = _quiet_turn(repo)
    path = os.path.join(repo.git_dir, "coord", "index.db")

    def bring(connection: sqlite3.Connection) -> sqlite3.Connection:
        refresh(connection, repo, watch=watch)
        if _is_written(repo) or intent.turn(repo.git_dir) != turn:
            _look_again(connection, repo, watch)
        return connection

    return schema.brought_up(path, schema.TABLES, schema.VERSION, bring)


def _quiet_turn(repo: Repository) -> int:
    """Return the turn of a moment at which nobody carried out an intent; wait for it if need be."""
    while True:
        turn = intent.turn(repo.git_dir)
        if not _is_written(repo):
            return turn
        _wait_for_writer(repo)


def _is_written(repo: Repository) -> bool:
    return os.path.exists(intent.file_of(repo.git_dir))


def _wait_for_writer(repo: Repository) -> None:
    """Let a transaction under way end, or finish the one a dead process left behind."""
    from gitcoord.store.recovery import recover  # rare

    with Lock(repo.common_dir):
        recover(repo)


def _look_again(connection: sqlite3.Connection, repo: Repository, watch: bool) -> None:
    """Read what a transaction changed while we looked, of which we may have seen one half."""
    from gitcoord.store.recovery import recover  # rare

    with Lock(repo.common_dir):
        recover(repo)
        refresh(connection, repo, watch=watch)


def at_commit(repo: Repository, commit: str) -> sqlite3.Connection:
    """Return the index of the records as a commit has them."""
    path = _of_commit(repo, f"{commit}.db")

    def bring(connection: sqlite3.Connection) -> sqlite3.Connection:
        if _holds_a_commit(connection):
            if os.path.exists(path):
                os.utime(path)
        elif _build(connection, repo, commit):
            _prune(os.path.dirname(path), path)
        return connection

    return schema.brought_up(path, schema.TABLES, schema.VERSION, bring)


def beside_commit(repo: Repository, commit: str, name: str) -> str:
    """Return the path of what else is derived from a commit; it goes when the index goes."""
    return _of_commit(repo, f"{commit}-{name}")


def _of_commit(repo: Repository, name: str) -> str:
    return os.path.join(repo.common_dir, "coord", "at", name)


def _holds_a_commit(connection: sqlite3.Connection) -> bool:
    question = "SELECT value FROM meta WHERE key = 'commit'"
    return connection.execute(question).fetchone() is not None


def _build(connection: sqlite3.Connection, repo: Repository, commit: str) -> bool:
    """Fill an empty index from a commit; tell whether we did, and nobody meanwhile."""
    from gitcoord.index import past  # parsing: only the first time

    connection.execute("BEGIN IMMEDIATE")
    try:
        ours = not _holds_a_commit(connection)
        if ours:
            past.build(connection, repo, commit)
            connection.execute("INSERT INTO meta VALUES ('commit', ?)", (commit,))
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return ours


def _prune(folder: str, keep: str) -> None:
    """Forget the indexes of commits that were not asked about for longest."""
    try:
        names = os.listdir(folder)
        found = [os.path.join(folder, name) for name in names if _is_index(name)]
        found.sort(key=os.path.getmtime, reverse=True)
    except OSError:
        return
    from gitcoord.index import anew  # after a build

    for path in found[_KEPT:]:
        if path != keep and os.path.getmtime(keep) - os.path.getmtime(path) > 60:
            anew.remove(path)
            for name in names:
                if name.startswith(os.path.basename(path).removesuffix(".db") + "-"):
                    anew.remove(os.path.join(folder, name))


def _is_index(name: str) -> bool:
    return name.endswith(".db") and "-" not in name


def staged(repo: Repository) -> sqlite3.Connection:
    """Return an index, in memory, of the records as they are staged."""
    from gitcoord.git import objects  # only for what is staged
    from gitcoord.index import past

    connection = schema.connect(":memory:")
    past.fill(connection, repo, objects.staged(repo, layout.ROOT))
    return connection


def as_it_was(repo: Repository) -> sqlite3.Connection:
    """Return the work tree's index as it was last left, without looking at the work tree."""
    return schema.connect(os.path.join(repo.git_dir, "coord", "index.db"))
