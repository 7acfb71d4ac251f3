"""The commits of a repository as one streamed `git log` tells them, with the files of each.

A merge shows no files, as in git's own log: what it brings was counted in the commits
that it joins. A rename is told as one, with both names.
"""

from __future__ import annotations

from gitcoord.errors import GitError
from gitcoord.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitcoord.git.repository import Repository

OFFLINE = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": ""}
"""A partial clone answers from what it has; nothing is fetched."""
_LAST = 2**62
_FORMAT = "--format=%x01%m%H %ct %P%x00%ad%x00%an%x00%ae%x00%s%x00%b"


class Change:
    """One file that a commit changed: git's letter, its path, and the one it had before."""

    __slots__ = ("old", "path", "status")

    def __init__(self, status: str, path: str, old: str | None) -> None:
        self.status = status
        self.path = path
        self.old = old


class Commit:
    """One commit; `left` tells that it can only be reached from where the log set out.

    `time` is the committer's, `made` the author's, in epoch seconds; `zone` is how many
    minutes the author's clock was ahead of UTC.
    """

    __slots__ = (
        "body", "changes", "left", "made", "mail", "name", "oid", "parents", "subject", "time", "zone",
    )  # fmt: skip

    def __init__(self, head: str, made: str, rest: list[str]) -> None:
        self.left = head[1] == "<"
        self.oid, *words = head[2:].split(" ")
        self.time = _seconds(words[0] if words else "")
        self.parents = [word for word in words[1:] if word]
        seconds, _, zone = made.partition(" ")
        self.made = _seconds(seconds)
        self.zone = _minutes(zone)
        self.name, self.mail, self.subject, self.body = rest
        self.changes: list[Change] = []


def start(repo: Repository, old: str | None, new: str, *, blobs: bool = True) -> process.Stream:
    """Start listing the commits that can be reached from only one of two; see `commits`.

    Without `old`, all that can be reached from `new`. Without `blobs` no content is
    looked at, so that only files that kept theirs are seen to be renamed.
    """
    span = ["--left-right", f"{old}...{new}"] if old else [new]
    return process.stream(
        repo.root, "-c", "log.showRoot=true", "-c", "log.showSignature=false", "-c", "log.follow=false",
        "-c", "diff.relative=false", "-c", "diff.ignoreSubmodules=none", "log", "-z", "--topo-order",
        "--reverse", "--raw", "-M" if blobs else "-M100%", "-l1000", "--no-abbrev", "--no-ext-diff",
        "--encoding=UTF-8", "--date=raw", "-O/dev/null", "--no-notes", "--no-color", _FORMAT, *span,
        "--", env=OFFLINE,
    )  # fmt: skip


def commits(running: process.Stream) -> Iterator[Commit]:
    """Yield the commits of a log, each after its parents.

    Raises `GitError` when one of the two is no longer there.
    """
    yield from _read(word.decode("utf-8", "surrogateescape") for word in running.words("log"))


def _read(words: Iterator[str]) -> Iterator[Commit]:
    commit = None
    for word in words:
        if word[:1] == "\n":
            word = word[1:]
        if not word:
            continue
        if word[0] == ":" and commit is not None:
            commit.changes.append(_change(word, words))
        elif word[0] == "\x01":
            if commit is not None:
                yield commit
            commit = Commit(word, next(words), [shown(next(words)) for _ in range(4)])
        else:
            raise GitError(f"git log said {word!r}.", hint="This is a fault in coord; report it.")
    if commit is not None:
        yield commit


def _change(word: str, words: Iterator[str]) -> Change:
    status = word[word.rindex(" ") + 1]
    path = shown(next(words))
    if status in "RC":
        return Change(status, shown(next(words)), path)
    return Change(status, path, None)


def shown(text: str) -> str:
    """Return a text that fits into JSON and the memory; bytes that are no UTF-8 become `\\xNN`."""
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _seconds(text: str) -> int:
    return min(int(text), _LAST) if text.isdigit() else 0


def _minutes(text: str) -> int:
    sign = -1 if text[:1] == "-" else 1
    digits = text[1:]
    if not digits.isdigit() or len(digits) != 4:
        return 0
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return sign * minutes if minutes <= 24 * 60 else 0
