"""Where the commands of records run, and whether what lies there is reviewed.

A record can come from anybody, also the record of a repository, whose `path` says where
a trusted command would find its files. So a folder is reviewed only if git's
configuration names it, or if the protected branch says the same of it.
"""

from __future__ import annotations

import os

from gitcoord.api import whereabouts
from gitcoord.errors import NoHubError
from gitcoord.git import reviewed, strange
from gitcoord.git.repository import bare, discover
from gitcoord.model.kinds import REPO
from gitcoord.running.surroundings import inside
from gitcoord.store import layout
from gitcoord.store.trust import Ground

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitcoord.api.workspace import Workspace
    from gitcoord.git.repository import Repository
    from gitcoord.git.reviewed import Setting
    from gitcoord.store.protected import Protected


def grounds(
    workspace: Workspace, names: set[str], protected: Protected, configured: list[Setting]
) -> dict[str, Ground]:
    """Return the ground of each repository."""
    known = {name for name in names if layout.fits(REPO, name)}
    folders = whereabouts.folders_of(workspace, sorted(known))
    set_here = {one.key for one in configured}
    here = _recorded(workspace)
    there = _reviewed(workspace, known, protected)
    found = {name: Ground(None, reason=f"{name!r} is no repository") for name in names - known}
    for name in known:
        same = f"coord.repo.{name}.path" in set_here or here.get(name, set()) == there.get(name)
        found[name] = _ground(workspace, name, folders[name], same, protected, configured)
    return found


def _recorded(workspace: Workspace) -> dict[str, set[str]]:
    """Return the paths that records of repositories name in the work tree."""
    from gitcoord.codec.native import loads  # only for what is run

    found: dict[str, set[str]] = {}
    rows = workspace.view().execute("SELECT id, json FROM record WHERE kind = 'repo'")
    for id, text in rows:
        path = loads(text + "}").get("repo_path")
        if isinstance(path, str):
            found.setdefault(id, set()).add(path)
    return found


def _reviewed(
    workspace: Workspace, names: set[str], protected: Protected
) -> Mapping[str, set[str]]:
    """Return the paths that the protected branch names for some repositories."""
    from gitcoord.codec.read import Malformed, parse  # only for what is run

    if protected.commit is None:
        return {}
    places = {layout.path_of(REPO, name, archived=archived): name
              for name in sorted(names) for archived in (False, True)}  # fmt: skip
    found: dict[str, set[str]] = {name: set() for name in names}
    for file, raw in reviewed.files(workspace.repo, protected.commit, list(places)).items():
        try:
            path = parse(raw).get("path")
        except Malformed:
            continue
        if isinstance(path, str):
            found[places[file]].add(path)
    return found


def _ground(
    workspace: Workspace,
    name: str,
    folder: str | None,
    same: bool,
    protected: Protected,
    configured: list[Setting],
) -> Ground:
    if folder is None:
        return Ground(None, reason=f"{name} is not on this machine;"
                                   f" `git config coord.repo.{name}.path DIR` tells where it is")  # fmt: skip
    if bare(folder) is not None:
        return Ground(os.path.realpath(folder), same, bare=True)
    try:
        found = discover(folder)
    except (NoHubError, OSError):
        found = None
    if found is None or not whereabouts.is_clone(folder):
        return Ground(None, reason=f"{folder} has no work tree")
    hub, folder = workspace.repo, os.path.realpath(folder)
    if found.common_dir != hub.common_dir and not inside(folder, hub.root):
        return Ground(folder, same)
    doubt = _doubt(hub, found, protected, configured)
    return Ground(folder, same, own=True, clean=doubt is None, reason=doubt or "")


def _doubt(
    hub: Repository, found: Repository, protected: Protected, configured: list[Setting]
) -> str | None:
    """Return why the files of the hub may be somebody's pull request; None if they are reviewed."""
    if protected.commit is None:
        if not any(one.key.startswith("remote.") for one in configured):
            return None  # nobody but the user has written them
        return f"and which of its files are reviewed is not known: {protected.reason}"
    mine = found if found.common_dir == hub.common_dir else hub
    if not reviewed.stands_on(mine, protected.commit):
        return f"whose files here are not those of {protected.name}"
    nested = os.path.relpath(found.root, mine.root) + "/"
    odd = (path for path in strange.paths(mine) if path != nested and not _is_data(mine, path))
    first = next(odd, None)
    if first is None:
        return None
    return f"whose files here are not those of {protected.name}: {first} has not been reviewed"


def _is_data(repo: Repository, path: str) -> bool:
    """Whether a path is that of a record or a setting in a plain file: those are never run."""
    known = layout.place(path) is not None or path in (layout.SETTINGS, layout.ROLES)
    full = os.path.join(repo.root, path)
    return known and not os.path.islink(full) and (os.path.isfile(full) or not os.path.exists(full))
