"""The graph of what waits for what, for drawing."""

from __future__ import annotations

from gitcoord.api.entry import COLUMNS, Entry, entries

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace


class Graph:
    """Records and, for each, the ids it waits for."""

    __slots__ = ("nodes", "waits")

    def __init__(self, nodes: dict[str, Entry], waits: dict[str, list[str]]) -> None:
        self.nodes = nodes
        self.waits = waits


def waiting(workspace: Workspace, ids: list[str], *, done: bool = False) -> Graph:
    """Return the records that wait or are waited for; those around some ids if named.

    Finished records are left out unless `done`.
    """
    view = workspace.view()
    state = "" if done else " AND r.open = 1"
    nodes = {
        entry.id: entry
        for entry in entries(
            view.execute(
                f"SELECT {COLUMNS} FROM record r WHERE r.archived = 0{state} ORDER BY r.sort"
            )
        )
    }
    waits: dict[str, list[str]] = {}
    for src, dst in view.execute(
        "SELECT DISTINCT src, dst FROM link WHERE type = 'waits' ORDER BY src, dst"
    ):
        if src in nodes and dst in nodes:
            waits.setdefault(src, []).append(dst)
    if ids:
        kept = _around(ids, waits)
        nodes = {id: nodes[id] for id in nodes if id in kept}
        waits = {src: dsts for src, dsts in waits.items() if src in kept}
    linked = {*waits, *(dst for dsts in waits.values() for dst in dsts), *ids}
    return Graph({id: entry for id, entry in nodes.items() if id in linked}, waits)


def _around(ids: list[str], waits: dict[str, list[str]]) -> set[str]:
    """Return what some records wait for and what waits for them, through any number of others."""
    waiters: dict[str, list[str]] = {}
    for src, dsts in waits.items():
        for dst in dsts:
            waiters.setdefault(dst, []).append(src)
    kept = set(ids)
    for edges in (waits, waiters):
        row = list(ids)
        seen = set(ids)
        while row:
            row = [other for id in row for other in edges.get(id, ()) if other not in seen]
            seen.update(row)
        kept |= seen
    return kept
