"""Bring an index up to what lies on disk, touching only what has changed."""

from __future__ import annotations

import gc

from gitcoord.git import refs
from gitcoord.index import scan, schema
from gitcoord.index import watch as watching
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from typing import Any

    from gitcoord.git.repository import Repository
    from gitcoord.index.scan import Seen

_MANY = 500


def refresh(connection: sqlite3.Connection, repo: Repository, *, watch: bool = True) -> None:
    """Make the index say what the work tree and HEAD say now.

    `watch` allows a watcher to be started for a large store.
    """
    meta = dict(connection.execute("SELECT key, value FROM meta"))
    witness = watching.ask(repo, meta.get("watch"))
    if "files" not in meta:
        stale: dict[str, list[str] | None] = dict.fromkeys(layout.FOLDERS)
    elif witness is not None and witness.names is not None:
        stale = _named(witness.names)
    else:
        stale = _stale_folders(connection, repo)
    head = refs.head(repo) or ""
    if stale or head != meta.get("head", ""):
        _update(connection, repo, stale, head, fresh="files" not in meta)
    if witness is not None and witness.token != meta.get("watch"):
        _put(connection, "watch", witness.token)
    elif watch and witness is None and meta.get("files", 0) >= _MANY:
        watching.begin(repo)


def _stale_folders(connection: sqlite3.Connection, repo: Repository) -> dict[str, list[str] | None]:
    known = dict(connection.execute("SELECT path, checksum FROM folder"))
    return {
        folder: None
        for folder in layout.FOLDERS
        if scan.checksum(repo.root, folder) != (known.get(folder) or 0)
    }


def _named(names: list[str]) -> dict[str, list[str] | None]:
    """Sort changed paths by their folder; a path that is a folder means all of it."""
    stale: dict[str, list[str] | None] = {}
    for name in names:
        if name in layout.FOLDERS:
            stale[name] = None
            continue
        folder, _, file = name.rpartition("/")
        if folder in layout.FOLDERS:
            listed = stale.setdefault(folder, [])
            if listed is not None:
                listed.append(file)
    return stale


def _update(
    connection: sqlite3.Connection,
    repo: Repository,
    stale: dict[str, list[str] | None],
    head: str,
    *,
    fresh: bool,
) -> None:
    from gitcoord.index import derive  # only when something has changed

    if fresh:
        schema.fill_quickly(connection)
    connection.execute("BEGIN IMMEDIATE")
    collecting = gc.isenabled()
    gc.disable()  # plain data has no cycles, and looking for them takes a third of the time
    try:
        row = connection.execute("SELECT value FROM meta WHERE key = 'head'").fetchone()
        old = row[0] if row else ""
        running = _begun(repo, old, head) if head and head != old else None
        if not old and connection.execute("SELECT 1 FROM file LIMIT 1").fetchone() is None:
            from gitcoord.index import first  # only the first time

            first.fill(connection, repo, running, head)
        else:
            changes = _Changes()
            now = scan.clock()
            for folder, names in stale.items():
                _compare(connection, repo.root, folder, names, changes, now)
            changed, relinked, whole = _replace(connection, repo.root, changes)
            if changed or whole:
                derive.derive(connection, None if whole else changed, relinked)
            _times(connection, repo, running, old, head, changes)
        count = connection.execute("SELECT count(*) FROM file").fetchone()[0]
        _put(connection, "files", count)
        _put(connection, "head", head)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    finally:
        if collecting:
            gc.enable()
    schema.share_again(connection)


def _begun(repo: Repository, old: str, head: str) -> Any:
    from gitcoord.index import touched  # only after a commit

    return touched.start(repo, old or None, head)


class _Changes:
    """The files that came, changed or went, with what was seen of them."""

    __slots__ = ("gone", "seen")

    def __init__(self) -> None:
        self.seen: dict[str, Seen] = {}
        self.gone: list[str] = []


def _compare(
    connection: sqlite3.Connection,
    root: str,
    folder: str,
    names: list[str] | None,
    changes: _Changes,
    now: int,
) -> None:
    # `0` follows `/`: all paths below the folder.
    where, words, check = "path > ? AND path < ?", [f"{folder}/", f"{folder}0"], 0
    if names is None:
        found, check = scan.listing(root, folder)
    else:
        found = scan.look(root, folder, names)
        where = f"path IN ({','.join('?' * len(names))})"
        words = [f"{folder}/{name}" for name in names]
    known = {
        path: (mtime, size, ino)
        for path, mtime, size, ino in connection.execute(
            f"SELECT path, mtime, size, ino FROM file WHERE {where}", words
        )
    }
    restless = False
    for name, seen in found.items():
        path = f"{folder}/{name}"
        if known.pop(path, None) == (seen.mtime, seen.size, seen.ino):
            continue
        if not scan.settled(seen, now):
            seen.mtime = -1
            restless = True
        changes.seen[path] = seen
    changes.gone += known
    if names is None:
        connection.execute(
            "INSERT OR REPLACE INTO folder VALUES (?, ?)",
            (folder, scan.RESTLESS if restless else check),
        )
    elif restless:
        connection.execute("UPDATE folder SET checksum = -2 WHERE path = ?", (folder,))


def _replace(
    connection: sqlite3.Connection, root: str, changes: _Changes
) -> tuple[set[str], set[str], bool]:
    """Exchange the rows of changed files; return changed ids, relinked ids, and whether all."""
    if not changes.seen and not changes.gone:
        return set(), set(), False
    from gitcoord.index import replace  # parsing: only when a file has changed

    return replace.replace(connection, root, changes.seen, changes.gone)


def _times(
    connection: sqlite3.Connection,
    repo: Repository,
    running: Any,
    old: str,
    head: str,
    changes: _Changes,
) -> None:
    """Set `updated` of every record that HEAD or the work tree says something new about."""
    paths: set[str] | None = set(changes.seen)
    asked: set[str] | None = set()
    if running is not None:
        from gitcoord.index import touched

        asked = touched.update(connection, repo, old or None, running, head)
        paths = {*changes.seen, *asked} if old else None
        asked = asked if old else None
    elif not head and old:
        from gitcoord.index import touched

        touched.clear(connection)
        connection.execute("UPDATE file SET head = NULL")
        paths = asked = None
    if paths is not None and not paths:
        return
    if head and asked is not None:  # files that were not there before may be in HEAD all the same
        for path in changes.seen:
            row = connection.execute("SELECT head FROM file WHERE path = ?", (path,)).fetchone()
            if row is None or row[0] is None:
                asked.add(path)
    if head and asked != set():
        from gitcoord.index import touched

        blobs = touched.heads(repo, head, None if asked is None else sorted(asked))
        connection.executemany(
            "UPDATE file SET head = ? WHERE path = ?",
            [(blobs.get(path, ""), path) for path in (blobs if asked is None else asked)],
        )
    _set_times(connection, repo.root, paths)


_COMMITTED = """
UPDATE core SET updated = CASE WHEN stated IS NULL THEN last.time
    WHEN last.times > 1 THEN max(stated, last.time) ELSE stated END FROM (
  SELECT file.n, max(walked.time) AS time, count(*) AS times FROM touched
    JOIN walked USING (c) JOIN file ON file.path = touched.path
  WHERE file.digest = file.head GROUP BY file.n
) AS last WHERE last.n = core.n
"""
"""What a record says of itself holds until a later commit changes it."""
_DIFFERENT = """
SELECT path, mtime, digest IS NOT head AND coalesce(head, '') <> '' AS edited FROM file
WHERE digest IS NOT head OR NOT EXISTS (SELECT 1 FROM touched WHERE touched.path = file.path)
"""
_WRITTEN = """
UPDATE core SET updated = CASE WHEN stated IS NULL THEN ?1
    WHEN ?2 THEN max(stated, coalesce(?1, stated)) ELSE stated END
WHERE n = (SELECT n FROM file WHERE path = ?3)
"""


def _set_times(connection: sqlite3.Connection, root: str, paths: set[str] | None) -> None:
    """Take the time of the last commit that touched a file, or its own where it differs from HEAD."""
    committed, different = _COMMITTED, _DIFFERENT
    each: list[tuple[str, ...]] = [()]
    if paths is not None:
        committed = committed.replace("GROUP BY", "AND file.path = ? GROUP BY")
        different = f"SELECT * FROM ({different}) WHERE path = ?"
        each = [(path,) for path in paths]
    for words in each:
        connection.execute(committed, words)
        for path, mtime, edited in connection.execute(different, words).fetchall():
            connection.execute(_WRITTEN, (scan.file_time(root, path, mtime), edited, path))


def _put(connection: sqlite3.Connection, key: str, value: Any) -> None:
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
