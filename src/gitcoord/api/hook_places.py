"""Where the hooks of a repository lie, and how coord gets a folder of its own beside others'.

Where core.hooksPath leads out of the repository's own hook folder, nothing is written there.
The repository then gets a folder of coord's own, whose hooks run those of the other folder
first; core.hooksPath names it until the hooks are uninstalled.
"""

from __future__ import annotations

import os

from gitcoord.git import configuration
from gitcoord.git import hooks as git_hooks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.git.repository import Repository

_FOLDER = "coord-hooks"
_BEFORE, _SCOPE, _RAW = "coord.hooks.before", "coord.hooks.scope", "coord.hooks.path"


class Place:
    """Where the hooks of a repository are, and, in a folder of coord's own, what it stands for."""

    __slots__ = ("before", "folder", "note", "redirected", "setting")

    def __init__(self, repo: Repository) -> None:
        found = git_hooks.place(repo)
        self.folder = found.folder
        self.setting = found.setting
        self.redirected = os.path.realpath(found.folder) == os.path.realpath(own_folder(repo))
        before = configuration.get(repo.root, _BEFORE) if self.redirected else None
        self.before = before or ""
        self.note = f"the hooks of {before} run first" if before else ""

    def is_own(self, repo: Repository) -> bool:
        """Whether the folder lies in the git directory, where nobody else looks."""
        inside = os.path.realpath(repo.common_dir) + os.sep
        return os.path.realpath(self.folder).startswith(inside)


def own_folder(repo: Repository) -> str:
    """Return the folder of coord's own hooks, which need not be there."""
    return os.path.join(repo.common_dir, _FOLDER)


def redirect(repo: Repository, place: Place) -> None:
    """Give the repository a hook folder of coord's own, and remember what it stands for."""
    setting = place.setting
    # A relative path stays relative: each linked work tree has such a folder of its own.
    kept = {_BEFORE: setting.path, _SCOPE: setting.scope, _RAW: setting.raw} if setting else {
        _BEFORE: place.folder, _SCOPE: "none"  # .git/hooks is a link to somewhere else
    }  # fmt: skip
    scope = "worktree" if setting is not None and setting.scope == "worktree" else "local"
    os.makedirs(own_folder(repo), exist_ok=True)
    configuration.put(repo.root, kept)
    configuration.put(repo.root, {git_hooks.NAME: own_folder(repo)}, scope=scope)


def pass_through(repo: Repository, place: Place, hooks: dict[str, bool]) -> None:
    """Let the other folder's further hooks run as before, by links to them."""
    folder = os.path.join(repo.root, place.before)
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        full = os.path.join(folder, name)
        link = os.path.join(place.folder, name)
        if name in hooks or os.path.lexists(link) or not os.path.isfile(full):
            continue
        if os.access(full, os.X_OK) and not name.endswith((".sample", "~")) and "." not in name:
            script = f'#!/bin/sh\nexec {_quoted(os.path.join(place.before, name))} "$@"\n'
            with open(link, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write(script)
            os.chmod(link, 0o755)  # noqa: S103 - as git's own hooks


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"


def lead_back(repo: Repository) -> None:
    """Let core.hooksPath name again what it named before."""
    scope = configuration.get(repo.root, _SCOPE) or "local"
    raw = configuration.get(repo.root, _RAW)
    if scope in ("local", "worktree") and raw is not None:
        configuration.put(repo.root, {git_hooks.NAME: raw}, scope=scope)
    else:  # it was said for all repositories, and holds again
        configuration.drop(repo.root, git_hooks.NAME)
