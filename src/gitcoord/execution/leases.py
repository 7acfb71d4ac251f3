"""Who runs a todo: a lock that the kernel frees when the last process that holds it is gone.

Whoever runs a todo holds its lease, and so does the process that watches over the driver:
as long as a driver may be at work its todo is not begun again, also when coord itself was killed.
All work trees of one hub share the leases; two clones do not know of each other.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager

from gitcoord.errors import SystemRefusedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class Lease:
    """The right to run one todo; `descriptor` can be handed on to a process that shares it."""

    __slots__ = ("descriptor",)

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def close(self) -> None:
        """Give it back; it is free once everybody who shares it has gone too."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def __enter__(self) -> Lease:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def take(common_dir: str, todo: str) -> Lease | None:
    """Return the lease of a todo, or None while somebody else has it."""
    with _gate(common_dir):
        return _try(common_dir, todo)


def is_held(common_dir: str, todo: str) -> bool:
    """Whether a todo is being run just now."""
    if not os.path.exists(_path(common_dir, todo)):
        return False
    with _gate(common_dir):
        taken = _try(common_dir, todo)
        if taken is not None:
            taken.close()
    return taken is None


def _try(common_dir: str, todo: str) -> Lease | None:
    descriptor = _open(_path(common_dir, todo))
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return Lease(descriptor)


@contextmanager
def _gate(common_dir: str) -> Iterator[None]:
    """Let one at a time try, so that a mere look is never taken for a holder."""
    descriptor = _open(_path(common_dir, ".gate"))
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _path(common_dir: str, name: str) -> str:
    return os.path.join(common_dir, "coord", "leases", name)


def _open(path: str) -> int:
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
    except OSError as error:
        raise SystemRefusedError(
            f"{path} cannot be opened: {error.strerror}.",
            hint="Leases lie below the git directory; is the disk read-only or full?",
        ) from None
