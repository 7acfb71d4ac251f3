"""What each commit did to the files of a folder, compared with its own parents alone.

Nothing here depends on the branch from which a commit is seen: every commit that can be
reached is looked at, also on branches whose work a merge threw away.
"""

from __future__ import annotations

from gitcoord.errors import GitError
from gitcoord.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitcoord.git.repository import Repository

NO_FILE = ""
"""What stands for the blob of a link or a submodule: something is there, but no file."""


class Touch:
    """One path that differs from all parents: its blob in each of them and in the commit.

    A blob is None where there is nothing, and `NO_FILE` where there is no plain file.
    """

    __slots__ = ("new", "old", "path")

    def __init__(self, path: str, old: list[str | None], new: str | None) -> None:
        self.path = path
        self.old = old
        self.new = new


class Commit:
    """One commit: who, when, its parents, and what it touched.

    `left` tells that it can only be reached from where the walk set out.
    """

    __slots__ = ("author", "left", "mail", "oid", "parents", "time", "touches")

    def __init__(self, head: str, author: str, mail: str) -> None:
        self.left = head[1] == "<"
        self.oid, moment, *self.parents = head[2:].split()
        self.time = int(moment or 0)
        self.author = author
        self.mail = mail
        self.touches: list[Touch] = []


def start(repo: Repository, old: str | None, new: str, folder: str) -> process.Stream:
    """Start listing the commits that can be reached from only one of two; see `commits`.

    Without `old`, all that can be reached from `new`.
    """
    span = ["--left-right", f"{old}...{new}"] if old else [new]
    return process.stream(
        repo.root, "-c", "log.showRoot=true", "-c", "log.showSignature=false", "log", "-z",
        "--topo-order", "--reverse", "--full-history", "--sparse", "--raw", "-c", "--no-abbrev",
        "--no-renames", "--encoding=UTF-8", "-O/dev/null", "--no-notes",
        "--format=%x01%m%H %ct %P%x00%an%x00%ae", *span, "--", folder,
    )  # fmt: skip


def commits(running: process.Stream) -> Iterator[Commit]:
    """Yield the commits of a listing, each after its parents.

    Raises `GitError` when one of the two is no longer there.
    """
    yield from _read(word.decode("utf-8", "surrogateescape") for word in running.words("log"))


def touched(repo: Repository, old: str, new: str, folder: str) -> list[Touch]:
    """Return what differs between two commits."""
    out = process.call(
        repo.root, "diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames",
        old, new, "--", folder,
    )  # fmt: skip
    words = iter(out.decode("utf-8", "surrogateescape").split("\0"))
    return [_touch(word, next(words)) for word in words if word]


def versions(repo: Repository, commit: str, path: str, *, most: int) -> list[str | None]:
    """Return the blobs that a path had before the one it has in a commit, newest first.

    Follows first parents, over at most so many changes; None for a time when there was
    no such file.
    """
    out = process.call(
        repo.root, "log", "-z", "--first-parent", "-m", "--raw", "--no-abbrev", "--no-renames",
        "--format=", f"--max-count={most}", commit, "--", path,
    )  # fmt: skip
    words = iter(out.decode("utf-8", "surrogateescape").replace("\n", "").split("\0"))
    return [_touch(word, next(words)).old[0] for word in words if word]


def _read(words: Iterator[str]) -> Iterator[Commit]:
    commit = None
    for word in words:
        word = word.lstrip("\n")
        if not word:
            continue
        if word[0] == ":" and commit is not None:
            commit.touches.append(_touch(word, next(words)))
        elif word[0] == "\x01":
            if commit is not None:
                yield commit
            commit = Commit(word, _shown(next(words)), _shown(next(words)))
        else:
            raise GitError(f"git log said {word!r}.", hint="This is a fault in coord; report it.")
    if commit is not None:
        yield commit


def _touch(word: str, path: str) -> Touch:
    """Read one line of `--raw`: modes, then blobs, of every parent and the commit itself."""
    parents = len(word) - len(word.lstrip(":"))
    parts = word[parents:].split(" ")
    found = [
        _blob(mode, blob)
        for mode, blob in zip(parts[: parents + 1], parts[parents + 1 : -1], strict=True)
    ]
    return Touch(path, found[:-1], found[-1])


def _blob(mode: str, blob: str) -> str | None:
    if mode == "000000":
        return None
    return blob if mode.startswith("100") else NO_FILE


def _shown(name: str) -> str:
    """Return a name that fits into JSON and the index, whatever bytes it was made of."""
    return name if name.isascii() else name.encode("utf-8", "replace").decode()
