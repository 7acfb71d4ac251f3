"""The repositories of the ecosystem: the roles they play, and where they lie on this machine."""

from __future__ import annotations

import os

from gitcoord.codec.read import Malformed, parse
from gitcoord.errors import InvalidError
from gitcoord.git import configuration
from gitcoord.git.repository import Repository, discover
from gitcoord.model.ids import is_repo_name
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.workspace import Workspace


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
    path = os.path.join(workspace.repo.root, layout.ROLES)
    try:
        with open(path, "rb") as file:
            data = parse(file.read(1 << 20))
    except FileNotFoundError:
        return []
    except Malformed as fault:
        raise InvalidError(
            f"{layout.ROLES}:{fault.line}:{fault.column}: {fault.message}", hint=fault.hint
        ) from None
    listed = data.get("roles")
    if not isinstance(listed, list):
        return []
    return [role for role in listed if isinstance(role, dict) and isinstance(role.get("name"), str)]


def folders(workspace: Workspace) -> dict[str, Repository | None]:
    """Return every repository of the registry with its work tree, None where it is not here.

    Git config `coord.repo.NAME.path` of the hub goes first, then the record's own `path`,
    then a folder of that name beside the hub. What a record names counts only where a
    repository begins in exactly that folder.
    """
    set_here = configuration.matching(workspace.repo.root, r"^coord\.repo\..*\.path$")
    rows = workspace.view().execute(
        "SELECT id, json FROM record WHERE kind = 'repo' AND archived = 0 ORDER BY sort"
    )
    return {name: _here(workspace, name, said, set_here) for name, said in rows}


def _here(
    workspace: Workspace, name: str, said: str, set_here: dict[str, str]
) -> Repository | None:
    own = set_here.get(f"coord.repo.{name}.path")
    if own is not None:  # the user's word: what it names is not looked for elsewhere
        return _repository(os.path.join(workspace.repo.root, own))
    for place in (_recorded(said), *_beside(workspace, name)):
        found = _repository(os.path.join(workspace.repo.root, place)) if place else None
        if found is not None:
            return found
    return None


def _recorded(said: str) -> str | None:
    from gitcoord.codec.native import loads  # JSON is YAML, and `json` takes longer to load

    path = loads(said + "}").get("repo_path")
    return os.path.expanduser(path) if isinstance(path, str) and "\0" not in path else None


def _beside(workspace: Workspace, name: str) -> list[str]:
    """Return the folders of a name beside the hub; a linked work tree may lie elsewhere."""
    places = [workspace.repo.root, os.path.dirname(workspace.repo.common_dir)]
    return [os.path.join(os.path.dirname(place), name) for place in dict.fromkeys(places)]


def _repository(folder: str) -> Repository | None:
    if not os.path.lexists(os.path.join(folder, ".git")):
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
