"""Finish what a process had begun that died in the middle of a transaction."""

from __future__ import annotations

import os

from gitcoord.git import headfiles
from gitcoord.store import intent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.git.repository import Repository


def recover(repo: Repository) -> None:
    """Finish what a dead process had begun; the lock is held."""
    if os.path.exists(os.path.join(repo.git_dir, "index.lock")):
        from gitcoord.git import standstill  # hardly ever

        standstill.forget(repo)
    headfiles.forget(repo)
    left = intent.load(repo.git_dir)
    if left is None:
        return
    from gitcoord.store import committing  # hardly ever

    intent.take_turn(repo.git_dir)
    foreign = set(intent.carry_out(repo.root, left))
    left.writes = [write for write in left.writes if write.path not in foreign]
    if left.commits and left.writes:
        committing.commit(repo, left, None, committing.identity(repo))
    intent.drop(repo.git_dir)
