"""Documents that can be searched: their words in a full-text index, and which have a vector.

A corpus is one SQLite file below the git directory: the records of a work tree, the commits
of the ecosystem. It is derived, and safe to delete. Whoever fills it knows what a document
is; here it has a number, a key, words, and a version that tells when it changed.
"""

from __future__ import annotations

from gitcoord.index import schema
from gitcoord.search.terms import with_humps

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable

VERSION = 4
_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE doc (n INTEGER PRIMARY KEY, key TEXT NOT NULL, kind TEXT NOT NULL,
  repo TEXT NOT NULL, time INTEGER, version TEXT NOT NULL,
  title TEXT NOT NULL, tags TEXT NOT NULL, body TEXT NOT NULL, past TEXT NOT NULL,
  paths TEXT NOT NULL);
CREATE INDEX doc_key ON doc (key);
CREATE INDEX doc_repo ON doc (repo, time);
CREATE VIRTUAL TABLE words USING fts5 (title, tags, body, past, content='',
  tokenize="porter unicode61 remove_diacritics 2");
CREATE TABLE vector (n INTEGER PRIMARY KEY, slot INTEGER NOT NULL UNIQUE, said TEXT NOT NULL);
CREATE TABLE free (slot INTEGER PRIMARY KEY);
CREATE TABLE waiting (n INTEGER PRIMARY KEY);
"""
WEIGHTS = (4.0, 3.0, 1.0, 0.3)
"""How much a word counts in the title, the tags, the body, and in what was said before."""

_TEXTS = "title, tags, body, past"
_SAID = 2000


class Document:
    """One document; `key` is the id of a record or the name of a commit.

    `paths` are the files that a commit touches, one a line.
    """

    __slots__ = (
        "body", "key", "kind", "n", "past", "paths", "repo", "tags", "time", "title", "version",
    )  # fmt: skip

    def __init__(
        self, n: int, key: str, kind: str, repo: str, time: int | None, version: str,
        *, title: str, tags: str = "", body: str = "", past: str = "", paths: str = "",
    ) -> None:  # fmt: skip
        self.n = n
        self.key = key
        self.kind = kind
        self.repo = repo
        self.time = time
        self.version = version
        self.title = title
        self.tags = tags
        self.body = body
        self.past = past
        self.paths = paths


def opened(path: str) -> sqlite3.Connection:
    """Open a corpus; it is empty when it is new, was damaged or cannot be written."""
    return schema.connect(path, _TABLES, VERSION)


def brought_up(path: str, catch_up: Callable[[sqlite3.Connection], None]) -> sqlite3.Connection:
    """Open a corpus and bring it up to date; begin anew where it proves to be damaged."""

    def bring(connection: sqlite3.Connection) -> sqlite3.Connection:
        catch_up(connection)
        return connection

    return schema.brought_up(path, _TABLES, VERSION, bring)


class transaction:  # noqa: N801 - called like a function; contextlib would cost more to load
    """Lets everything inside happen together, or not at all."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._connection.execute("COMMIT")
        elif self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


def meta(connection: sqlite3.Connection, key: str) -> str:
    """Return what was noted under a key, nothing when nothing was."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else ""


def note(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Note a value under a key."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def said(title: str, body: str) -> str:
    """Return the part of a document from which its vector is made."""
    return f"{title}\n{body}".strip()[:_SAID]


def digest(text: str) -> str:
    """Return what tells one text from another."""
    from hashlib import blake2b  # only when something is taken in

    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def put(connection: sqlite3.Connection, documents: Iterable[Document]) -> None:
    """Add documents, or replace those of the same number; inside a transaction."""
    for one in documents:
        _unsay(connection, one.n)
        texts = (one.title, one.tags, one.body, one.past)
        connection.execute(
            "INSERT INTO doc VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (one.n, one.key, one.kind, one.repo, one.time, one.version, *texts, one.paths),
        )
        connection.execute(
            f"INSERT INTO words (rowid, {_TEXTS}) VALUES (?, ?, ?, ?, ?)",
            (one.n, *map(with_humps, texts)),
        )
        known = connection.execute("SELECT said FROM vector WHERE n = ?", (one.n,)).fetchone()
        if known is None or known[0] != digest(said(one.title, one.body)):
            forget_vectors(connection, [one.n])
            connection.execute("INSERT OR IGNORE INTO waiting VALUES (?)", (one.n,))


def drop(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Take documents out; inside a transaction."""
    for n in numbers:
        _unsay(connection, n)
        forget_vectors(connection, [n])
        connection.execute("DELETE FROM waiting WHERE n = ?", (n,))


def _unsay(connection: sqlite3.Connection, n: int) -> None:
    row = connection.execute(f"SELECT {_TEXTS} FROM doc WHERE n = ?", (n,)).fetchone()
    if row is not None:
        connection.execute(
            f"INSERT INTO words (words, rowid, {_TEXTS}) VALUES ('delete', ?, ?, ?, ?, ?)",
            (n, *map(with_humps, row)),
        )
        connection.execute("DELETE FROM doc WHERE n = ?", (n,))


def forget_vectors(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Take away the vectors of documents; inside a transaction."""
    for n in numbers:
        connection.execute("INSERT OR IGNORE INTO free SELECT slot FROM vector WHERE n = ?", (n,))
        connection.execute("DELETE FROM vector WHERE n = ?", (n,))
