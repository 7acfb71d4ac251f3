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
            return -1  # a file went while we looked: a number no pass has stored
    return total & 0x7FFFFFFFFFFFFFFF or 1


def listing(root: str, folder: str) -> dict[str, Seen]:
    """Return every file of a folder that could be a record, by name; {} for no folder."""
    path = os.path.join(root, folder)
    if os.path.islink(path) or not os.path.isdir(path):
        return {}
    with os.scandir(path) as entries:
        names = [entry.name for entry in entries]
    return look(root, folder, names)


def look(root: str, folder: str, names: Iterable[str]) -> dict[str, Seen]:
    """Return what is there of the named files of a folder."""
    found = {}
    for name in names:
        if name.startswith(".") or name.endswith((".npy", "~", ".swp", ".tmp")):
            continue
        try:
            seen = os.lstat(os.path.join(root, folder, name))
        except OSError:
            continue
        found[name] = Seen(seen.st_mtime_ns, seen.st_size, seen.st_ino, stat.S_IFMT(seen.st_mode))
    return found


def settled(seen: Seen, now: int) -> bool:
    """Whether a file is old enough for its stat to be trusted."""
    young = _COARSE if seen.mtime % 1_000_000_000 == 0 else _FINE
    return now - seen.mtime > young


def clock() -> int:
    """Return the time in nanoseconds that file times are compared with."""
    return time.time_ns()
