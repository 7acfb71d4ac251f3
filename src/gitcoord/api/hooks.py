"""Hooks in the hub and in every repository of the ecosystem: put them there, tell, take away.

Which repositories are meant is said by `hook_targets`; where their hooks lie, by `hook_places`.
"""

from __future__ import annotations

import os

from gitcoord.api import commits, hook_places, hook_targets, merge_driver, shims
from gitcoord.api.shims import Sort
from gitcoord.errors import CoordError
from gitcoord.git import configuration
from gitcoord.model.ids import is_repo_name
from gitcoord.store import files
from gitcoord.store.lock import Folder, Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitcoord.api.hook_targets import Target
    from gitcoord.api.workspace import Workspace
    from gitcoord.git.repository import Repository

ABSENT = "not on this machine"
_DRIVER = "merge-driver"
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


def status(workspace: Workspace, found: list[Target]) -> list[Row]:
    """Return what stands in the place of each hook."""
    return [row for target in found for row in _rows(target)]


def _rows(target: Target) -> Iterator[Row]:
    if target.repo is None:
        yield Row(target.name, None, ABSENT,
                  note=f"git config coord.repo.{target.name}.path PATH, in the hub, says where it is")  # fmt: skip
        return
    place = hook_places.Place(target.repo)
    for name, background in target.hooks().items():
        sort = Sort(name, background=background, before=place.before)
        yield Row(target.name, name, shims.state(place.folder, sort, target.repo.root),
                  os.path.join(place.folder, name), place.note)  # fmt: skip
    if target.is_hub:
        yield Row(target.name, _DRIVER, merge_driver.installed(target.repo))


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
    place = hook_places.Place(repo)
    if not place.is_own(repo) and not force:
        hook_places.redirect(repo, place)
        place = hook_places.Place(repo)
    if not os.path.isdir(place.folder):
        try:
            os.makedirs(place.folder)
        except OSError as error:
            raise files.refused(place.folder, error) from None
        configuration.put(repo.root, {_MADE: "true"})
    hooks = target.hooks()
    with Folder(place.folder):  # another hub may know the same repository
        for name, background in hooks.items():
            shims.install(place.folder, Sort(name, background=background, before=place.before))
    if place.before:
        hook_places.pass_through(repo, place, hooks)
    if not target.is_hub:
        _introduce(workspace, target, repo)


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
    place = hook_places.Place(repo)
    notes = {}
    if place.redirected:
        hook_places.lead_back(repo)
    elif os.path.isdir(place.folder):
        for name in {**hook_targets.REPO_HOOKS, **hook_targets.HUB_HOOKS}:
            note = shims.uninstall(place.folder, name)
            if note:
                notes[name] = note
        if configuration.get(repo.root, _MADE) and not os.listdir(place.folder):
            os.rmdir(place.folder)
    told = configuration.matching(repo.root, r"^coord\.hooks\.", local=True)
    ours = told.get(_SET, "").split()
    configuration.drop(repo.root, *[f"coord.{key}" for key in ours], *told)
    folder = hook_places.own_folder(repo)
    if os.path.isdir(folder):
        for name in os.listdir(folder):
            files.remove(os.path.join(folder, name))
        os.rmdir(folder)
    return notes
