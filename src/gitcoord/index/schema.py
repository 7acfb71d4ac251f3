"""The tables of the index, and how its file is opened.

Everything in it is derived. A file of another version, a damaged one, or one on a disk
that cannot be written is replaced or done without, never reported as a fault.
"""

from __future__ import annotations

import os
import sqlite3

VERSION = 1

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE folder (path TEXT PRIMARY KEY, checksum INTEGER) WITHOUT ROWID;
CREATE TABLE file (n INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, folder TEXT NOT NULL,
  mtime INTEGER, size INTEGER, ino INTEGER, digest TEXT);
CREATE INDEX file_folder ON file (folder);
CREATE TABLE record (n INTEGER PRIMARY KEY, id TEXT NOT NULL, kind TEXT NOT NULL,
  path TEXT NOT NULL UNIQUE, title TEXT, status TEXT, priority INTEGER, severity TEXT,
  assignee TEXT, created INTEGER, updated INTEGER, stated INTEGER, target TEXT, issue TEXT, plan TEXT,
  milestone TEXT, type TEXT, estimated_hours REAL, actual_hours REAL,
  open INTEGER NOT NULL, archived INTEGER NOT NULL,
  ready INTEGER NOT NULL DEFAULT 0, blocked INTEGER NOT NULL DEFAULT 0,
  cyclic INTEGER NOT NULL DEFAULT 0, blocks INTEGER NOT NULL DEFAULT 0,
  worth INTEGER NOT NULL DEFAULT 0, open_blockers TEXT NOT NULL DEFAULT '[]',
  repos TEXT NOT NULL DEFAULT '', sort TEXT NOT NULL, json TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX record_id ON record (id);
CREATE INDEX record_sort ON record (archived, sort);
CREATE INDEX record_status ON record (kind, status, archived, sort);
CREATE INDEX record_ready ON record (worth, sort) WHERE ready = 1;
CREATE INDEX record_blocked ON record (worth, sort) WHERE blocked = 1;
CREATE TABLE value (n INTEGER NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL COLLATE NOCASE);
CREATE INDEX value_by ON value (field, value, n);
CREATE INDEX value_of ON value (n);
CREATE TABLE link (n INTEGER NOT NULL, src TEXT NOT NULL, dst TEXT NOT NULL,
  type TEXT NOT NULL, field TEXT NOT NULL);
CREATE INDEX link_of ON link (n);
CREATE INDEX link_src ON link (src, type, dst);
CREATE INDEX link_dst ON link (dst, type, src);
CREATE TABLE finding (n INTEGER NOT NULL, path TEXT NOT NULL, line INTEGER, "column" INTEGER,
  id TEXT, field TEXT, code TEXT NOT NULL, severity TEXT NOT NULL, message TEXT NOT NULL,
  hint TEXT NOT NULL);
CREATE INDEX finding_of ON finding (n);
CREATE TABLE term (term TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE VIRTUAL TABLE text USING fts5 (terms, content='', detail=none,
  tokenize="unicode61 remove_diacritics 0");
CREATE TABLE walked (c INTEGER PRIMARY KEY, oid TEXT NOT NULL UNIQUE, time INTEGER NOT NULL);
CREATE TABLE touched (c INTEGER NOT NULL, path TEXT NOT NULL);
CREATE INDEX touched_path ON touched (path);
CREATE INDEX touched_c ON touched (c);
"""


def connect(path: str) -> sqlite3.Connection:
    """Open an index file, making it anew when it is missing, damaged or of another version.

    Falls back to an index in memory where the disk cannot be written.
    """
    try:
        found = _open(path)
    except sqlite3.DatabaseError:
        found = None
    if found is not None:
        return found
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        remove(path)
        return _create(path)
    except (OSError, sqlite3.OperationalError):
        return _create(":memory:")


def remove(path: str) -> None:
    """Delete an index file and what SQLite keeps beside it."""
    for tail in ("", "-wal", "-shm", "-journal"):
        try:
            os.unlink(path + tail)
        except FileNotFoundError:
            continue


def _open(path: str) -> sqlite3.Connection | None:
    if not os.path.exists(path):
        return None
    connection = sqlite3.connect(path, isolation_level=None, timeout=60)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == VERSION:
            connection.execute("PRAGMA synchronous = OFF")
            return connection
    except sqlite3.DatabaseError:
        connection.close()
        raise
    connection.close()
    return None


def _create(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=60)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
        for statement in _TABLES.split(";\n"):
            if statement.strip():
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")
    return connection
