"""When the files are worth reading: not while git has written one half of them.

A checkout, a merge or each step of a rebase writes files one after the other. While it does,
links lead nowhere that are whole a moment later. What git leaves for a person to decide is
worth reading again, and so is a tree beside a git command that waits for its user.
"""

from __future__ import annotations

import os
import time

from gitcoord.git import working

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.notices import Notices
    from gitcoord.git.repository import Repository

_STEP = 0.05
_CALM = 3
"""Between two steps of a rebase nothing shows where the system does not show processes."""
_PATIENCE = 5.0
_WRITE = """
    am apply bisect checkout checkout-index cherry-pick clean commit filter-branch merge mv pull
    quiltimport read-tree rebase reset restore revert rm sparse-checkout stash submodule subtree
    svn switch
""".split()  # noqa: SIM905
"""Git's commands that write the work tree; others may stay for as long as they like."""
_PARTS = ("merge-", "rebase--")


def is_half_way(repo: Repository) -> bool:
    """Whether a git command may be writing the work tree just now."""
    if os.path.exists(os.path.join(repo.git_dir, "index.lock")):
        return True
    return any(one.name in _WRITE or one.name.startswith(_PARTS) for one in working.commands(repo))


def settle(repo: Repository, notices: Notices) -> bool:
    """Wait until git is done; return whether it is.

    A command during which nothing has changed for some seconds waits for its user, and a
    lock that stays was left behind: then the files are worth reading all the same.
    """
    if not is_half_way(repo):
        return True
    calm, last = 0, time.monotonic()
    while calm < _CALM:
        if notices.wait(_STEP):
            last = time.monotonic()
        calm = 0 if is_half_way(repo) else calm + 1
        if not calm and time.monotonic() - last > _PATIENCE:
            return False
    return True
