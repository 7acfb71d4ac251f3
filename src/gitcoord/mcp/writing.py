"""What the tools that write have in common: names made exact, lists changed, the record told."""

from __future__ import annotations

import json

from gitcoord.api import commits, feedback, links, read, work, write
from gitcoord.mcp.answer import Answer, line, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.api.entry import Entry
    from gitcoord.mcp.call import Call
    from gitcoord.model.kinds import Kind

_DERIVED = ("updated", "archived", "path", "kind")


def show(call: Call, id: str, kind: str) -> Answer:
    """Return one record with the commits that name it and the open records that wait for it."""
    entry = read.get(call.workspace, id, kind)
    data = data_of(entry)
    data["commits"] = [one.as_dict() for one in commits.linked(call.workspace, entry.id)]
    rows = call.workspace.view().execute(
        "SELECT DISTINCT r.id FROM link JOIN record r ON r.id = link.src"
        " WHERE link.dst = ? AND link.type = 'waits' AND r.open = 1 ORDER BY r.sort",
        (entry.id,),
    )
    data["waited_for_by"] = [row[0] for row in rows]
    # A tool that reads commits nothing, so what it opens stays in this clone.
    feedback.opened(call.workspace, str(entry.id), share=False)
    return told(data)


def data_of(entry: Entry) -> dict[str, Any]:
    """Return a record as data, in the shape of the JSON interface."""
    found: dict[str, Any] = json.loads(entry.json())
    return found


def create(call: Call, kind: Kind, data: dict[str, Any], names: Sequence[str]) -> Answer:
    """Add a record; tell of repositories that the registry does not have."""
    made = write.create(call.workspace, kind, data)
    notes = []
    for name, close in links.unregistered(call.workspace, list(names)).items():
        guess = f"; did you mean {close}?" if close else ""
        notes.append(f"{name} is not in the registry{guess}")
    return changed(made, "created", notes)


def change(call: Call, kind: Kind, *changes: write.Change) -> Answer:
    """Change the record that `id` names, with a comment if one is given."""
    id = read.get(call.workspace, call["id"], kind.name).id
    how = list(changes)
    if call.values.get("comment"):
        how.append(work.commented(call.workspace, call["comment"]))
    write.change(call.workspace, kind.name, id, write.chained(*how))
    return changed(read.get(call.workspace, id, kind.name), "is now as asked")


def lists(call: Call, **fields: str) -> list[write.Change]:
    """Return the changes of `add_…` and `remove_…` parameters, by the field that each is of."""
    return [
        write.with_items(
            field, call.values.get(f"add_{name}") or [], call.values.get(f"remove_{name}") or []
        )
        for name, field in fields.items()
    ]


def changed(entry: Entry, what: str, notes: Sequence[str] = ()) -> Answer:
    """Return the record that was just written, in one line and as data."""
    data = {name: value for name, value in data_of(entry).items() if value not in (None, [], {})}
    text = f"{entry.id} {what}: {entry.status}, {line(entry.title or '')}"
    if notes:
        data["notes"] = list(notes)
        text += "".join(f"\nNote: {note}" for note in notes)
    return Answer(text, data)
