"""What is kept of a repository whatever HEAD stands on: what merging gave, and which branches were seen.

What merging gave is derived and never changes. Which branches there were at which moment
stands nowhere in git: when this file is deleted, they are unknown until the next time.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from gitcoord.git import altered
from gitcoord.index import native, schema
from gitcoord.metrics.git import memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from gitcoord.metrics.git.place import Place

VERSION = 1
TABLES = """
CREATE TABLE outcome (altered TEXT NOT NULL, parents TEXT NOT NULL, paths TEXT NOT NULL,
  PRIMARY KEY (altered, parents)) WITHOUT ROWID;
CREATE TABLE branch (name TEXT NOT NULL, seen INTEGER, gone INTEGER);
CREATE TABLE listing (first INTEGER NOT NULL);
"""


class Listed(NamedTuple):
    """The branches that were seen: name, when it came (None: was there before), when it went.

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
        self._altered = hashlib.sha256(altered.state(place.repo).encode()).hexdigest()[:20]
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

    def list_branches(self, names: Iterable[str], now: int) -> Listed:
        """Compare the branches that are here with those of the last time, and keep the difference."""
        here = set(names)
        before = self._since()
        known = self._known()
        if before is None or here != known:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                self._note(here, now)
                self._connection.execute("COMMIT")
            except native.OperationalError:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
        rows = self._connection.execute("SELECT name, seen, gone FROM branch").fetchall()
        return Listed(rows, self._since(), before is not None)

    def _note(self, here: set[str], now: int) -> None:
        execute, many = self._connection.execute, self._connection.executemany
        known, first = self._known(), self._since() is None  # another one may have been quicker
        seen = None if first else now
        many("INSERT INTO branch VALUES (?, ?, NULL)", [(n, seen) for n in sorted(here - known)])
        update = "UPDATE branch SET gone = ? WHERE name = ? AND gone IS NULL"
        many(update, [(now, name) for name in sorted(known - here)])
        if first:
            execute("INSERT INTO listing VALUES (?)", (now,))

    def _since(self) -> int | None:
        found: int | None = self._connection.execute("SELECT min(first) FROM listing").fetchone()[0]
        return found

    def _known(self) -> set[str]:
        rows = self._connection.execute("SELECT name FROM branch WHERE gone IS NULL")
        return {name for (name,) in rows}

    def _write(self, statement: str, rows: Sequence[tuple[str, ...]]) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(statement, rows)
            self._connection.execute("COMMIT")
        except native.OperationalError:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
