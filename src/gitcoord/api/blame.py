"""Who gave each field of a record the value it has, when, and in which commit."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from gitcoord.api import read
from gitcoord.codec.read import MAX_BYTES, Malformed, parse
from gitcoord.git import objects, refs
from gitcoord.history import read as history
from gitcoord.model.compare import flatten, same
from gitcoord.store import files, layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace
    from gitcoord.history.event import Event


class Line(NamedTuple):
    """One field and its value; the rest is None for a value that is not committed."""

    field: str
    value: Any
    author: str | None
    time: int | None
    commit: str | None


def blame(workspace: Workspace, id: str) -> list[Line]:
    """Return the fields of a record, each with the last commit that gave it its value.

    Raises `NotFoundError` when there is no such record now, or at the commit that is asked for.
    """
    entry = read.get(workspace, id)
    committed = _committed(workspace, entry.path)
    now = _now(workspace, entry.path) if workspace.at is None else committed or {}
    events = history.select(workspace.repo, history.Wanted(), ids=[entry.id], commit=workspace.at)
    setters = _setters(events)
    found = []
    for field, value in now.items():
        if committed is not None and not same(committed.get(field), value):
            found.append(Line(field, value, None, None, None))
            continue
        event = next(
            (one for new, one in reversed(setters.get(field, [])) if same(new, value)), None
        )
        if event is None:
            found.append(Line(field, value, None, None, None))
        else:
            found.append(Line(field, value, event.author, event.time, event.commit))
    return found


def _now(workspace: Workspace, path: str) -> dict[str, Any]:
    return flatten(parse(files.read(os.path.join(workspace.repo.root, path), MAX_BYTES) or b""))


def _setters(events: list[Event]) -> dict[str, list[tuple[Any, Event]]]:
    """Return for each field the values that it was given, oldest first."""
    found: dict[str, list[tuple[Any, Event]]] = {}
    for event in events:
        if event.field is None:
            values = flatten(event.new) if isinstance(event.new, dict) else {}
        else:
            values = flatten({event.field: event.new})
        for field, value in values.items():
            found.setdefault(field, []).append((value, event))
    return found


def _committed(workspace: Workspace, path: str) -> dict[str, Any] | None:
    """Return the values a record has in a commit; None where what is there cannot be read."""
    commit = workspace.at or refs.head(workspace.repo)
    if commit is None:
        return {}
    names = [f"{commit}:{path}", f"{commit}:{layout.beside(path)}"]
    for raw in objects.blobs(workspace.repo, names):
        if raw is not None:
            try:
                return flatten(parse(raw))
            except Malformed:
                return None
    return {}
