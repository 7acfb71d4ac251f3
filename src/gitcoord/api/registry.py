"""The repositories of the ecosystem: the roles they play, and where they lie on this machine."""

from __future__ import annotations

import os

from gitcoord.api import whereabouts
from gitcoord.codec.read import Malformed, parse
from gitcoord.errors import InvalidError
from gitcoord.git import configuration, objects
from gitcoord.git.repository import Repository, discover
from gitcoord.model.ids import is_repo_name
from gitcoord.store import files, layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.workspace import Workspace

_MOST = 1 << 20


def roles(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the roles of the taxonomy and those in use, each with its repositories."""
    users: dict[str, list[str]] = {}
    for role, repo in workspace.view().execute(
        "SELECT v.value, r.id FROM value v JOIN record r USING (n)"
        " WHERE v.field = 'role' AND r.kind = 'repo' AND r.archived = 0 ORDER BY r.sort"
    ):
        users.setdefault(role, []).append(repo)
    found = [{**role, "repos": users.pop(role["name"], [])} for role in taxonomy(workspace)]
    found += [{"name": name, "description": None, "repos": users[name]} for name in sorted(users)]
    return found


def taxonomy(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the roles that coord/roles.yaml describes."""
    raw = _taxonomy(workspace)
    if raw is None:
        return []
    try:
        data = parse(raw)
    except Malformed as fault:
        raise InvalidError(
            f"{layout.ROLES}:{fault.line}:{fault.column}: {fault.message}", hint=fault.hint
        ) from None
    listed = data.get("roles")
    if not isinstance(listed, list):
        return []
    return [role for role in listed if isinstance(role, dict) and isinstance(role.get("name"), str)]


def _taxonomy(workspace: Workspace) -> bytes | None:
    if workspace.at is not None:
        found = next(objects.blobs(workspace.repo, [f"{workspace.at}:{layout.ROLES}"]))
        return None if found is None else found[:_MOST]
    return files.read(os.path.join(workspace.repo.root, layout.ROLES), _MOST)


def folders(workspace: Workspace) -> dict[str, Repository | None]:
    """Return every repository of the registry with its work tree, None where it is not here.

    Where to look is said in `gitcoord.api.whereabouts`; a bare repository has no work tree.
    """
    rows = workspace.view().execute(
        "SELECT id FROM record WHERE kind = 'repo' AND archived = 0 ORDER BY sort"
    )
    places = whereabouts.folders_of(workspace, [name for (name,) in rows])
    return {name: _repository(place) if place else None for name, place in places.items()}


def _repository(folder: str) -> Repository | None:
    if not whereabouts.is_clone(folder):
        return None
    found = discover(folder)
    return found if found is not None and found.root == os.path.realpath(folder) else None


def name_of(workspace: Workspace, repo: Repository) -> str | None:
    """Return the name under which the registry has a repository, None where it has none."""
    told = configuration.get(repo.root, "coord.name")
    if told is not None and is_repo_name(told):
        return told
    for name, found in folders(workspace).items():
        if found is not None and found.common_dir == repo.common_dir:
            return name
    return None
