"""The commits that can be reached from HEAD, remembered, and brought up to date when asked for.

There is one file a work tree, `coord/git/` in the hub's git directory. What is new is read,
what can no longer be reached (another branch, a rebase) is taken out, so the tables never
depend on the way by which they came there. It can be deleted at any moment.
"""

from __future__ import annotations

import os

from gitcoord.errors import GitError
from gitcoord.git import altered
from gitcoord.git.objects import blob_id
from gitcoord.index import anew, schema

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

    from gitcoord.metrics.git.place import Place

VERSION = 1
TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE person (who INTEGER PRIMARY KEY, name TEXT NOT NULL, mail TEXT NOT NULL,
  UNIQUE (name, mail));
CREATE TABLE commits (c INTEGER PRIMARY KEY, oid TEXT NOT NULL UNIQUE, rank INTEGER NOT NULL,
  time INTEGER NOT NULL, made INTEGER NOT NULL, zone INTEGER NOT NULL, who INTEGER NOT NULL,
  parents INTEGER NOT NULL, kind TEXT, scope TEXT, breaking INTEGER NOT NULL, subject TEXT NOT NULL);
CREATE TABLE path (p INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE change (c INTEGER NOT NULL, status TEXT NOT NULL, p INTEGER NOT NULL, old INTEGER);
CREATE TABLE merge (c INTEGER PRIMARY KEY, parents TEXT NOT NULL);
CREATE INDEX commits_time ON commits (time);
CREATE INDEX change_c ON change (c);
"""
_TRIES = 5


def opened(hub: str | None, place: Place) -> sqlite3.Connection:
    """Return a connection that sees, until it is closed, the commits up to HEAD.

    `hub` is the hub's shared git directory; without one nothing is remembered.
    """
    path = path_of(hub, place, "db") if hub else ":memory:"
    return schema.brought_up(path, TABLES, VERSION, lambda one: _moved(one, place))


def path_of(hub: str, place: Place, ending: str) -> str:
    """Return a file of a work tree's own; two clones of one name never share one."""
    digest = blob_id(os.fsencode(os.path.realpath(place.repo.git_dir)))
    return os.path.join(hub, "coord", "git", f"{digest[:20]}.{ending}")


def forget(hub: str, place: Place) -> None:
    """Delete all that is remembered of a work tree."""
    for ending in ("db", "kept.db"):
        anew.discard(path_of(hub, place, ending))


def stand(connection: sqlite3.Connection) -> dict[str, str]:
    """Return where the tables stand, and what was noticed on the way there."""
    return dict(connection.execute("SELECT key, value FROM meta"))


def _moved(connection: sqlite3.Connection, place: Place) -> sqlite3.Connection:
    """Begin to read where the tables stand at HEAD; move them there first if they do not."""
    wanted = {
        "commit": place.commit or "",
        "branch": place.branch or "",
        "altered": altered.state(place.repo),
    }
    try:
        for _ in range(_TRIES):
            connection.execute("BEGIN")
            found = stand(connection)
            if all(found.get(key) == value for key, value in wanted.items()):
                return connection
            connection.execute("ROLLBACK")
            _move(connection, place, wanted)
    except BaseException:
        connection.close()
        raise
    # Others keep moving it elsewhere.
    connection.close()
    return _moved(schema.connect(":memory:", TABLES, VERSION), place)


def _move(connection: sqlite3.Connection, place: Place, wanted: dict[str, str]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        before = stand(connection)
        if any(before.get(key) != value for key, value in wanted.items()):
            same = before.get("altered") == wanted["altered"]
            gone = _fill(connection, place, before.get("commit") or None if same else None)
            rewritten = gone > 0 and before.get("branch") == wanted["branch"] != ""
            rows = {
                **wanted,
                "rewritten": str(gone) if rewritten else "0",
                "rewritten_from": before.get("commit", "") if rewritten else "",
            }
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", rows.items())
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _fill(connection: sqlite3.Connection, place: Place, old: str | None) -> int:
    """Bring the commits from those of `old` to those of HEAD; return how many went."""
    from gitcoord.metrics.git import filling, log  # mostly nothing is new

    if place.commit is None or old is None:
        filling.clear(connection)
    if place.commit is None or place.commit == old:
        return 0
    held = _held(connection)
    try:
        return filling.update(connection, place, log.start(place.repo, old, place.commit))
    except GitError:
        if old is None and not place.promised:
            raise
    # The old commit is gone from the repository, or contents are not here: begin anew.
    filling.clear(connection)
    blobs = not place.promised
    filling.update(connection, place, log.start(place.repo, None, place.commit, blobs=blobs))
    if not blobs:
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('exact', '1')")
    return max(0, held - _held(connection))


def _held(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM commits").fetchone()[0])
