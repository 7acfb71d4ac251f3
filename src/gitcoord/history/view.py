"""The events of a commit's history, brought up to date when they are asked for.

They are kept in one file for all work trees, `coord/history.db` in the git directory. It
holds what can be reached from the commit that was asked about last; a question about
another one moves it there, at the cost of the commits between the two.
"""

from __future__ import annotations

import os

from gitcoord.git import altered, walk
from gitcoord.index import schema
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

    from gitcoord.git.repository import Repository

VERSION = 3
TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE commits (c INTEGER PRIMARY KEY, oid TEXT NOT NULL UNIQUE, rank INTEGER NOT NULL,
  height INTEGER NOT NULL, time INTEGER NOT NULL, author TEXT NOT NULL, mail TEXT NOT NULL,
  parents TEXT NOT NULL);
CREATE TABLE event (c INTEGER NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL,
  event TEXT NOT NULL, field TEXT, content BLOB NOT NULL);
CREATE TABLE renumbering (c INTEGER NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL,
  source TEXT NOT NULL);
CREATE INDEX event_id ON event (id);
CREATE INDEX event_c ON event (c, seq);
CREATE INDEX commits_order ON commits (rank, height, oid);
"""
_TRIES = 5


def opened(repo: Repository, commit: str) -> sqlite3.Connection:
    """Return a connection that sees, until it is closed, the events up to a commit."""
    path = os.path.join(repo.common_dir, "coord", "history.db")
    return schema.brought_up(path, TABLES, VERSION, lambda one: moved(one, repo, commit))


def moved(connection: sqlite3.Connection, repo: Repository, commit: str) -> sqlite3.Connection:
    """Begin to read where the tables stand at a commit; move them there first if they do not."""
    wanted = (commit, altered.state(repo))
    try:
        for _ in range(_TRIES):
            connection.execute("BEGIN")
            if _stand(connection) == wanted:
                return connection
            connection.execute("ROLLBACK")
            _move(connection, repo, wanted)
    except BaseException:
        connection.close()
        raise
    # Others keep moving it elsewhere.
    connection.close()
    return moved(schema.connect(":memory:", TABLES, VERSION), repo, commit)


def _stand(connection: sqlite3.Connection) -> tuple[str | None, str]:
    found = dict(connection.execute("SELECT key, value FROM meta"))
    return found.get("commit"), found.get("altered", "")


def _move(connection: sqlite3.Connection, repo: Repository, wanted: tuple[str, str]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        stand = _stand(connection)
        if stand != wanted:
            old = stand[0] if stand[1] == wanted[1] else None
            running = walk.start(repo, old, wanted[0], layout.ROOT)
            from gitcoord.history import build  # parsing: read while git is at work

            if old is None:
                build.clear(connection)
            build.update(connection, repo, old, wanted[0], running)
            rows = [("commit", wanted[0]), ("altered", wanted[1])]
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", rows)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
