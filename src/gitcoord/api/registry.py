"""The roles that repositories play."""

from __future__ import annotations

import os

from gitcoord.codec.read import Malformed, parse
from gitcoord.errors import InvalidError
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
