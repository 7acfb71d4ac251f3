"""Git's own locks of refs, held in a way that tells whose they are.

A lock is `REF.lock`, as git makes it. Ours is a hard link to a file of ours besides: one
that a killed process has left is known for what it is by that, and the next writer, who
holds a lock that keeps other writers of coord away, takes it away. Git's are never broken.
"""

from __future__ import annotations

import os


def hold(passing: str, lock: str, content: str) -> None:
    """Take a lock, with what the ref is to say in it; `FileExistsError` when it is taken."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        descriptor = os.open(passing, flags, 0o666)
    except FileExistsError:
        # The last writer was killed between here and the end of `let_go`.
        let_go(passing, lock)
        descriptor = os.open(passing, flags, 0o666)
    try:
        os.write(descriptor, f"{content}\n".encode())
    finally:
        os.close(descriptor)
    try:
        os.link(passing, lock)
    except OSError:
        os.unlink(passing)
        raise


def let_go(passing: str, lock: str) -> None:
    """Drop a lock if it is ours, which being one file with `passing` proves."""
    for path in (lock, passing):
        try:
            if os.path.samefile(passing, path):
                os.unlink(path)
        except FileNotFoundError:
            continue  # the lock was renamed into place, or never taken
