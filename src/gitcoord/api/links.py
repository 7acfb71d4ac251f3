"""Links of a record that is about to be written: they lead somewhere, and not in a circle."""

from __future__ import annotations

import os

from gitcoord.errors import InvalidError
from gitcoord.model.kinds import DEPENDENCY, KINDS, REPO
from gitcoord.model.links import WAITS, links_of
from gitcoord.model.suggest import nearest
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.model.kinds import Kind

_LISTS = ("blocked_by", "dependencies", "blocking", "issues", "todos")
_SINGLE = ("issue", "plan")
_REPOS = ("repo", "consumer", "provider")


def outgoing(kind: Kind, data: dict[str, Any]) -> dict[str, set[str]]:
    """Return the ids that a record names, by field."""
    found: dict[str, set[str]] = {}
    for field in _LISTS:
        value = data.get(field)
        if isinstance(value, list):
            found[field] = {item for item in value if isinstance(item, str)}
    for field in _SINGLE:
        if isinstance(data.get(field), str) and kind.name != field:
            found[field] = {data[field]}
    return found


def refuse_unknown(
    workspace: Workspace,
    kind: Kind,
    data: dict[str, Any],
    *,
    only: dict[str, set[str]] | None = None,
) -> None:
    """Raise `InvalidError` when a record would name one that is not there."""
    for field, ids in (only if only is not None else outgoing(kind, data)).items():
        for id in sorted(ids):
            if not _exists(workspace, id):
                close = nearest(id, _all_ids(workspace))
                raise InvalidError(
                    f"{field}: there is no record {id}.",
                    hint=f"Did you mean {close}?" if close else "`coord list` shows what there is.",
                )


def spelled(
    workspace: Workspace, kind: Kind, data: dict[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    """Return new data with what it names as the hub writes it.

    `issue-001` finds `ISSUE-001`, a nickname its repository. What the data had before stays.
    """
    changed: dict[str, Any] = {}
    for field in _REPOS:
        if (
            field in kind.fields
            and isinstance(data.get(field), str)
            and data[field] != before.get(field)
        ):
            changed[field] = repo_name(workspace, data[field])
    if "repos" in kind.fields and isinstance(data.get("repos"), list):
        had = before.get("repos") or ()
        names = [
            repo_name(workspace, name) if name not in had and isinstance(name, str) else name
            for name in data["repos"]
        ]
        if names != data["repos"]:
            changed["repos"] = list(dict.fromkeys(names))
    return data | changed | _linked(workspace, kind, data, before)


def _linked(
    workspace: Workspace, kind: Kind, data: dict[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    had = outgoing(kind, dict(before))
    for field, ids in outgoing(kind, data).items():
        fresh = sorted(ids - had.get(field, set()))
        other = {id: _spelling(workspace, id) for id in fresh if not _exists(workspace, id)}
        if field in _SINGLE:
            changed[field] = other.get(data[field]) or data[field]
        elif any(other.values()):
            changed[field] = [
                other.get(item) or item if isinstance(item, str) else item for item in data[field]
            ]
    return changed


def _spelling(workspace: Workspace, id: str) -> str | None:
    row = (
        workspace.view()
        .execute("SELECT id FROM record WHERE id = ? COLLATE NOCASE AND kind <> 'repo'", (id,))
        .fetchone()
    )
    return str(row[0]) if row else None


def _exists(workspace: Workspace, id: str) -> bool:
    return any(
        os.path.lexists(os.path.join(workspace.repo.root, layout.path_of(kind, id, archived=away)))
        for kind in KINDS
        if layout.fits(kind, id)
        for away in (False, True)
    )


def _all_ids(workspace: Workspace) -> list[str]:
    found = []
    for kind in KINDS:
        folder = os.path.join(workspace.repo.root, layout.ROOT, kind.folder)
        if os.path.isdir(folder):
            found += [name.removesuffix(".yaml") for name in sorted(os.listdir(folder))]
    return found[:20000]


def repo_name(workspace: Workspace, name: str) -> str:
    """Return the registered name for a repository's name or nickname; another name as it is."""
    if _registered(workspace, name) or not _registry(workspace):
        return name
    row = (
        workspace.view()
        .execute(
            "SELECT r.id FROM value v JOIN record r USING (n)"
            " WHERE v.field IN ('nickname', 'repo') AND v.value = ? AND r.kind = 'repo'",
            (name,),
        )
        .fetchone()
    )
    return str(row[0]) if row else name


def unregistered(workspace: Workspace, names: list[str]) -> dict[str, str | None]:
    """Return the names that no repository of the registry has, each with the nearest that has.

    An empty registry takes every name.
    """
    missing = [name for name in names if not _registered(workspace, repo_name(workspace, name))]
    known = _registry(workspace) if missing else []
    return {name: nearest(name, known) for name in missing} if known else {}


def _registered(workspace: Workspace, name: str) -> bool:
    path = os.path.join(workspace.repo.root, layout.path_of(REPO, name))
    return layout.fits(REPO, name) and os.path.exists(path)


def _registry(workspace: Workspace) -> list[str]:
    folder = os.path.join(workspace.repo.root, layout.ROOT, REPO.folder)
    if not os.path.isdir(folder):
        return []
    return [name[:-5] for name in sorted(os.listdir(folder)) if name.endswith(".yaml")]


def refuse_cycle(workspace: Workspace, kind: Kind, id: str, data: dict[str, Any]) -> None:
    """Raise `InvalidError` when the links of a record would close a circle."""
    mine = [link for link in links_of(kind.name, id, data) if link.type == WAITS]
    if not mine:
        return
    from gitcoord.index import derive  # a record without links needs no graph
    from gitcoord.model import graph

    waits = derive.waits_of(workspace.view())
    before = {tuple(members) for members in graph.components(waits)}
    for link in mine:
        waits.setdefault(link.src, [])
        if link.dst not in waits[link.src]:
            waits[link.src] = [*waits[link.src], link.dst]
    for members in graph.components(waits):
        if tuple(members) not in before and id in members:
            path = " → ".join(graph.loop(waits, members))
            raise InvalidError(
                f"That would make a circle: {path}.", hint="Drop one of these links first."
            )


def refuse_itself(kind: Kind, data: Mapping[str, Any]) -> None:
    """Raise `InvalidError` for a repository that would depend on itself."""
    if kind is DEPENDENCY and data.get("consumer") == data.get("provider"):
        raise InvalidError(
            f"{data.get('consumer')} cannot depend on itself.", hint="Name another --provider."
        )
