"""What is kept of a repository whatever HEAD stands on: what merging gave, and which branches were seen.

What merging gave is derived and never changes. Which branches there were at which moment
stands nowhere in git: when this file is deleted, they are unknown until the next time.
"""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.git import altered
from gitcoord.git.objects import blob_id
from gitcoord.index import native, schema
from gitcoord.metrics.git import memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from gitcoord.metrics.git.place import Place

VERSION = 2
TABLES = """
CREATE TABLE outcome (altered TEXT NOT NULL, parents TEXT NOT NULL, paths TEXT NOT NULL,
  PRIMARY KEY (altered, parents)) WITHOUT ROWID;
CREATE TABLE branch (name TEXT NOT NULL, remotes TEXT NOT NULL, seen INTEGER, gone INTEGER);
CREATE TABLE listing (first INTEGER NOT NULL);
"""


class Listed(NamedTuple):
    """The branches that were seen: name, when it came (None: before anybody looked), when it went.

    `since` is when they were listed for the first time, `before` whether that was earlier
    than this time.
    """

    branches: list[tuple[str, int | None, int | None]]
    since: int | None
    before: bool


class Kept:
    """The opened file; a disk that refuses to write costs only time the next time."""

    __slots__ = ("_altered", "_connection")

    def __init__(self, hub: str | None, place: Place) -> None:
        path = memory.path_of(hub, place, "kept.db") if hub else ":memory:"
        self._altered = blob_id(altered.state(place.repo).encode())
        self._connection: sqlite3.Connection = schema.connect(path, TABLES, VERSION)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def outcomes(self, wanted: Sequence[str]) -> dict[str, list[str]]:
        """Return the paths in conflict of those merges that were made again before."""
        query = "SELECT parents, paths FROM outcome WHERE altered = ?"
        rows = dict(self._connection.execute(query, (self._altered,)))
        return {one: rows[one].split("\0") if rows[one] else [] for one in wanted if one in rows}

    def keep_outcomes(self, done: Mapping[str, list[str]]) -> None:
        """Remember what came of merges."""
        rows = [(self._altered, parents, "\0".join(paths)) for parents, paths in done.items()]
        self._write("INSERT OR REPLACE INTO outcome VALUES (?, ?, ?)", rows)

    def list_branches(
        self, here: Mapping[str, str], created: Mapping[str, int], now: int
    ) -> Listed:
        """Compare the branches that are here with those of the last time, and keep the difference.

        `here` has for each branch the remotes that have it, "" being this clone; `created`
        says of some when they came, the others came now. What comes or goes with a whole
        remote is neither created nor deleted.
        """
        before = self._since()
        if before is None or here != self._known():
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                self._note(here, created, now)
                self._connection.execute("COMMIT")
            except native.OperationalError:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
        rows = self._connection.execute("SELECT name, seen, gone FROM branch").fetchall()
        return Listed(rows, self._since(), before is not None)

    def _note(self, here: Mapping[str, str], created: Mapping[str, int], now: int) -> None:
        execute = self._connection.execute
        known, first = self._known(), self._since() is None  # another one may have been quicker
        old, new = _remotes(known), _remotes(here)
        for name in sorted(here.keys() - known.keys()):
            was_there = first or not old & set(here[name].split("\n"))
            seen = created.get(name, None if was_there else now)
            execute("INSERT INTO branch VALUES (?, ?, ?, NULL)", (name, here[name], seen))
        for name in sorted(known.keys() - here.keys()):
            if new & set(known[name].split("\n")):
                update = "UPDATE branch SET gone = ? WHERE name = ? AND gone IS NULL"
                execute(update, (now, name))
            else:
                execute("DELETE FROM branch WHERE name = ? AND gone IS NULL", (name,))
        for name in here.keys() & known.keys():
            update = "UPDATE branch SET remotes = ? WHERE name = ? AND gone IS NULL"
            execute(update, (here[name], name))
        if first:
            execute("INSERT INTO listing VALUES (?)", (now,))

    def _since(self) -> int | None:
        found: int | None = self._connection.execute("SELECT min(first) FROM listing").fetchone()[0]
        return found

    def _known(self) -> dict[str, str]:
        return dict(self._connection.execute("SELECT name, remotes FROM branch WHERE gone IS NULL"))

    def _write(self, statement: str, rows: Sequence[tuple[str, ...]]) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(statement, rows)
            self._connection.execute("COMMIT")
        except native.OperationalError:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


def _remotes(branches: Mapping[str, str]) -> set[str]:
    """Return the remotes that have any branch; this clone counts as one that is always there."""
    return {"", *(remote for remotes in branches.values() for remote in remotes.split("\n"))}
