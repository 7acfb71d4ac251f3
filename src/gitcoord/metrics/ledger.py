"""The snapshots of the journal as tables: the latest of each repository, and every figure over time.

Derived and kept in `coord/metrics.db` in the git directory. It holds what stands at one
commit of the journal; when that has moved on, only what was added is read.
"""

from __future__ import annotations

import os

from gitcoord.codec import jsontext
from gitcoord.codec.native import loads
from gitcoord.index import schema
from gitcoord.journal import paths, writing

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from typing import Any

    from gitcoord.git.repository import Repository
    from gitcoord.journal.facts import Fact

VERSION = 1
TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE latest (repo TEXT NOT NULL, name TEXT NOT NULL, second REAL NOT NULL,
  time TEXT NOT NULL, head TEXT, path TEXT NOT NULL, data TEXT NOT NULL,
  PRIMARY KEY (repo, name)) WITHOUT ROWID;
CREATE TABLE point (repo TEXT NOT NULL, metric TEXT NOT NULL, second REAL NOT NULL,
  oid TEXT NOT NULL, time TEXT NOT NULL, value, partial INTEGER NOT NULL,
  definition TEXT, taken REAL NOT NULL, path TEXT NOT NULL,
  PRIMARY KEY (repo, metric, second, oid)) WITHOUT ROWID;
"""
_FOLDER = "snapshots"
_SKIPPED = frozenset(
    {"others", "lowest", "digest", "definition", "partial", "stale", "failed", "whole"}
)


def opened(repo: Repository) -> sqlite3.Connection:
    """Return a connection to tables that stand at the journal's tip."""
    path = os.path.join(repo.common_dir, "coord", "metrics.db")
    return schema.brought_up(path, TABLES, VERSION, lambda one: _current(one, repo))


def _current(connection: sqlite3.Connection, repo: Repository) -> sqlite3.Connection:
    try:
        wanted = writing.tip(repo)
        if _stand(connection) != wanted:
            connection.execute("BEGIN IMMEDIATE")
            try:
                _move(connection, repo, wanted)
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                raise
    except BaseException:
        connection.close()
        raise
    return connection


def _stand(connection: sqlite3.Connection) -> str | None:
    row = connection.execute("SELECT value FROM meta WHERE key = 'tip'").fetchone()
    return row[0] if row else None


def _move(connection: sqlite3.Connection, repo: Repository, wanted: str | None) -> None:
    old = _stand(connection)
    if old == wanted:
        return
    added = _added(repo, old, wanted) if old and wanted else None
    if added is None:
        connection.execute("DELETE FROM latest")
        connection.execute("DELETE FROM point")
        added = _all(repo, wanted) if wanted else []
    for path, fact in _facts(repo, added):
        _take(connection, path, fact)
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('tip', ?)", (wanted,))


def _added(repo: Repository, old: str, new: str) -> list[tuple[str, str]] | None:
    """Return path and blob of what came between two tips; None where anything went away."""
    from gitcoord.git import process  # only when the journal moved

    words = (
        "diff-tree",
        "-r",
        "-z",
        "--raw",
        "--no-renames",
        "--no-abbrev",
        old,
        new,
        "--",
        _FOLDER,
    )
    result = process.run(repo.root, *words)
    if result.code:
        return None
    parts = result.out.decode("utf-8", "surrogateescape").split("\0")
    found = []
    for head, path in zip(parts[0::2], parts[1::2], strict=False):
        _, mode, _, blob, change = head.split(" ")
        if change != "A":
            return None
        if mode.startswith("100"):
            found.append((path, blob))
    return sorted(found)


def _all(repo: Repository, tip: str) -> list[tuple[str, str]]:
    from gitcoord.journal import reading  # only for tables that begin anew

    return reading.listing(repo, tip, [_FOLDER])


def _facts(repo: Repository, files: list[tuple[str, str]]) -> Iterator[tuple[str, Fact]]:
    """Yield the snapshots among some files; what is no sound one is passed over."""
    from gitcoord.codec.read import MAX_BYTES
    from gitcoord.git import objects
    from gitcoord.journal import facts

    known = [one for one in files if paths.place(one[0]) is not None]
    contents = objects.contents(repo, [blob for _, blob in known], MAX_BYTES)
    for (path, _), content in zip(known, contents, strict=True):
        fact = facts.read(path, content) if content is not None else None
        if isinstance(fact, facts.Fact):
            yield path, fact


def _take(connection: sqlite3.Connection, path: str, fact: Fact) -> None:
    taken = fact.time.timestamp()
    for name, section in fact.data.items():
        if not isinstance(section, dict):
            continue
        try:
            text = jsontext.dumps(section)
        except (TypeError, ValueError):  # no plain data: written by something else
            continue
        connection.execute(
            "INSERT INTO latest VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " second = excluded.second, time = excluded.time, head = excluded.head,"
            " path = excluded.path, data = excluded.data WHERE excluded.second >= second",
            (fact.repo, name, taken, fact.time.isoformat(), fact.commit, path, text),
        )
        _points(connection, path, fact, name, section)


def _points(
    connection: sqlite3.Connection, path: str, fact: Fact, name: str, section: dict[str, Any]
) -> None:
    """Add the figures of a section; one that was only carried along is the point it was."""
    from gitcoord.journal import facts

    told = section.get("measured_at")
    moment = (facts.moment(told) if isinstance(told, str) else None) or fact.time
    commit = section.get("commit") if isinstance(section.get("commit"), str) else None
    definition = section.get("definition")
    common = (moment.timestamp(), commit or "", moment.isoformat())
    rest = (int(bool(section.get("partial"))), definition if isinstance(definition, str) else None,
            fact.time.timestamp(), path)  # fmt: skip
    rows = [
        (fact.repo, f"{name}.{figure}", *common, value, *rest)
        for figure, value in _figures(section)
    ]
    connection.executemany(
        "INSERT INTO point VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
        " value = excluded.value, partial = excluded.partial, definition = excluded.definition,"
        " taken = excluded.taken, path = excluded.path WHERE excluded.taken >= taken",
        rows,
    )


def _figures(section: dict[str, Any], above: str = "") -> Iterator[tuple[str, float]]:
    """Yield each number of a section, those one level below as `part.number`."""
    for key, value in section.items():
        if not isinstance(key, str) or key in _SKIPPED:
            continue
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300:
            yield above + key, value
        elif isinstance(value, dict) and not above:
            yield from _figures(value, f"{key}.")


def latest(connection: sqlite3.Connection) -> dict[str, dict[str, dict[str, Any]]]:
    """Return by repository and name the latest sections, each with `snapshot` and `taken_at`."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    rows = connection.execute("SELECT repo, name, time, head, path, data FROM latest")
    for repo, name, time, head, path, data in rows:
        section = {**loads(data), "taken_at": time, "head": head, "snapshot": path}
        found.setdefault(repo, {})[name] = section
    return found


def metrics(connection: sqlite3.Connection, repo: str | None = None) -> list[str]:
    """Return the names of the figures that are known, of all or of one repository."""
    where, values = ("WHERE repo = ?", (repo,)) if repo else ("", ())
    rows = connection.execute(f"SELECT DISTINCT metric FROM point {where} ORDER BY metric", values)
    return [name for (name,) in rows]
