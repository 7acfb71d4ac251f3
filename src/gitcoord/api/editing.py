"""Take a record's text that a person has edited: checked, then written as it is."""

from __future__ import annotations

import os

from gitcoord.api import links, write
from gitcoord.codec.read import Malformed, parse
from gitcoord.errors import ConflictError, InvalidError
from gitcoord.model.kinds import BY_NAME
from gitcoord.store.refusing import refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.entry import Entry
    from gitcoord.api.workspace import Workspace


def text_of(workspace: Workspace, entry: Entry) -> bytes:
    """Return the very text of a record."""
    with open(os.path.join(workspace.repo.root, entry.path), "rb") as file:
        return file.read()


def scratch(workspace: Workspace, entry: Entry, content: bytes) -> str:
    """Write a text for editing beside the index, and return its path."""
    folder = os.path.join(workspace.repo.git_dir, "coord", "edit")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, f"{entry.id}.yaml")
    with open(path, "wb") as file:
        file.write(content)
    return path


def take(
    workspace: Workspace, entry: Entry, before: bytes, after: bytes, *, commit: bool = True
) -> None:
    """Write an edited text; raise `InvalidError` for a fault in it.

    Raises `ConflictError` when the record changed while it was in the editor.
    """
    kind = BY_NAME[entry.kind]
    try:
        data = parse(after)
    except Malformed as fault:
        raise InvalidError(
            f"{fault.line}:{fault.column}: {fault.message}", hint=fault.hint
        ) from None
    refuse(kind, entry.id, data)
    with write.transaction(workspace, commit=commit) as tx:
        if tx.read(entry.path) != before:
            raise ConflictError(
                f"{entry.id} changed while you were editing it.", hint="Edit it again."
            )
        stored = write.locate(tx, entry.kind, entry.id)
        links.refuse_unknown(workspace, kind, data)
        links.refuse_cycle(workspace, kind, entry.id, data)
        tx.write(entry.path, after)
        tx.message = (
            write.message(entry.id, stored.data, data)
            if data != stored.data
            else f"{entry.id}: edit"
        )
    workspace.changed()
