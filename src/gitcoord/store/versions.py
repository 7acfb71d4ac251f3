"""The files of the store that two commits may disagree on, as each of them has them.

Only what either side changed since their common ancestor is read. A record is known by
its kind and id, wherever it lies: a record that was archived is the same record.
"""

from __future__ import annotations

from gitcoord.git import objects, process
from gitcoord.store import layout
from gitcoord.store.joining import is_mergeable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gitcoord.git.repository import Repository

    Key = tuple[str, str]
    Tree = dict[Key, "Version"]


class Version:
    """A file as one side has it."""

    __slots__ = ("path", "raw")

    def __init__(self, path: str, raw: bytes) -> None:
        self.path = path
        self.raw = raw

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Version):
            return NotImplemented
        return self.path == other.path and self.raw == other.raw

    __hash__ = None  # type: ignore[assignment]


def key_of(path: str) -> Key:
    """Return what a path's file is known by: kind and id, or its path."""
    place = layout.place(path)
    return ("", path) if place is None else (place.kind.name, place.id)


def bases(repo: Repository, ours: str, theirs: str) -> list[str]:
    """Return the best common ancestors of two commits; several after criss-cross merges."""
    done = process.run(repo.root, "merge-base", "--all", ours, theirs)
    if done.code > 1:
        raise process.failed(("merge-base",), done)
    return done.out.decode().split()


def changed(repo: Repository, one: str, other: str) -> set[str]:
    """Return the paths of the store in which two commits differ, those that we merge."""
    out = process.call(
        repo.root, "diff-tree", "-r", "-z", "--name-only", "--no-renames", one, other,
        "--", layout.ROOT,
    )  # fmt: skip
    paths = [path.decode("utf-8", "surrogateescape") for path in out.split(b"\0") if path]
    return {path for path in paths if is_mergeable(path)}


def read(repo: Repository, commit: str, paths: Iterable[str]) -> dict[str, bytes]:
    """Return the content of those paths that a commit has."""
    wanted = list(paths)
    found = objects.at(repo, commit, layout.ROOT, wanted)
    return {path: raw for path, raw in zip(wanted, found, strict=True) if raw is not None}


def staged(repo: Repository) -> dict[str, str]:
    """Return the blobs of the store's files in the index, but for those in conflict."""
    out = process.call(repo.root, "ls-files", "-s", "-z", "--", layout.ROOT)
    found = {}
    for line in out.decode("utf-8", "surrogateescape").split("\0"):
        head, tab, path = line.partition("\t")
        words = head.split(" ")
        if tab and words[2] == "0" and is_mergeable(path):
            found[path] = words[1]
    return found


def tree(files: Mapping[str, bytes]) -> Tree:
    """Return files by what they are known by; one that lies in two places, by its path."""
    found: Tree = {}
    twice: set[Key] = set()
    for path, raw in files.items():
        key = key_of(path)
        if key in found:
            twice.add(key)
            key = ("", path)
        found[key] = Version(path, raw)
    for key in twice:
        one = found.pop(key)
        found[("", one.path)] = one
    return found
