"""Write a file whole or not at all."""

from __future__ import annotations

import os

from gitcoord.errors import SystemRefusedError


def read(path: str, limit: int) -> bytes | None:
    """Return a file's bytes (at most `limit` + 1 of them), or None when there is no such file.

    A symbolic link is never followed: a record must not be able to name a file outside
    the store. It reads as empty.
    """
    try:
        return look(path, limit)[0]
    except FileNotFoundError:
        return None
    except OSError:
        return b""


def look(path: str, limit: int) -> tuple[bytes, os.stat_result]:
    """Return a file's bytes as `read` does, and what the file was before; raise `OSError`."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        seen = os.fstat(descriptor)
        size = seen.st_size
        content = os.read(descriptor, min(size, limit) + 1)
        while len(content) > size and len(content) <= limit:
            more = os.read(descriptor, limit + 1 - len(content))
            if not more:
                break
            content += more
        return content, seen
    finally:
        os.close(descriptor)


def replace(path: str, content: bytes, *, sync: bool = True, mode: int | None = None) -> None:
    """Put new content in a file's place by a rename; a crash leaves the old or the new one.

    Its caller holds the lock of the hub or of the folder.
    """
    folder, name = os.path.split(path)
    # One name for all: writers hold the lock, and a crashed one's leftover is overwritten.
    passing = os.path.join(folder, f".{name}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        descriptor = os.open(passing, flags, 0o666)
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)
        descriptor = os.open(passing, flags, 0o666)
    try:
        if mode is not None:
            os.fchmod(descriptor, mode)
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
        if sync:
            os.fsync(descriptor)
    except BaseException:
        os.close(descriptor)
        os.unlink(passing)
        raise
    os.close(descriptor)
    os.rename(passing, path)


def change(path: str, content: bytes) -> None:
    """Put new content in the place of a file that is not coord's own; who may read it stays."""
    try:
        mode = os.stat(path, follow_symlinks=False).st_mode & 0o777
    except FileNotFoundError:
        mode = None
    replace(path, content, mode=mode)


def remove(path: str) -> None:
    """Remove a file; one that is gone already is fine."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return


def refused(path: str, error: OSError) -> SystemRefusedError:
    """Turn the system's refusal to write into an error with the next step."""
    return SystemRefusedError(
        f"{path} cannot be written: {error.strerror}.",
        hint="Nothing was changed. Is the disk read-only or full, or the file another user's?",
    )
