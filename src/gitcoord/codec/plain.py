"""The bytes of a file that anybody may have committed.

Only a plain file counts: no link is followed (a commit must not be able to name a file
outside the store), nothing waits for a pipe, and no more than a limit is read.
"""

from __future__ import annotations

import os


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


def linked(root: str, path: str) -> bool:
    """Whether a path below a folder is a symbolic link, or lies in one."""
    at = path.find("/")
    while at >= 0:
        if os.path.islink(f"{root}/{path[:at]}"):
            return True
        at = path.find("/", at + 1)
    return os.path.islink(f"{root}/{path}")
