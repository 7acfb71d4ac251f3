"""Read `.session-buddy/skill_metrics.json` of a repository, and nothing else, without touching it.

The file belongs to another program, which rewrites it whole on every save. What was read
counts only if the file was the same before and after; else it is read again. No symbolic link
is followed, so a repository cannot have a file from elsewhere read, and nothing but a plain
file is opened for good: a FIFO in its place keeps nobody waiting.
"""

from __future__ import annotations

import os
import stat
import time
from hashlib import blake2b
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FOLDER, FILE = ".session-buddy", "skill_metrics.json"
NAME = f"{FOLDER}/{FILE}"
MAX_BYTES = 128 * 1024 * 1024
"""A hundred thousand invocations with long texts beside them have half of that."""

_TRIES = 5
_PAUSE = 0.05
_SETTLED = 2.0


class Unreadable(Exception):  # noqa: N818 - it is no error of ours, but what a file is
    """Why a file was not read; `absent` where there is none."""

    def __init__(self, reason: str, *, absent: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.absent = absent


class Stamp(NamedTuple):
    """By which a file is recognised without reading it."""

    size: int
    changed: int
    number: int


class Source(NamedTuple):
    """A file as it was at one moment."""

    stamp: Stamp
    content: bytes
    digest: str


def stamp(folder: str) -> Stamp:
    """Return by what the file of a repository is recognised; raise `Unreadable`."""
    descriptor = _open(folder)
    try:
        return _checked(descriptor)
    finally:
        os.close(descriptor)


def read(folder: str, *, largest: int = MAX_BYTES) -> Source:
    """Return the file of a repository; raise `Unreadable`, also where it never holds still."""
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(_PAUSE)
        found = _read(folder, largest)
        if found is not None:
            return found
    raise Unreadable("it was being written all the time; nothing of it was taken")


def settled(one: Stamp, read_at: float) -> bool:
    """Whether a file was old enough when it was read for its time to tell of every change since."""
    return read_at - one.changed / 1e9 > _SETTLED


def _read(folder: str, largest: int) -> Source | None:
    descriptor = _open(folder)
    try:
        before = _checked(descriptor, largest)
        digest, parts, left = blake2b(digest_size=16), [], largest + 1
        while left > 0:
            part = os.read(descriptor, min(1 << 20, left))
            if not part:
                break
            digest.update(part)
            parts.append(part)
            left -= len(part)
        content = b"".join(parts)
        if _of(os.fstat(descriptor)) != before or len(content) != before.size:
            return None
    finally:
        os.close(descriptor)
    try:  # a writer that renames has put another file in its place meanwhile
        if stamp(folder) != before:
            return None
    except Unreadable:
        return None
    return Source(before, content, digest.hexdigest())


def _open(folder: str) -> int:
    """Open the file below a folder, each step without following a link."""
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    above = -1
    try:
        above = os.open(os.path.join(folder, FOLDER), flags | os.O_DIRECTORY)
        return os.open(FILE, flags, dir_fd=above)
    except FileNotFoundError:
        raise Unreadable(f"there is no {NAME}", absent=True) from None
    except OSError as error:
        raise Unreadable(_why(folder, error)) from None
    finally:
        if above >= 0:
            os.close(above)


def _why(folder: str, error: OSError) -> str:
    for path in (FOLDER, NAME):
        if os.path.islink(os.path.join(folder, path)):
            return f"{path} is a symbolic link, which is not followed"
    return f"{NAME} cannot be opened: {error.strerror}"


def _checked(descriptor: int, largest: int = MAX_BYTES) -> Stamp:
    found: Any = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        raise Unreadable(f"{NAME} is no file")
    if found.st_size > largest:
        raise Unreadable(f"it has {found.st_size:,} bytes; more than {largest:,} are not read")
    return _of(found)


def _of(found: os.stat_result) -> Stamp:
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ino)
