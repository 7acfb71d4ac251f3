"""What a merge would give, without touching refs, index or work tree."""

from __future__ import annotations

from gitcoord.errors import GitError
from gitcoord.git import process, refs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.git.repository import Repository

_CONFLICT = 1
_NOBODY = {
    "GIT_AUTHOR_NAME": "coord",
    "GIT_AUTHOR_EMAIL": "coord@localhost",
    "GIT_COMMITTER_NAME": "coord",
    "GIT_COMMITTER_EMAIL": "coord@localhost",
}


class Preview:
    """The commit that a merge would make, and the paths where it would conflict.

    A conflicting path holds both sides between markers. Where one side contains the other
    the commit is that side itself.
    """

    __slots__ = ("commit", "conflicts")

    def __init__(self, commit: str, conflicts: list[str]) -> None:
        self.commit = commit
        self.conflicts = conflicts


def merge(repo: Repository, base: str, head: str) -> Preview:
    """Return what merging `head` into `base` would give; raise when they share no history."""
    shared = refs.merge_base(repo, base, head)
    if shared == base:
        return Preview(head, [])
    if shared == head:
        return Preview(base, [])
    words = ("merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", base, head)
    result = process.run(repo.root, *words)
    if result.code not in (0, _CONFLICT):
        raise GitError(
            "git could not merge the two sides: "
            + result.err.decode("utf-8", "replace").strip().split("\n")[0],
            hint="`coord review` needs git 2.38 or newer.",
        )
    tree, *paths = result.out.decode("utf-8", "surrogateescape").split("\0")
    return Preview(_commit(repo, tree, base, head), sorted({path for path in paths if path}))


def _commit(repo: Repository, tree: str, base: str, head: str) -> str:
    """Return a commit of the tree that no ref names; the same one each time it is asked for."""
    moment = f"{max(refs.commit_time(repo, base), refs.commit_time(repo, head))} +0000"
    out = process.call(
        repo.root, "commit-tree", "--no-gpg-sign", tree, "-p", base, "-p", head, "-m", "preview",
        env={**_NOBODY, "GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment},
    )  # fmt: skip
    return out.decode().strip()
