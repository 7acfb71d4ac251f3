"""A repository to be measured: its folders, where HEAD stands, and what is missing of it."""

from __future__ import annotations

import os

from gitcoord.errors import CoordError, GitError
from gitcoord.git import altered, process, refs, repository

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.git.repository import Repository

SHALLOW = "a shallow clone: older commits are not here"
_DETACHED = 1
PROMISED = "a partial clone: contents are not here, so changed files are not seen to be renamed"


class Place:
    """One repository as it lies here.

    `commit` is None before the first one, `branch` on a detached HEAD. `lacking` holds the
    commits whose parents are not here, `promised` tells that some contents may not be.
    """

    __slots__ = ("branch", "commit", "lacking", "promised", "repo")

    def __init__(self, repo: Repository, commit: str | None, branch: str | None) -> None:
        self.repo = repo
        self.commit = commit
        self.branch = branch
        self.lacking = altered.shallow(repo)
        self.promised = _promised(repo)


def find(folder: str) -> Place:
    """Return the repository in a folder, with or without a work tree; raise `GitError`."""
    try:
        found = repository.bare(folder) or repository.discover(folder)
    except (CoordError, OSError):
        found = None
    if found is None or found.root != os.path.realpath(folder):
        raise GitError(f"There is no git repository at {folder}.", hint="Clone it there.")
    said = process.run(found.root, "symbolic-ref", "--quiet", "HEAD")
    if said.code > _DETACHED:
        raise process.failed(("symbolic-ref",), said)
    name = said.out.decode("utf-8", "surrogateescape").strip()
    return Place(found, refs.head(found), name.removeprefix("refs/heads/") or None)


def _promised(repo: Repository) -> bool:
    folder = os.path.join(repo.common_dir, "objects", "pack")
    try:
        return any(name.endswith(".promisor") for name in os.listdir(folder))
    except OSError:
        return False
