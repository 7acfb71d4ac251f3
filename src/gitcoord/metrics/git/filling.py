"""Take the commits of a log into the tables, and those that are gone out of them.

A commit's place in the order of time (`rank`) follows from it and its ancestors alone, so
tables that grew by and by are the same as tables made at once.
"""

from __future__ import annotations

import gc

from gitcoord.metrics.git import log, subjects

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from typing import Any

    from gitcoord.git.process import Stream
    from gitcoord.metrics.git.log import Commit
    from gitcoord.metrics.git.place import Place

_MANY = 2000


def update(connection: sqlite3.Connection, place: Place, running: Stream) -> int:
    """Bring the tables from what a log set out from to HEAD; return how many commits went."""
    collecting = gc.isenabled()
    gc.disable()  # plain data has no cycles, and looking for them takes a third of the time
    try:
        return _Filling(connection, place).take(log.commits(running))
    finally:
        if collecting:
            gc.enable()


def clear(connection: sqlite3.Connection) -> None:
    """Forget all commits."""
    connection.execute("DELETE FROM meta WHERE key = 'exact'")
    for table in ("commits", "change", "merge"):
        connection.execute(f"DELETE FROM {table}")


class _Filling:
    """One log being taken in: the ranks, people and paths it has met."""

    def __init__(self, connection: sqlite3.Connection, place: Place) -> None:
        self._connection = connection
        self._lacking = place.lacking
        self._ranks: dict[str, int] = {}
        select = connection.execute
        self._people: dict[tuple[str, str], int] = {}
        self._paths: dict[str, int] = {}
        self._next: int = select("SELECT coalesce(max(c), 0) FROM commits").fetchone()[0]

    def take(self, commits: Iterable[Commit]) -> int:
        """Take in all commits, some at a time; return how many of the old ones are gone."""
        gone = 0
        rows: list[tuple[Any, ...]] = []
        changes: list[tuple[Any, ...]] = []
        merges: list[tuple[int, str]] = []
        for commit in commits:
            if commit.left:
                gone += 1
                self._remove(commit.oid)
                continue
            self._next += 1
            rows.append(self._row(self._next, commit))
            if len(commit.parents) > 1:
                merges.append((self._next, " ".join(commit.parents)))
            elif (
                commit.oid not in self._lacking
            ):  # its changes are against parents that are not here
                changes += self._changes(self._next, commit)
            if len(rows) >= _MANY:
                self._write(rows, changes, merges)
                rows, changes, merges = [], [], []
        self._write(rows, changes, merges)
        return gone

    def _write(
        self,
        rows: list[tuple[Any, ...]],
        changes: list[tuple[Any, ...]],
        merges: list[tuple[int, str]],
    ) -> None:
        many = self._connection.executemany
        many("INSERT INTO commits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        many("INSERT INTO change VALUES (?, ?, ?, ?)", changes)
        many("INSERT INTO merge VALUES (?, ?)", merges)

    def _remove(self, oid: str) -> None:
        execute = self._connection.execute
        row = execute("SELECT c FROM commits WHERE oid = ?", (oid,)).fetchone()
        if row is not None:
            for table in ("change", "merge", "commits"):
                execute(f"DELETE FROM {table} WHERE c = ?", row)

    def _row(self, c: int, commit: Commit) -> tuple[Any, ...]:
        said = subjects.read(commit.subject, commit.body)
        rank = max([commit.time, *[self._rank(parent) + 1 for parent in commit.parents]])
        self._ranks[commit.oid] = rank
        return (
            c, commit.oid, rank, commit.time, commit.made, commit.zone,
            self._person(commit.name, commit.mail), len(commit.parents), said.kind, said.scope,
            int(said.breaking), commit.subject,
        )  # fmt: skip

    def _rank(self, oid: str) -> int:
        found = self._ranks.get(oid)
        if found is None:
            query = "SELECT rank FROM commits WHERE oid = ?"
            row = self._connection.execute(query, (oid,)).fetchone()
            found = self._ranks[oid] = int(row[0]) if row else 0
        return found

    def _person(self, name: str, mail: str) -> int:
        who = self._people.get((name, mail))
        if who is None:
            select = "SELECT who FROM person WHERE name = ? AND mail = ?"
            insert = "INSERT INTO person (name, mail) VALUES (?, ?)"
            who = self._people[name, mail] = self._number(select, insert, (name, mail))
        return who

    def _number(self, select: str, insert: str, values: tuple[str, ...]) -> int:
        """Return the number of a row, which is made if there is none."""
        row = self._connection.execute(select, values).fetchone()
        if row is not None:
            return int(row[0])
        return int(self._connection.execute(insert, values).lastrowid or 0)

    def _changes(self, c: int, commit: Commit) -> list[tuple[Any, ...]]:
        return [
            (c, one.status, self._path(one.path), None if one.old is None else self._path(one.old))
            for one in commit.changes
        ]

    def _path(self, name: str) -> int:
        found = self._paths.get(name)
        if found is None:
            insert = "INSERT INTO path (name) VALUES (?)"
            found = self._number("SELECT p FROM path WHERE name = ?", insert, (name,))
            self._paths[name] = found
        return found
