"""Which repositories of the registry are meant, by name, nickname or role."""

from __future__ import annotations

from gitcoord.api import links
from gitcoord.codec.native import loads
from gitcoord.errors import NotFoundError
from gitcoord.model.suggest import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitcoord.api.workspace import Workspace


def selected(workspace: Workspace, repos: Sequence[str], roles: Sequence[str]) -> list[str]:
    """Return the repositories of the registry that are meant; raise for a name it does not have."""
    known = registered(workspace)
    wanted = [links.repo_name(workspace, name) for name in repos]
    for name in wanted:
        if name not in known:
            close = nearest(name, known)
            raise NotFoundError(
                f"There is no repository {name}" + (f"; did you mean {close}?" if close else "."),
                hint="`coord repo list` shows all.",
            )
    in_use = {role for role in known.values() if role}
    for role in roles:
        if role not in in_use:
            raise NotFoundError(
                f"No repository has the role {role}.", hint="`coord role list` shows all."
            )
    return [
        name for name, role in known.items()
        if (not wanted or name in wanted) and (not roles or role in roles)
    ]  # fmt: skip


def registered(workspace: Workspace) -> dict[str, str | None]:
    """Return every repository of the registry with its role, None where it plays none."""
    return dict(
        workspace.view().execute(
            "SELECT r.id, (SELECT v.value FROM value v WHERE v.n = r.n AND v.field = 'role')"
            " FROM record r WHERE r.kind = 'repo' AND r.archived = 0 ORDER BY r.sort"
        )
    )


def roles_of(workspace: Workspace) -> dict[str, str]:
    """Return the role of every repository that plays one, archived ones too."""
    rows = workspace.view().execute(
        "SELECT r.id, v.value FROM record r JOIN value v USING (n)"
        " WHERE r.kind = 'repo' AND v.field = 'role'"
    )
    return dict(rows.fetchall())


def tags_of(workspace: Workspace) -> dict[str, set[str]]:
    """Return the tags of every repository of the registry that has any."""
    rows = workspace.view().execute(
        "SELECT id, json FROM record WHERE kind = 'repo' AND json LIKE '%\"tags\"%'"
    )
    found = {name: loads(text + "}").get("tags") for name, text in rows}
    return {
        name: {tag for tag in tags if isinstance(tag, str)}
        for name, tags in found.items()
        if isinstance(tags, list)
    }
