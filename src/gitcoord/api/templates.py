"""Templates: part of a record that new ones start from, kept in `coord/templates/`."""

from __future__ import annotations

import os

from gitcoord.codec import emit, plain
from gitcoord.errors import InvalidError, NotFoundError
from gitcoord.model.suggest import nearest
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.model.kinds import Kind

_OWN = ("id", "created", "updated", "comments", "status", "actual_hours")
"""Fields that belong to one record and to no other."""


def names(workspace: Workspace) -> list[str]:
    """Return the names of the templates, as KIND-NAME."""
    root = workspace.repo.root
    if plain.linked(root, layout.TEMPLATES):
        return []
    try:
        with os.scandir(os.path.join(root, layout.TEMPLATES)) as entries:
            return sorted(
                entry.name.removesuffix(".yaml")
                for entry in entries
                if entry.name.endswith(".yaml") and entry.is_file(follow_symlinks=False)
            )
    except (FileNotFoundError, NotADirectoryError):
        return []


def start(workspace: Workspace, kind: Kind, name: str | None) -> dict[str, Any]:
    """Return the data a new record starts from: {} without a template."""
    if name is None:
        return {}
    from gitcoord.codec.read import MAX_BYTES, Malformed, parse  # only with a template

    have = [full for full in names(workspace) if full.startswith(f"{kind.name}-")]
    wanted = f"{kind.name}-{name}"
    if wanted not in have:
        close = nearest(wanted, have)
        raise NotFoundError(
            f"There is no template {name!r} for a {kind.name}.",
            hint=f"Did you mean {close.partition('-')[2]}?" if close else "`coord template list`",
        )
    path = os.path.join(workspace.repo.root, layout.TEMPLATES, f"{wanted}.yaml")
    try:
        return parse(plain.read(path, MAX_BYTES) or b"")
    except Malformed as fault:
        raise InvalidError(
            f"{layout.TEMPLATES}/{wanted}.yaml:{fault.line}:{fault.column}: {fault.message}",
            hint=fault.hint,
        ) from None


def text_of(kind: Kind, data: dict[str, Any]) -> str:
    """Return the text of a template made from a record."""
    kept = {key: value for key, value in data.items() if key not in _OWN}
    return emit.dump(kept, kind.fields)
