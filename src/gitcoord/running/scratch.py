"""A folder for as long as one piece of work takes; it goes also when we are killed.

Whoever makes one holds a lock in it, which the kernel frees when he dies. Who makes the
next one removes those that nobody holds.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = "coord-scratch-"
_HELD = ".held"


@contextlib.contextmanager
def folder(above: str | None = None) -> Iterator[str]:
    """Make a new folder in another one, by default that for temporary files; remove it at the end."""
    place = above or tempfile.gettempdir()
    _sweep(place)
    path, held = _made(place)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(held)


def _made(place: str) -> tuple[str, int]:
    while True:
        path = tempfile.mkdtemp(prefix=_NAME, dir=place)
        held = os.open(os.path.join(path, _HELD), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if _lock(held) and os.fstat(held).st_nlink:
            return path, held
        os.close(held)  # it was swept before it was held


def _sweep(place: str) -> None:
    for name in os.listdir(place):
        if not name.startswith(_NAME):
            continue
        path = os.path.join(place, name)
        try:
            held = os.open(os.path.join(path, _HELD), os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
        except OSError:  # somebody else's, or only just begun
            continue
        try:
            if _lock(held):
                shutil.rmtree(path, ignore_errors=True)
        finally:
            os.close(held)


def _lock(held: int) -> bool:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
