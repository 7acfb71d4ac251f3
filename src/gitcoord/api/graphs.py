"""The graph of what waits for what, for drawing."""

from __future__ import annotations

from gitcoord.api.entry import BRIEF, COLUMNS, Entry, entries

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

    from gitcoord.api.workspace import Workspace


_FEW = 500


class Graph:
    """Records and, for each, the ids it waits for."""

    __slots__ = ("nodes", "waits")

    def __init__(self, nodes: dict[str, Entry], waits: dict[str, list[str]]) -> None:
        self.nodes = nodes
        self.waits = waits


def waiting(
    workspace: Workspace, ids: list[str], *, done: bool = False, brief: bool = False
) -> Graph:
    """Return the records that wait or are waited for; those around some ids if named.

    Finished records are left out unless `done`; `brief` entries carry no JSON.
    """
    view = workspace.view()
    state = "archived = 0" + ("" if done else " AND open = 1")
    there = {row[0] for row in view.execute(f"SELECT id FROM core WHERE {state}")}
    waits: dict[str, list[str]] = {}
    for src, dst in view.execute(
        "SELECT DISTINCT src, dst FROM link WHERE type = 'waits' ORDER BY src, dst"
    ):
        if src in there and dst in there:
            waits.setdefault(src, []).append(dst)
    if ids:
        kept = _around(ids, waits)
        waits = {src: dsts for src, dsts in waits.items() if src in kept}
    linked = {*waits, *(dst for dsts in waits.values() for dst in dsts), *ids}
    return Graph({entry.id: entry for entry in _entries(view, linked, brief)}, waits)


def _entries(view: sqlite3.Connection, ids: set[str], brief: bool) -> list[Entry]:
    columns = BRIEF if brief else COLUMNS
    if len(ids) <= _FEW:
        where = f"r.id IN ({','.join('?' * len(ids))})"
        query = f"SELECT {columns} FROM record r WHERE {where} ORDER BY r.sort"
        return entries(view.execute(query, tuple(ids)))
    found = entries(view.execute(f"SELECT {columns} FROM record r ORDER BY r.sort"))
    return [entry for entry in found if entry.id in ids]


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
