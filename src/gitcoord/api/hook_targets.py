"""Which repositories hooks are for, and which hooks each of them gets."""

from __future__ import annotations

import os

from gitcoord.api import read, registry
from gitcoord.errors import NotFoundError
from gitcoord.git.repository import discover

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace
    from gitcoord.git.repository import Repository

HUB_HOOKS = {
    # name: whether in the background
    "pre-commit": False,
    "pre-merge-commit": False,
    "commit-msg": False,
    "post-checkout": True,
    "post-merge": False,
    "post-rewrite": True,
    "pre-push": False,
}
REPO_HOOKS = {
    "commit-msg": False,
    "post-commit": True,
    "post-checkout": True,
    "post-merge": True,
    "post-rewrite": True,
    "pre-push": False,
}


class Target:
    """A repository that hooks are for; `repo` is None where it is not on this machine."""

    __slots__ = ("is_hub", "name", "registered", "repo")

    def __init__(
        self, name: str, repo: Repository | None, *, is_hub: bool, registered: bool
    ) -> None:
        self.name = name
        self.repo = repo
        self.is_hub = is_hub
        self.registered = registered

    def hooks(self) -> dict[str, bool]:
        """Return the hooks it gets, each with whether it runs in the background."""
        if not self.is_hub:
            return REPO_HOOKS
        return {**REPO_HOOKS, **HUB_HOOKS} if self.registered else HUB_HOOKS


def targets(workspace: Workspace, names: list[str], start: str, *, every: bool) -> list[Target]:
    """Return the repositories that are meant: named ones, all, or the one around a folder.

    Raises `NotFoundError` for a name that the registry does not have.
    """
    known = registry.folders(workspace)
    here = discover(start) if not names and not every else None
    found = []
    if (
        every
        or (here is not None and here.common_dir == workspace.repo.common_dir)
        or not (names or here)
    ):
        found.append(_hub(workspace, known))
    if names:
        return [_named(workspace, known, name) for name in dict.fromkeys(names)]
    if every:
        found += [
            Target(name, repo, is_hub=False, registered=True)
            for name, repo in known.items()
            if repo is None or repo.common_dir != workspace.repo.common_dir
        ]
    elif here is not None and not found:
        name = registry.name_of(workspace, here)
        registered = name in known
        found.append(
            Target(name or os.path.basename(here.root), here, is_hub=False, registered=registered)
        )
    return found


def _hub(workspace: Workspace, known: dict[str, Repository | None]) -> Target:
    for name, repo in known.items():
        if repo is not None and repo.common_dir == workspace.repo.common_dir:
            return Target(name, workspace.repo, is_hub=True, registered=True)
    name = os.path.basename(workspace.repo.root)
    return Target(name, workspace.repo, is_hub=True, registered=False)


def _named(workspace: Workspace, known: dict[str, Repository | None], name: str) -> Target:
    hub = _hub(workspace, known)
    if name == hub.name:
        return hub
    try:
        found = read.get(workspace, name, "repo").id
    except NotFoundError:
        here = discover(name) if os.path.isdir(name) else None
        if here is None:
            raise
        if here.common_dir == workspace.repo.common_dir:
            return hub
        called = registry.name_of(workspace, here) or os.path.basename(here.root)
        return Target(called, here, is_hub=False, registered=called in known)
    return Target(found, known.get(found), is_hub=False, registered=True)
