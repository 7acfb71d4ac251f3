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
_RESTLESS = -2
"""A checksum that no pass returns twice: the folder is looked at again next time."""
_COARSE = 2_100_000_000  # the same on file systems that count whole seconds


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
                    seen = entry.stat(follow_symlinks=False)
                    total += hash((seen.st_mtime_ns, seen.st_size, seen.st_ino, seen.st_mode))
        except FileNotFoundError:
            return _RESTLESS  # a file went while we looked
    return total & 0x7FFFFFFFFFFFFFFF or 1


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
        return found, total & 0x7FFFFFFFFFFFFFFF or 1
    with os.scandir(path) as entries:
        for entry in entries:
            try:
                seen = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                return look(root, folder, os.listdir(path)), _RESTLESS
            total += hash((seen.st_mtime_ns, seen.st_size, seen.st_ino, seen.st_mode))
            if _could_be(entry.name):
                found[entry.name] = _seen(seen)
    return found, total & 0x7FFFFFFFFFFFFFFF or 1


def names(root: str, folder: str) -> list[tuple[str, bool]]:
    """Return the paths of a folder that could be records, and whether each is a plain file."""
    try:
        with os.scandir(os.path.join(root, folder)) as entries:
            return [
                (f"{folder}/{entry.name}", entry.is_file(follow_symlinks=False))
                for entry in entries
                if _could_be(entry.name)
            ]
    except OSError:
        return []


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


def _could_be(name: str) -> bool:
    return (
        is_text(name)
        and not name.startswith(".")
        and not name.endswith((".npy", "~", ".swp", ".tmp"))
    )


def _seen(found: os.stat_result) -> Seen:
    kind = stat.S_IFMT(found.st_mode)
    return Seen(found.st_mtime_ns, found.st_size, found.st_ino, kind)


def settled(seen: Seen, now: int) -> bool:
    """Whether a file is old enough for its stat to be trusted."""
    young = _COARSE if seen.mtime % 1_000_000_000 == 0 else _FINE
    return now - seen.mtime > young


def clock() -> int:
    """Return the time in nanoseconds that file times are compared with."""
    return time.time_ns()
