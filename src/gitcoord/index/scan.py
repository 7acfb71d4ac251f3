"""Notice which files of the store have changed since the index last looked.

One stat pass over each folder gives a checksum; only a folder whose checksum differs
is compared file by file. A file touched a moment ago may change again without its
stat showing it, so it is looked at again next time.
"""

from __future__ import annotations

import os
import stat
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_FINE = 60_000_000  # ns: younger than this may still change within one tick of the clock
RESTLESS = -2
"""A checksum that no pass returns twice: the folder is looked at again next time."""
_COARSE = 2_100_000_000  # the same on file systems that count whole seconds
_PASSING = (".npy", "~", ".swp", ".tmp")


class Seen:
    """What one stat pass saw of a file; `kind` is the file type bits of its mode."""

    __slots__ = ("ino", "kind", "mtime", "size")

    def __init__(self, mtime: int, size: int, ino: int, kind: int) -> None:
        self.mtime = mtime
        self.size = size
        self.ino = ino
        self.kind = kind


def checksum(root: str, folder: str) -> int:
    """Return a number that changes when any file of a folder does; 0 for no folder.

    The names need not take part: a rename, like every creation and deletion, shows in the
    folder's own time.
    """
    path = os.path.join(root, folder)
    try:
        own = os.lstat(path)
    except OSError:
        return 0
    total = hash((own.st_mtime_ns, own.st_ino, own.st_mode))
    if stat.S_ISDIR(own.st_mode):
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    total += weight(entry.stat(follow_symlinks=False))
        except FileNotFoundError:
            return RESTLESS  # a file went while we looked
    return closed(total)


def listing(root: str, folder: str) -> tuple[dict[str, Seen], int]:
    """Return every file of a folder that could be a record, by name, and the folder's checksum."""
    path = os.path.join(root, folder)
    found: dict[str, Seen] = {}
    try:
        own = os.lstat(path)
    except OSError:
        return found, 0
    total = hash((own.st_mtime_ns, own.st_ino, own.st_mode))
    if not stat.S_ISDIR(own.st_mode):
        return found, closed(total)
    with os.scandir(path) as entries:
        for entry in entries:
            try:
                seen = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                return look(root, folder, os.listdir(path)), RESTLESS
            total += weight(seen)
            if _could_be(entry.name):
                found[entry.name] = _seen(seen)
    return found, closed(total)


def names(root: str, folder: str) -> tuple[list[tuple[str, bool]], int]:
    """Return the paths of a folder that could be records, and the checksum of all else in it.

    With each path comes whether it is a plain file. When the `weight` of each is added, `closed`
    gives the folder's checksum.
    """
    path = os.path.join(root, folder)
    found: list[tuple[str, bool]] = []
    try:
        own = os.lstat(path)
        total = hash((own.st_mtime_ns, own.st_ino, own.st_mode))
        with os.scandir(path) as entries:
            for entry in entries:
                if _could_be(entry.name):
                    found.append((f"{folder}/{entry.name}", entry.is_file(follow_symlinks=False)))
                else:
                    total += weight(entry.stat(follow_symlinks=False))
    except NotADirectoryError:
        return [], total
    except OSError:
        return found, 0  # no folder, or a file went while we looked: looked at again next time
    return found, total


def weight(seen: os.stat_result) -> int:
    """Return what a file adds to the checksum of its folder."""
    return hash((seen.st_mtime_ns, seen.st_size, seen.st_ino, seen.st_mode))


def closed(total: int) -> int:
    """Return the checksum of a folder of which everything is added; 0 for no folder."""
    return total and (total & 0x7FFFFFFFFFFFFFFF or 1)


def look(root: str, folder: str, names: Iterable[str]) -> dict[str, Seen]:
    """Return what is there of the named files of a folder."""
    found = {}
    for name in names:
        if _could_be(name):
            try:
                found[name] = _seen(os.lstat(os.path.join(root, folder, name)))
            except OSError:
                continue
    return found


def is_text(name: str) -> bool:
    """Whether a file's name is UTF-8; another one fits into no index and no JSON."""
    return name.isascii() or not any("\ud800" <= ch <= "\udfff" for ch in name)


def is_passing(name: str) -> bool:
    """Whether a file is nobody's record by its name: hidden, an editor's, or derived."""
    return name.startswith(".") or name.endswith(_PASSING)


def _could_be(name: str) -> bool:
    # Asked of every file of a store: a call of `is_passing` would cost a list some per cent.
    return is_text(name) and not name.startswith(".") and not name.endswith(_PASSING)


def _seen(found: os.stat_result) -> Seen:
    kind = stat.S_IFMT(found.st_mode)
    return Seen(found.st_mtime_ns, found.st_size, found.st_ino, kind)


def file_time(root: str, path: str, mtime: int) -> int | None:
    """Return when an uncommitted file was written."""
    if mtime < 0:
        try:
            mtime = os.stat(os.path.join(root, path)).st_mtime_ns
        except OSError:
            return None
    return mtime // 1_000_000_000


def settled(seen: Seen, now: int) -> bool:
    """Whether a file is old enough for its stat to be trusted."""
    young = _COARSE if seen.mtime % 1_000_000_000 == 0 else _FINE
    return now - seen.mtime > young


def clock() -> int:
    """Return the time in nanoseconds that file times are compared with."""
    return time.time_ns()
