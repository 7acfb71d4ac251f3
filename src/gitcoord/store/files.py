"""Write a file whole or not at all."""

from __future__ import annotations

import os

from gitcoord.codec.plain import look, read
from gitcoord.errors import SystemRefusedError

__all__ = ["change", "look", "read", "refused", "remove", "replace"]


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
