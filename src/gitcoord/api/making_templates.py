"""Make a template from a record."""

from __future__ import annotations

from gitcoord.api import read, templates, write
from gitcoord.errors import InvalidError
from gitcoord.model.ids import is_repo_name
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace


def make(workspace: Workspace, name: str, id: str) -> str:
    """Write a template made from a record and return its path."""
    if not is_repo_name(name):
        raise InvalidError(
            f"{name!r} cannot name a template.", hint="Letters, digits, `.`, `_` and `-`."
        )
    entry = read.get(workspace, id)
    with write.transaction(workspace) as tx:
        stored = write.locate(tx, entry.kind, entry.id)
        path = f"{layout.TEMPLATES}/{stored.kind.name}-{name}.yaml"
        tx.write(path, templates.text_of(stored.kind, stored.data).encode())
        tx.message = f"Make template {stored.kind.name}-{name} from {stored.id}"
    return path
