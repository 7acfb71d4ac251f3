"""Emptying a derived file, so that it can be made anew while others have it open."""

from __future__ import annotations

import fcntl
import os

from gitcoord.index import native

_PATIENCE = 60
"""How many seconds emptying a file waits for others that write it."""

_GOING_ON = (0, 101)
"""SQLite's codes for a step that was taken: SQLITE_OK and SQLITE_DONE."""


def discard(path: str, *, unless_sound: bool = False) -> None:
    """Throw away what an index file holds; nothing is done where that is refused.

    `unless_sound` keeps a file in which SQLite finds no damage: somebody has mended it.
    """
    if path == ":memory:":
        return
    try:
        with Making(path):
            if not (unless_sound and undamaged(path)):
                clear(path)
    except (OSError, native.OperationalError):
        return


class Making:
    """Holds what lets only one process at a time make or take away a file."""

    __slots__ = ("_descriptor", "_path")

    def __init__(self, path: str) -> None:
        self._path = os.path.join(os.path.dirname(path), "making")

    def __enter__(self) -> None:
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)


def clear(path: str) -> None:
    """Empty an index file in place, so that each who has it open keeps what he began to read.

    It is not deleted: SQLite finds a file's log by name. Whoever still had the deleted file
    would read, or delete when he closes it, the log of the file that was made after it.
    """
    if os.path.islink(path) or not os.path.exists(path):
        remove(path)
        return
    empty = native.connect(":memory:")
    into = native.connect(path, isolation_level=None, timeout=_PATIENCE)
    try:
        into.execute("PRAGMA synchronous = OFF")
        empty.backup(into, progress=_copied)
    except native.OperationalError:
        raise
    except native.DatabaseError:
        os.truncate(path, 0)  # not even its head can be read: it has no log
    finally:
        into.close()
        empty.close()


def _copied(status: int, _left: int, _all: int) -> None:
    """End a copy that others did not let begin: SQLite would try for ever."""
    if status not in _GOING_ON:
        raise native.OperationalError("database is locked")


def remove(path: str) -> None:
    """Delete an index file that nobody uses, and what SQLite keeps beside it."""
    for tail in ("", "-wal", "-shm", "-journal"):
        try:
            os.unlink(path + tail)
        except FileNotFoundError:
            continue


def undamaged(path: str) -> bool:
    """Tell whether SQLite finds no damage in a file; that takes as long as to read all of it."""
    connection = native.connect(path, isolation_level=None, timeout=60)
    try:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except native.OperationalError:
        raise
    except native.DatabaseError:
        return False
    finally:
        connection.close()
