"""The tables of the index, and how its file is opened.

Everything in it is derived. A file of another version, a damaged one, or one on a disk
that cannot be written is replaced or done without, never reported as a fault.
"""

from __future__ import annotations

import os

from gitcoord.index import native

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

VERSION = 8

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE folder (path TEXT PRIMARY KEY, checksum INTEGER) WITHOUT ROWID;
CREATE TABLE file (n INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE,
  mtime INTEGER, size INTEGER, ino INTEGER, digest TEXT, head TEXT);
CREATE TABLE core (n INTEGER PRIMARY KEY, id TEXT NOT NULL, kind TEXT NOT NULL,
  path TEXT NOT NULL, title TEXT, status TEXT, priority INTEGER, severity TEXT,
  assignee TEXT, created INTEGER, updated INTEGER, stated INTEGER, target TEXT, issue TEXT, plan TEXT,
  milestone TEXT, type TEXT, estimated_hours REAL, actual_hours REAL,
  open INTEGER NOT NULL, archived INTEGER NOT NULL,
  ready INTEGER NOT NULL DEFAULT 0, blocked INTEGER NOT NULL DEFAULT 0,
  cyclic INTEGER NOT NULL DEFAULT 0, blocks INTEGER NOT NULL DEFAULT 0,
  worth INTEGER NOT NULL DEFAULT 0, open_blockers TEXT NOT NULL DEFAULT '[]',
  repos TEXT NOT NULL DEFAULT '', sort TEXT NOT NULL);
CREATE TABLE content (n INTEGER PRIMARY KEY, json TEXT NOT NULL, body TEXT);
CREATE VIEW record AS SELECT core.*, content.json, content.body
  FROM core LEFT JOIN content ON content.n = core.n;
CREATE TABLE value (n INTEGER NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL COLLATE NOCASE);
CREATE TABLE link (n INTEGER NOT NULL, src TEXT NOT NULL, dst TEXT NOT NULL,
  type TEXT NOT NULL, field TEXT NOT NULL);
CREATE TABLE finding (n INTEGER NOT NULL, path TEXT NOT NULL, line INTEGER, "column" INTEGER,
  id TEXT, field TEXT, code TEXT NOT NULL, severity TEXT NOT NULL, message TEXT NOT NULL,
  hint TEXT NOT NULL);
CREATE INDEX finding_of ON finding (n);
CREATE INDEX value_of ON value (n);
CREATE INDEX link_of ON link (n);
CREATE TABLE vocabulary (terms TEXT NOT NULL);
CREATE TABLE wordless (n INTEGER PRIMARY KEY);
CREATE TABLE term (term TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE VIRTUAL TABLE text USING fts5 (terms, content='', detail=none,
  tokenize="unicode61 remove_diacritics 0");
CREATE TABLE walked (c INTEGER PRIMARY KEY, oid TEXT NOT NULL UNIQUE, time INTEGER NOT NULL);
CREATE TABLE touched (c INTEGER NOT NULL, path TEXT NOT NULL);
"""

BESIDE = """
CREATE INDEX IF NOT EXISTS value_by ON value (field, value, n);
CREATE INDEX IF NOT EXISTS link_src ON link (src, type, dst);
CREATE INDEX IF NOT EXISTS link_dst ON link (dst, type, src);
"""
"""The indexes of what stands beside the records: lists of values, and links."""

INDEXES = f"""{BESIDE}
CREATE INDEX IF NOT EXISTS record_id ON core (id);
CREATE INDEX IF NOT EXISTS record_sort ON core (archived, sort);
CREATE INDEX IF NOT EXISTS record_status ON core (kind, status, archived, sort);
CREATE INDEX IF NOT EXISTS record_ready ON core (worth, sort) WHERE ready = 1;
CREATE INDEX IF NOT EXISTS record_blocked ON core (worth, sort) WHERE blocked = 1;
CREATE INDEX IF NOT EXISTS touched_path ON touched (path);
CREATE INDEX IF NOT EXISTS touched_c ON touched (c);
"""
"""Made apart, because filling the tables first is quicker."""


def connect(path: str, tables: str = TABLES, version: int = VERSION) -> sqlite3.Connection:
    """Open an index file, making it anew when it is missing, damaged or of another version.

    Falls back to an index in memory where the disk cannot be written.
    """
    if path == ":memory:":
        return _create(path, tables, version)
    found = _sound(path, version)
    if found is not None:
        return found
    from gitcoord.git import own
    from gitcoord.index import anew  # only when there is no file yet

    try:
        own.make(os.path.dirname(path))
        with anew.Making(path):
            # Whoever was before us may have made it.
            found = _sound(path, version)
            if found is not None:
                return found
            anew.clear(path)
            return _create(path, tables, version)
    except (OSError, native.OperationalError):
        return _create(":memory:", tables, version)


def brought_up(
    path: str,
    tables: str,
    version: int,
    bring: Callable[[sqlite3.Connection], sqlite3.Connection],
) -> sqlite3.Connection:
    """Open an index file and let `bring` bring it up to date; it returns what shall be used.

    Does without the file where that is locked for long, full or read-only, and begins anew
    where it proves to be damaged.
    """
    for unless_sound in (True, False):
        connection = connect(path, tables, version)
        try:
            return bring(connection)
        except native.OperationalError:
            connection.close()
            return bring(_create(":memory:", tables, version))
        except native.DatabaseError:
            connection.close()
            from gitcoord.index import anew  # rare

            # Ten that find the same damage shall not each throw away what the first made anew.
            anew.discard(path, unless_sound=unless_sound)
        except BaseException:
            connection.close()
            raise
    return bring(connect(path, tables, version))


def _sound(path: str, version: int) -> sqlite3.Connection | None:
    try:
        return _open(path, version)
    except native.DatabaseError:
        return None


def _open(path: str, wanted: int) -> sqlite3.Connection | None:
    if not os.path.exists(path):
        return None
    connection = native.connect(path, isolation_level=None, timeout=60)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == wanted:
            connection.execute("PRAGMA synchronous = OFF")
            return connection
    except native.DatabaseError:
        connection.close()
        raise
    connection.close()
    return None


def _create(path: str, tables: str, version: int) -> sqlite3.Connection:
    connection = native.connect(path, isolation_level=None, timeout=60)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute("PRAGMA user_version").fetchone()[0] != version:
            run_all(connection, tables)
            connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    return connection


def fill_quickly(connection: sqlite3.Connection) -> None:
    """Prepare an empty file for very many rows: they are written once, and not to a log first.

    Nothing is done where somebody else has the file open too. A rollback journal keeps it as
    safe from a kill as before: it holds the few pages that were there.
    """
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except native.OperationalError:
        return
    finally:
        connection.execute("PRAGMA busy_timeout = 60000")
        connection.execute("PRAGMA cache_size = -65536")


def share_again(connection: sqlite3.Connection) -> None:
    """Let others read while one writes, from now on; where they are too many, next time."""
    connection.execute("PRAGMA busy_timeout = 200")
    try:
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
    except native.OperationalError:
        return
    finally:
        connection.execute("PRAGMA busy_timeout = 60000")


def run_all(connection: sqlite3.Connection, statements: str) -> None:
    """Run statements, each ended by a semicolon and a line end."""
    for statement in statements.split(";\n"):
        if statement.strip():
            connection.execute(statement)
