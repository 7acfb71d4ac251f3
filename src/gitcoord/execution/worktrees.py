"""A worktree for each run, on a branch of its own; what others have checked out is never touched.

Git is told by full paths which repository is meant, and asked first whether the folder is
still its worktree: a driver may have removed it, or put another in its place.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from gitcoord.errors import GitError, InvalidError, NoHubError
from gitcoord.git import process, repository

_QUIET = ("-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false")
_TRIES = 200
_TAKEN = (
    "already exists",
    "cannot lock ref",
    "cannot create",
    "already checked out",
    "already used",
)


class Tree(NamedTuple):
    """A worktree: its folder, its own git directory, its branch and the commit it began at."""

    path: str
    git_dir: str
    branch: str
    base: str


class Left(NamedTuple):
    """What lies in a worktree after the work: `tip` is None where it is gone.

    `commits` counts those that `base` lacks, `uncommitted` are paths that are in no commit,
    `astray` tells what is not where it should be.
    """

    tip: str | None
    commits: int
    uncommitted: tuple[str, ...]
    astray: str


def head_of(folder: str) -> str:
    """Return the commit that a repository stands at; raise `InvalidError` where there is none."""
    said = process.run(folder, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    found = said.out.decode("ascii", "replace").strip()
    if said.code or not found:
        raise InvalidError(
            f"{folder} has no commit to begin at.", hint="Commit something there first."
        )
    return found


def add(folder: str, path: str, todo: str, base: str) -> Tree:
    """Make a worktree at a path, on a new branch that is named after the todo."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    for number in range(1, _TRIES):
        branch = _name(todo, number)
        said = process.run(
            folder, *_QUIET, "worktree", "add", "--quiet", "-b", branch, "--", path, base
        )
        if not said.code:
            where = process.call(path, "rev-parse", "--absolute-git-dir").decode(
                "utf-8", "surrogateescape"
            )
            return Tree(path, where.removesuffix("\n"), branch, base)
        if os.path.lexists(path) or not any(sign.encode() in said.err for sign in _TAKEN):
            raise process.failed(("worktree", "add"), said)
    raise GitError(f"There are {_TRIES} branches for {todo}.", hint="Delete some of coord/….")


def found(path: str, base: str) -> Tree | None:
    """Return the worktree at a path, made by somebody who was killed before saying so."""
    git_dir = _named(path)
    if git_dir is None:
        return None
    tree = Tree(path, git_dir, "", base)
    branch = _said(tree, "symbolic-ref", "--quiet", "HEAD").removeprefix("refs/heads/")
    return tree._replace(branch=branch) if branch else None


def _name(todo: str, number: int) -> str:
    """Return the name of a branch to try; one named `coord` leaves no room for coord/ID."""
    lead = "coord/" if number <= _TRIES // 2 else "coord-"
    again = number if number <= _TRIES // 2 else number - _TRIES // 2
    return f"{lead}{todo}" if again == 1 else f"{lead}{todo}-{again}"


def is_there(tree: Tree) -> bool:
    """Whether a folder is still the worktree that was made."""
    git_dir = _named(tree.path)
    same = git_dir is not None and os.path.realpath(git_dir) == os.path.realpath(tree.git_dir)
    return same and os.path.isdir(tree.git_dir)


def _named(path: str) -> str | None:
    try:
        return repository.named(path)
    except (OSError, NoHubError):
        return None


def left(tree: Tree) -> Left:
    """Return what lies in a worktree."""
    if not is_there(tree):
        return Left(None, 0, (), "its worktree is gone")
    head = _said(tree, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if not head:
        return Left(None, 0, (), "its worktree stands on no commit")
    changed = process.run(tree.path, "status", "--porcelain", "-z", "--no-renames", env=_only(tree))
    paths = [
        line[3:].decode("utf-8", "surrogateescape") for line in changed.out.split(b"\0") if line
    ]
    if changed.code:
        return Left(head, 0, (), "git cannot tell what lies in its worktree")
    count = _said(tree, "rev-list", "--count", head, f"^{tree.base}")
    return Left(head, int(count or 0), tuple(paths), _astray(tree, head))


def _astray(tree: Tree, head: str) -> str:
    if _said(tree, "symbolic-ref", "--quiet", "HEAD") != f"refs/heads/{tree.branch}":
        return f"the driver left the branch {tree.branch}"
    ancestor = process.run(
        tree.path, "merge-base", "--is-ancestor", tree.base, head, env=_only(tree)
    )
    return f"{tree.branch} no longer holds the commit it began at" if ancestor.code else ""


def keep(folder: str, run: str, tip: str) -> str:
    """Let a ref hold the commit that a run ended at, wherever its branch stands; return its name."""
    name = f"refs/coord/runs/{run}"
    process.call(folder, "update-ref", name, tip)
    return name


def remove(folder: str, tree: Tree, run: str) -> bool:
    """Remove the worktree of a run if all that is in it is committed; return whether it is gone.

    Commits that are on no branch of the run are held by a ref. A branch on which nothing was
    committed goes too. What git refuses to remove stays.
    """
    if os.path.lexists(tree.path):
        found = left(tree)
        if found.tip is None or found.uncommitted:
            return False
        if os.path.isdir(os.path.join(tree.git_dir, "modules")):
            return False  # submodules that were fetched there may hold commits of their own
        if found.astray:
            keep(folder, run, found.tip)
    process.run(folder, *_QUIET, "worktree", "remove", "--force", "--", tree.path)
    gone = not os.path.lexists(tree.path)
    branch = process.run(folder, "rev-parse", "--verify", "--quiet", f"refs/heads/{tree.branch}")
    if gone and branch.out.decode("ascii", "replace").strip() == tree.base:
        process.run(folder, "branch", "--quiet", "-D", "--", tree.branch)
    return gone


def has_submodules(tree: Tree) -> bool:
    """Whether parts of it are other repositories, which a new worktree lacks."""
    return os.path.exists(os.path.join(tree.path, ".gitmodules"))


def _said(tree: Tree, *words: str) -> str:
    return (
        process.run(tree.path, *words, env=_only(tree))
        .out.decode("utf-8", "surrogateescape")
        .strip()
    )


def _only(tree: Tree) -> dict[str, str]:
    """Let git look into this folder, and in none above it."""
    return {"GIT_CEILING_DIRECTORIES": os.path.dirname(tree.path), "GIT_OPTIONAL_LOCKS": "0"}
