"""The messages of commits, streamed from git."""

from __future__ import annotations

from gitcoord.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitcoord.git.repository import Repository

_MOST = 4000


class Message:
    """What one commit says, when it was committed, and whether it has more than one parent."""

    __slots__ = ("body", "merge", "oid", "subject", "time")

    def __init__(self, oid: str, time: int, merge: bool, subject: str, body: str) -> None:
        self.oid = oid
        self.time = time
        self.merge = merge
        self.subject = subject
        self.body = body


def between(repo: Repository, old: str | None, new: str) -> Iterator[Message]:
    """Yield the commits that can be reached from `new` and not from `old`, the oldest first.

    Raises `GitError` when one of the two is no commit of the repository.
    """
    span = [new] if old is None else [f"{old}..{new}"]
    running = process.stream(
        repo.root, "log", "-z", "--no-show-signature", "--no-notes", "--encoding=UTF-8",
        "--topo-order", "--reverse", "--format=%H %ct %P%x01%s%x01%b", *span, "--",
    )  # fmt: skip
    yield from map(_read, filter(None, running.words("log")))


def gone(repo: Repository, old: str, new: str) -> list[str] | None:
    """Return the commits that `old` reaches and `new` does not; None when `old` is not there."""
    result = process.run(repo.root, "rev-list", old, f"^{new}", "--")
    return None if result.code else result.out.decode().split()


def _read(raw: bytes) -> Message:
    head, _, rest = raw.decode("utf-8", "replace").partition("\x01")
    subject, _, body = rest.partition("\x01")
    oid, moment, *parents = head.split()
    return Message(oid, int(moment), len(parents) > 1, subject, body[:_MOST].strip())
