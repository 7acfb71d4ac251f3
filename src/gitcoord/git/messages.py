"""The messages of commits, streamed from git, with the files that each touched."""

from __future__ import annotations

from itertools import islice

from gitcoord.errors import GitError
from gitcoord.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitcoord.git.repository import Repository

_MOST = 4000
_OFFLINE = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": ""}
"""A partial clone answers from what it has; nothing is fetched."""

_PLAIN = (
    "-c",
    "log.showRoot=true",
    "-c",
    "diff.relative=false",
    "-c",
    "diff.ignoreSubmodules=none",
)
_FILES = ("--raw", "--no-renames", "--no-ext-diff", "--no-color", "-O/dev/null")


class Message:
    """What one commit says, when it was committed, whether it has more than one parent, its files.

    A merge has no files: what it brings was told by the commits that it joins.
    """

    __slots__ = ("body", "merge", "oid", "paths", "subject", "time")

    def __init__(self, oid: str, time: int, merge: bool, subject: str, body: str) -> None:
        self.oid = oid
        self.time = time
        self.merge = merge
        self.subject = subject
        self.body = body
        self.paths: list[str] = []


def between(repo: Repository, old: str | None, new: str) -> Iterator[Message]:
    """Yield the commits that can be reached from `new` and not from `old`, the oldest first.

    A clone without its trees, or with damaged ones, says them without their files. Raises
    `GitError` when one of the two is no commit of the repository.
    """
    span = [new] if old is None else [f"{old}..{new}"]
    count = 0
    try:
        for one in _logged(repo, *_FILES, *span):
            yield one
            count += 1
    except GitError:
        yield from islice(_logged(repo, "--no-patch", *span), count, None)


def _logged(repo: Repository, *words: str) -> Iterator[Message]:
    running = process.stream(
        repo.root, *_PLAIN, "log", "-z", "--no-show-signature", "--no-notes", "--encoding=UTF-8",
        "--topo-order", "--reverse", "--format=%x01%H %ct %P%x01%s%x01%b", *words, "--",
        env=_OFFLINE,
    )  # fmt: skip
    yield from _read(running.words("log"))


def gone(repo: Repository, old: str, new: str) -> list[str] | None:
    """Return the commits that `old` reaches and `new` does not; None when `old` is not there."""
    result = process.run(repo.root, "rev-list", old, f"^{new}", "--")
    return None if result.code else result.out.decode().split()


def _read(words: Iterator[bytes]) -> Iterator[Message]:
    """Put together what git says: a commit, and for each of its files a line and the path."""
    commit = None
    for word in words:
        if word.lstrip(b"\n").startswith(b":") and commit is not None:
            commit.paths.append(next(words).decode("utf-8", "replace"))
        elif word:
            if commit is not None:
                yield commit
            commit = _message(word)
    if commit is not None:
        yield commit


def _message(raw: bytes) -> Message:
    head, _, rest = raw.decode("utf-8", "replace").lstrip("\n\x01").partition("\x01")
    subject, _, body = rest.partition("\x01")
    oid, moment, *parents = head.split()
    return Message(oid, int(moment), len(parents) > 1, subject, body[:_MOST].strip())
