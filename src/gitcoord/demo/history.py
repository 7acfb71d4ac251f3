"""Commits as plain values, and the one process that writes a whole history of them.

The history is built beside the branch and joins it in one step at the end: a file of the
user's in its way leaves everything as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gitcoord.errors import ConflictError
from gitcoord.git import process

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

_PRIVATE = "refs/coord/demo"


class Commit(NamedTuple):
    """One commit: when, who, why, and the files it writes; None removes one."""

    time: datetime
    author_name: str
    author_email: str
    message: str
    files: dict[str, str | None]


def write(root: str, commits: Iterable[Commit]) -> str:
    """Add commits, oldest first, to the branch that is checked out, with their files.

    Returns the new tip. Raises `ConflictError`, and changes nothing, when a file in the
    work tree stands where the history has one.
    """
    head = process.run(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    old = head.out.decode().strip() if head.code == 0 else ""
    stream = b"".join(_stream(commits, old))
    process.call(root, "fast-import", "--quiet", "--done", "--force", stdin=stream)
    try:
        new = process.call(root, "rev-parse", "--verify", _PRIVATE).decode().strip()
        before = old or process.call(root, "hash-object", "-t", "tree", "--stdin").decode().strip()
        words = ("read-tree", "-m", "-u", before, new)
        result = process.run(root, *words)
        if result.code:
            raise ConflictError(
                "A file stands where the demo would put one of its own.",
                hint=process.failed(words, result).message,
            )
        move = f"update HEAD {new} {old}" if old else f"create HEAD {new}"
        reason = "coord init --demo"
        process.call(root, "update-ref", "--stdin", "-m", reason, stdin=f"{move}\n".encode())
    finally:
        process.run(root, "update-ref", "-d", _PRIVATE)
    return new


def _stream(commits: Iterable[Commit], parent: str) -> Iterator[bytes]:
    """Yield the commits in the language of `git fast-import`."""
    for commit in commits:
        when = f"{int(commit.time.timestamp())} {commit.time.strftime('%z') or '+0000'}"
        who = f"{commit.author_name} <{commit.author_email}> {when}"
        message = commit.message.encode()
        yield f"commit {_PRIVATE}\nauthor {who}\ncommitter {who}\n".encode()
        yield b"data %d\n%b\n" % (len(message), message)
        if parent:
            yield f"from {parent}\n".encode()
            parent = ""
        for path, text in commit.files.items():
            if text is None:
                yield f"D {path}\n".encode()
            else:
                content = text.encode()
                yield b"M 100644 inline %b\ndata %d\n%b\n" % (path.encode(), len(content), content)
        yield b"\n"
    yield b"done\n"
