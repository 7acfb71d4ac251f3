"""Hooks in the hub and in every repository of the ecosystem: put them there, tell, take away.

Where core.hooksPath leads out of the repository's own hook folder, nothing is written there.
The repository then gets a folder of coord's own, whose hooks run those of the other folder
first; core.hooksPath names it until the hooks are uninstalled.
"""

from __future__ import annotations

import os

from gitcoord.api import commits, merge_driver, read, registry, shims
from gitcoord.api.shims import Sort
from gitcoord.errors import CoordError, NotFoundError
from gitcoord.git import configuration
from gitcoord.git import hooks as git_hooks
from gitcoord.git.repository import discover
from gitcoord.model.ids import is_repo_name
from gitcoord.store import files
from gitcoord.store.lock import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitcoord.api.workspace import Workspace
    from gitcoord.git.repository import Repository

ABSENT = "not on this machine"
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
_FOLDER = "coord-hooks"
_DRIVER = "merge-driver"
_BEFORE, _SCOPE, _RAW = "coord.hooks.before", "coord.hooks.scope", "coord.hooks.path"
_SET, _MADE = "coord.hooks.set", "coord.hooks.made"


class Row:
    """One hook of one repository: its state, its file, and a word on it where there is one."""

    __slots__ = ("hook", "note", "path", "repo", "state")

    def __init__(
        self, repo: str, hook: str | None, state: str, path: str | None = None, note: str = ""
    ) -> None:
        self.repo = repo
        self.hook = hook
        self.state = state
        self.path = path
        self.note = note

    def as_dict(self) -> dict[str, str | None]:
        """Return the row in its documented JSON shape."""
        return {"repo": self.repo, "hook": self.hook, "state": self.state, "path": self.path,
                "note": self.note}  # fmt: skip


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


def status(workspace: Workspace, found: list[Target]) -> list[Row]:
    """Return what stands in the place of each hook."""
    return [row for target in found for row in _rows(target)]


def _rows(target: Target) -> Iterator[Row]:
    if target.repo is None:
        yield Row(target.name, None, ABSENT,
                  note=f"git config coord.repo.{target.name}.path PATH, in the hub, says where it is")  # fmt: skip
        return
    place = _Place(target.repo)
    for name, background in target.hooks().items():
        sort = Sort(name, background=background, before=place.before)
        yield Row(target.name, name, shims.state(place.folder, sort, target.repo.root),
                  os.path.join(place.folder, name), place.note)  # fmt: skip
    if target.is_hub:
        yield Row(target.name, _DRIVER, merge_driver.installed(target.repo))


class _Place:
    """Where the hooks of a repository are, and, in a folder of coord's own, what it stands for."""

    __slots__ = ("before", "folder", "note", "redirected", "setting")

    def __init__(self, repo: Repository) -> None:
        found = git_hooks.place(repo)
        self.folder = found.folder
        self.setting = found.setting
        self.redirected = os.path.realpath(found.folder) == os.path.realpath(_own_folder(repo))
        before = configuration.get(repo.root, _BEFORE) if self.redirected else None
        self.before = before or ""
        self.note = f"the hooks of {before} run first" if before else ""

    def is_own(self, repo: Repository) -> bool:
        """Whether the folder lies in the git directory, where nobody else looks."""
        inside = os.path.realpath(repo.common_dir) + os.sep
        return os.path.realpath(self.folder).startswith(inside)


def _own_folder(repo: Repository) -> str:
    return os.path.join(repo.common_dir, _FOLDER)


def install(workspace: Workspace, found: list[Target], *, force: bool = False) -> list[Row]:
    """Put the hooks in their places and let each repository know its hub; return their states.

    `force` writes into the folder that core.hooksPath names, whoever else uses it. A
    repository that refuses does not keep the others from getting theirs.
    """
    refusals: list[CoordError] = []
    with Lock(workspace.repo.common_dir):
        for target in found:
            try:
                if target.repo is not None:
                    _install(workspace, target, target.repo, force)
            except CoordError as refusal:
                refusals.append(refusal)
    if any(target.is_hub for target in found):
        merge_driver.install(workspace.repo)
    for target in found:
        if target.repo is not None and not target.is_hub and target.registered:
            commits.remember(workspace, target.name, target.repo)
    if refusals:
        raise refusals[0]
    return status(workspace, found)


def _install(workspace: Workspace, target: Target, repo: Repository, force: bool) -> None:
    place = _Place(repo)
    if not place.is_own(repo) and not force:
        _redirect(repo, place)
        place = _Place(repo)
    if not os.path.isdir(place.folder):
        try:
            os.makedirs(place.folder)
        except OSError as error:
            raise files.refused(place.folder, error) from None
        configuration.put(repo.root, {_MADE: "true"})
    hooks = target.hooks()
    for name, background in hooks.items():
        shims.install(place.folder, Sort(name, background=background, before=place.before))
    if place.before:
        _pass_through(repo, place, hooks)
    if not target.is_hub:
        _introduce(workspace, target, repo)


def _redirect(repo: Repository, place: _Place) -> None:
    """Give the repository a hook folder of coord's own, and remember what it stands for."""
    setting = place.setting
    # A relative path stays relative: each linked work tree has such a folder of its own.
    kept = {_BEFORE: setting.path, _SCOPE: setting.scope, _RAW: setting.raw} if setting else {
        _BEFORE: place.folder, _SCOPE: "none"  # .git/hooks is a link to somewhere else
    }  # fmt: skip
    scope = "worktree" if setting is not None and setting.scope == "worktree" else "local"
    os.makedirs(_own_folder(repo), exist_ok=True)
    configuration.put(repo.root, kept)
    configuration.put(repo.root, {git_hooks.NAME: _own_folder(repo)}, scope=scope)


def _pass_through(repo: Repository, place: _Place, hooks: dict[str, bool]) -> None:
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


def _introduce(workspace: Workspace, target: Target, repo: Repository) -> None:
    """Tell a repository its hub and its name there; what the user has set stays."""
    had = configuration.matching(repo.root, r"^coord\.(hub|name|hooks\.set)$", local=True)
    ours = had.get(_SET, "").split()
    wanted = {"hub": workspace.repo.root}
    if is_repo_name(target.name):  # a folder that the registry does not know may have any name
        wanted["name"] = target.name
    new = {key: value for key, value in wanted.items()
           if f"coord.{key}" not in had or key in ours}  # fmt: skip
    configuration.put(repo.root, {f"coord.{key}": value for key, value in new.items()})
    if new:
        configuration.put(repo.root, {_SET: " ".join(new)})


def uninstall(workspace: Workspace, found: list[Target]) -> list[Row]:
    """Take the hooks away and give back what was there before; return what stands there now."""
    notes: dict[tuple[str, str], str] = {}
    with Lock(workspace.repo.common_dir):
        for target in found:
            if target.repo is not None:
                for name, note in _uninstall(target.repo).items():
                    notes[target.name, name] = note
    if any(target.is_hub for target in found):
        merge_driver.uninstall(workspace.repo)
    rows = status(workspace, found)
    for row in rows:
        row.note = notes.get((row.repo, row.hook or ""), row.note)
    return rows


def _uninstall(repo: Repository) -> dict[str, str]:
    place = _Place(repo)
    notes = {}
    if place.redirected:
        _lead_back(repo)
    elif os.path.isdir(place.folder):
        for name in {**REPO_HOOKS, **HUB_HOOKS}:
            note = shims.uninstall(place.folder, name)
            if note:
                notes[name] = note
        if configuration.get(repo.root, _MADE) and not os.listdir(place.folder):
            os.rmdir(place.folder)
    told = configuration.matching(repo.root, r"^coord\.hooks\.", local=True)
    ours = told.get(_SET, "").split()
    configuration.drop(repo.root, *[f"coord.{key}" for key in ours], *told)
    folder = _own_folder(repo)
    if os.path.isdir(folder):
        for name in os.listdir(folder):
            files.remove(os.path.join(folder, name))
        os.rmdir(folder)
    return notes


def _lead_back(repo: Repository) -> None:
    """Let core.hooksPath name again what it named before."""
    scope = configuration.get(repo.root, _SCOPE) or "local"
    raw = configuration.get(repo.root, _RAW)
    if scope in ("local", "worktree") and raw is not None:
        configuration.put(repo.root, {git_hooks.NAME: raw}, scope=scope)
    else:  # it was said for all repositories, and holds again
        configuration.drop(repo.root, git_hooks.NAME)
