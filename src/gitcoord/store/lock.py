"""One writer at a time, by a lock that the kernel releases when its holder dies."""

from __future__ import annotations

import fcntl
import os
import time

from gitcoord.errors import ConflictError, SystemRefusedError

_PATIENCE = 120.0


class Lock:
    """An exclusive lock on a hub, shared by all work trees of one repository.

    Locks of different names do not know each other: the journal's writers need not wait
    for those of records. Who waits longer than `patience` raises a `ConflictError`.
    """

    __slots__ = ("_descriptor", "_path", "_patience")

    def __init__(self, common_dir: str, name: str = "lock", patience: float = _PATIENCE) -> None:
        self._patience = patience
        self._path = os.path.join(common_dir, "coord", name)
        self._descriptor = -1

    def __enter__(self) -> Lock:
        try:
            self._descriptor = self._opened()
        except OSError as error:
            raise SystemRefusedError(
                f"{self._path} cannot be opened: {error.strerror}.",
                hint="coord writes below the git directory; is the disk read-only or full?",
            ) from None
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _opened(self) -> int:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        try:
            return os.open(self._path, flags, 0o666)
        except FileNotFoundError:
            from gitcoord.git import own  # the first time

            own.make(os.path.dirname(self._path))
            return os.open(self._path, flags, 0o666)

    def __exit__(self, *_: object) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _wait(self) -> None:
        give_up = time.monotonic() + self._patience
        pause = 0.002
        while True:
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > give_up:
                    raise ConflictError(
                        f"Another coord has held {self._path} for {self._patience:.0f} seconds.",
                        hint="Wait for it, or end it; the lock goes with its process.",
                    ) from None
            time.sleep(pause)
            pause = min(pause * 1.3, 0.03)


class Folder:
    """Lets one process at a time change the files of a folder that no hub's lock is for.

    The folder itself is locked, so nothing is left behind; it is made where there is none.
    """

    __slots__ = ("_descriptor", "_path")

    def __init__(self, path: str) -> None:
        self._path = path

    def __enter__(self) -> None:
        os.makedirs(self._path, exist_ok=True)
        self._descriptor = os.open(self._path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        except OSError:
            return  # a file system without locks: renames still keep each file whole

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)
