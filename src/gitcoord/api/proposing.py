"""Write to a branch of its own, for review, while the user's work tree stays as it is.

The branch is checked out in a linked work tree below the git directory, so whoever writes there
reads what was written, and everything that holds for a hub holds there. Nobody has to clean up:
the folder can be deleted at any time and is made anew.
"""

from __future__ import annotations

import os

from gitcoord.errors import ConflictError, NoHubError, UsageError
from gitcoord.git import process, refs
from gitcoord.git.repository import discover
from gitcoord.store import layout
from gitcoord.store.lock import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace

_QUIET = ("-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false")


def tree_of(workspace: Workspace, branch: str) -> str:
    """Return the folder in which a branch is checked out for writing; make both where needed.

    A branch on which nothing was proposed yet follows what is checked out. Raises
    `ConflictError` for the branch that the user stands on.
    """
    repo = workspace.repo
    if process.run(repo.root, "check-ref-format", "--branch", branch).code:
        raise UsageError(f"{branch!r} cannot name a branch.", hint="For example agents/triage.")
    if refs.head(repo) is None:
        raise NoHubError("The hub has no commit yet.", hint="Commit something first.")
    if not workspace.settings.commit:
        raise UsageError(
            "coord.yaml says `commit: manual`, and what is not committed is on no branch.",
            hint="Set `commit: auto`, or leave out --branch.",
        )
    folder = os.path.join(repo.common_dir, "coord", "trees", branch.replace("/", "+"))
    with Lock(repo.common_dir, "trees.lock"):
        _refuse_taken(workspace, branch, folder)
        if not _stands(folder, branch):
            _make(workspace, branch, folder)
        _follow(workspace, branch, folder)
    return folder


def _refuse_taken(workspace: Workspace, branch: str, folder: str) -> None:
    """Raise `ConflictError` where the branch is checked out elsewhere."""
    out = process.call(workspace.repo.root, "worktree", "list", "--porcelain", "-z")
    place = ""
    for line in out.decode("utf-8", "surrogateescape").split("\0"):
        word, _, value = line.partition(" ")
        if word == "worktree":
            place = value
        taken = word == "branch" and value == f"refs/heads/{branch}"
        if taken and os.path.realpath(place) != os.path.realpath(folder):
            raise ConflictError(
                f"The branch {branch} is checked out in {place}.",
                hint="Name another one: what is written for review goes to a branch of its own.",
            )


def _stands(folder: str, branch: str) -> bool:
    found = discover(folder) if os.path.exists(os.path.join(folder, ".git")) else None
    if found is None or found.root != os.path.realpath(folder):
        return False
    if not os.path.isdir(os.path.join(folder, layout.ROOT)):
        return False
    said = process.run(folder, "symbolic-ref", "--quiet", "HEAD").out.decode().strip()
    return said == f"refs/heads/{branch}"


def _make(workspace: Workspace, branch: str, folder: str) -> None:
    """Check the branch out; only the records, whatever else the repository holds."""
    root = workspace.repo.root
    process.run(root, "worktree", "remove", "--force", "--force", folder)
    process.call(root, "worktree", "prune")
    there = not process.run(root, "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}").code
    name = [branch] if there else ["-b", branch]
    end = [] if there else ["HEAD"]
    new = name if not there else []
    words = ["worktree", "add", "--quiet", "--no-checkout", *new, folder, *(name if there else end)]
    process.call(root, *_QUIET, *words)
    process.call(folder, *_QUIET, "sparse-checkout", "set", "--no-cone", f"/{layout.ROOT}/")
    process.call(folder, *_QUIET, "checkout", "--quiet", branch)


def _follow(workspace: Workspace, branch: str, folder: str) -> None:
    """Bring a branch that has nothing of its own up to what is checked out."""
    head = refs.head(workspace.repo)
    if head is None:
        return
    own = process.run(workspace.repo.root, "merge-base", "--is-ancestor", branch, head).code
    if not own:
        process.run(folder, *_QUIET, "merge", "--quiet", "--ff-only", head)
