"""Bring the stored events from one commit to another, both ways.

What a commit did to the records is derived from it and its parents alone, once. So the
table always holds the events of exactly the commits that can be reached: those that came
are added, those that are no longer reachable (another branch, a rebase) taken out.
"""

from __future__ import annotations

import gc
import marshal

from gitcoord.errors import GitError
from gitcoord.git import walk
from gitcoord.history import cases, meaning
from gitcoord.history.versions import Versions
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator
    from typing import Any

    from gitcoord.git import process
    from gitcoord.git.repository import Repository
    from gitcoord.git.walk import Commit
    from gitcoord.history.cases import Case

_MANY = 1000


def update(
    connection: sqlite3.Connection,
    repo: Repository,
    old: str | None,
    new: str,
    running: process.Stream,
) -> None:
    """Bring the tables from what can be reached from `old` to what can be from `new`.

    `running` lists the commits between the two.
    """
    collecting = gc.isenabled()
    gc.disable()  # plain data has no cycles, and looking for them takes a third of the time
    try:
        _Build(connection, repo).take(walk.commits(running))
    except GitError:
        if old is None:
            raise
        clear(connection)  # the old commit is gone from the repository: begin anew
        _Build(connection, repo).take(walk.commits(walk.start(repo, None, new, layout.ROOT)))
    finally:
        if collecting:
            gc.enable()


def clear(connection: sqlite3.Connection) -> None:
    """Forget everything."""
    for table in ("commits", "event", "renumbering"):
        connection.execute(f"DELETE FROM {table}")


class _Build:
    """One walk: the places of its commits in the order of time, and the contents it has read."""

    __slots__ = ("_connection", "_places", "_repo", "_versions")

    def __init__(self, connection: sqlite3.Connection, repo: Repository) -> None:
        self._connection = connection
        self._repo = repo
        self._places: dict[str, tuple[int, int]] = {}
        self._versions = Versions(repo)

    def take(self, commits: Iterable[Commit]) -> None:
        """Take in what changes, some commits at a time, while git walks on."""
        for some in _portions(commits):
            self._remove([commit.oid for commit in some if commit.left])
            self._add([commit for commit in some if not commit.left])
            self._versions.shrink()

    def _remove(self, oids: list[str]) -> None:
        execute = self._connection.execute
        for oid in oids:
            row = execute("SELECT c FROM commits WHERE oid = ?", (oid,)).fetchone()
            if row is not None:
                for table in ("event", "renumbering", "commits"):
                    execute(f"DELETE FROM {table} WHERE c = ?", row)

    def _add(self, commits: list[Commit]) -> None:
        beside = cases.look(self._repo, [ask for one in commits for ask in cases.asked(one)])
        found = [cases.of_commit(commit, beside) for commit in commits]
        rivals = [self._rivals(one, some) for one, some in zip(commits, found, strict=True)]
        self._versions.load([blob for some in found for case in some for blob in case.blobs()])
        rows: list[tuple[Any, ...]] = []
        for commit, some, other in zip(commits, found, rivals, strict=True):
            c = self._number(commit)
            told = meaning.facts(some, other, self._versions) if some else []
            for seq, fact in enumerate(told):
                content = marshal.dumps((fact.old, fact.new))
                rows.append((c, seq, fact.id, fact.kind, fact.event, fact.field, content))
                if fact.source:
                    self._connection.execute(
                        "INSERT INTO renumbering VALUES (?, ?, ?, ?)",
                        (c, fact.old, fact.new, fact.source),
                    )
        self._connection.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def _rivals(self, commit: Commit, found: list[Case]) -> dict[str, list[cases.Rival]]:
        """Return for each parent the records that may go on under another id."""
        if all(case.old for case in found):
            return {}
        if len(commit.parents) < 2:
            some = [cases.Rival(case.key, case.old[0], case.new) for case in found if case.old]
            return {commit.parents[0]: some} if some else {}
        return {
            parent: cases.differing(self._repo, parent, commit.oid)
            for parent in dict.fromkeys(commit.parents)
        }

    def _number(self, commit: Commit) -> int:
        """Store a commit, placed in the order of time but never before its parents."""
        before = [self._place(parent) for parent in commit.parents]
        rank = max([commit.time, *[place[0] for place in before]])
        height = 1 + max([place[1] for place in before], default=0)
        self._places[commit.oid] = (rank, height)
        cursor = self._connection.execute(
            "INSERT INTO commits (oid, rank, height, time, author, mail, parents)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                commit.oid,
                rank,
                height,
                commit.time,
                commit.author,
                commit.mail,
                " ".join(commit.parents),
            ),
        )
        return int(cursor.lastrowid or 0)

    def _place(self, oid: str) -> tuple[int, int]:
        place = self._places.get(oid)
        if place is None:
            query = "SELECT rank, height FROM commits WHERE oid = ?"
            place = self._connection.execute(query, (oid,)).fetchone() or (0, 0)
            self._places[oid] = place
        return place


def _portions(commits: Iterable[Commit]) -> Iterator[list[Commit]]:
    """Yield commits in portions that touch about as many files."""
    portion: list[Commit] = []
    size = 0
    for commit in commits:
        portion.append(commit)
        size += 1 + len(commit.touches)
        if size >= _MANY:
            yield portion
            portion, size = [], 0
    yield portion
