"""Which files of a folder differ between two states: commits, the index, the work tree.

Raw differences with full blob ids and without renames, so that each path stands alone.
"""

from __future__ import annotations

from gitcoord.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.git.repository import Repository

GONE = "000000"
"""The mode of a side that has no file."""


class Change:
    """One path with mode and blob before and after; a side without a file has the mode `GONE`."""

    __slots__ = ("blob", "mode", "old", "old_mode", "path")

    def __init__(self, path: str, old_mode: str, mode: str, old: str, blob: str) -> None:
        self.path = path
        self.old_mode = old_mode
        self.mode = mode
        self.old = old
        self.blob = blob

    @property
    def added(self) -> bool:
        """Whether there was no file before."""
        return self.old_mode == GONE

    @property
    def gone(self) -> bool:
        """Whether there is no file any more."""
        return self.mode == GONE


def staged(
    repo: Repository, base: str, folder: str, env: dict[str, str] | None = None
) -> process.Running:
    """Start comparing a tree with the index, that of a hook's GIT_INDEX_FILE where it is set."""
    return process.start(
        repo.root, "diff-index", "--cached", "--raw", "--no-renames", "--ita-invisible-in-index",
        "-z", base, "--", folder, env=env, keep_index=True,
    )  # fmt: skip


def between(repo: Repository, old: str, new: str, folder: str) -> process.Running:
    """Start comparing two trees."""
    return process.start(
        repo.root, "diff-tree", "-r", "--raw", "--no-renames", "-z", old, new, "--", folder
    )


def listing(repo: Repository, folder: str, env: dict[str, str] | None = None) -> process.Running:
    """Start listing what is staged, as `MODE BLOB STAGE TAB PATH`, each ended by NUL."""
    return process.start(
        repo.root, "ls-files", "-s", "-z", "--", folder, env=env, keep_index=True
    )  # fmt: skip


def listing_of(repo: Repository, commit: str, folder: str) -> process.Running:
    """Start listing the files of a commit, as `MODE blob BLOB TAB PATH`, each ended by NUL."""
    return process.start(
        repo.root, "ls-tree", "-r", "-z", "--full-tree", commit, "--", f"{folder}/"
    )


def found(running: process.Running) -> list[Change]:
    """Return what a comparison found; raise `GitError` where git could not compare."""
    result = running.wait()
    if result.code:
        raise process.failed(("diff",), result)
    parts = result.out.split(b"\0")
    changes = []
    for head, name in zip(parts[::2], parts[1::2], strict=False):
        old_mode, mode, old, blob, _ = head.decode().removeprefix(":").split(" ")
        path = name.decode("utf-8", "surrogateescape")
        changes.append(Change(path, old_mode, mode, old, blob))
    return changes


def empty_tree(repo: Repository) -> str:
    """Return the id of the tree that holds nothing, in the repository's own hash."""
    return process.call(repo.root, "hash-object", "-t", "tree", "--stdin").decode().strip()
