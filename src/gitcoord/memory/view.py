"""The attempts of the journal in tables, brought up to date when they are asked for.

They are kept in one file for all work trees, `coord/attempts.db` in the git directory, and
stand at one commit of the journal. It is derived, may be deleted at any time, and equals
one made anew whatever was appended, merged or pruned. On a disk that cannot be written it
is made in memory.
"""

from __future__ import annotations

import os

from gitcoord.index import schema
from gitcoord.journal import reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

    from gitcoord.git.repository import Repository

VERSION = 2
TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE attempt (n INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, id TEXT NOT NULL,
  text INTEGER NOT NULL, time REAL NOT NULL, day INTEGER NOT NULL, repo TEXT NOT NULL, type TEXT,
  strategy TEXT, agent TEXT, stage TEXT, session TEXT, run TEXT, claimed INTEGER,
  confirmed INTEGER, confirmed_at REAL, recommended TEXT, variant TEXT, duration REAL,
  json TEXT NOT NULL);
CREATE TABLE outcome (path TEXT PRIMARY KEY, attempt TEXT NOT NULL, worked INTEGER NOT NULL,
  time REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE click (path TEXT PRIMARY KEY, time REAL NOT NULL, query TEXT NOT NULL,
  place INTEGER NOT NULL, hits TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE message (n INTEGER PRIMARY KEY, words TEXT NOT NULL UNIQUE);
CREATE TABLE posting (word TEXT PRIMARY KEY, messages BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE tally (strategy TEXT NOT NULL, type TEXT, day INTEGER NOT NULL,
  claimed_good INTEGER, claimed_bad INTEGER, good INTEGER, bad INTEGER);
CREATE TABLE follow (strategy TEXT PRIMARY KEY, shown INTEGER NOT NULL, followed INTEGER NOT NULL)
  WITHOUT ROWID;
CREATE INDEX attempt_text ON attempt (text);
CREATE INDEX attempt_id ON attempt (id);
CREATE INDEX attempt_run ON attempt (run);
CREATE INDEX attempt_time ON attempt (time);
CREATE INDEX outcome_attempt ON outcome (attempt);
"""
_TRIES = 5


def opened(repo: Repository) -> sqlite3.Connection:
    """Return a connection that sees all attempts up to the journal's tip, until it is closed."""
    path = os.path.join(repo.common_dir, "coord", "attempts.db")
    tip = reading.tip(repo)
    return schema.brought_up(path, TABLES, VERSION, lambda one: _moved(one, repo, tip))


def _moved(connection: sqlite3.Connection, repo: Repository, tip: str | None) -> sqlite3.Connection:
    try:
        for _ in range(_TRIES):
            connection.execute("BEGIN")
            if _stand(connection) == tip:
                return connection
            connection.execute("ROLLBACK")
            _move(connection, repo, tip)
    except BaseException:
        connection.close()
        raise
    connection.close()  # others keep moving it elsewhere
    return _moved(schema.connect(":memory:", TABLES, VERSION), repo, tip)


def _stand(connection: sqlite3.Connection) -> str | None:
    found = connection.execute("SELECT value FROM meta WHERE key = 'tip'").fetchone()
    return found[0] if found else None


def _move(connection: sqlite3.Connection, repo: Repository, tip: str | None) -> None:
    from gitcoord.memory import build  # parsing: only when something is new

    connection.execute("BEGIN IMMEDIATE")
    try:
        stand = _stand(connection)
        if stand != tip:
            build.update(connection, repo, stand, tip)
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('tip', ?)", (tip,))
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
