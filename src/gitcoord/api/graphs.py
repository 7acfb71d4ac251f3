"""The graph of what waits for what, for drawing."""

from __future__ import annotations

from gitcoord.api.entry import COLUMNS, Entry, entries

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace

    Node = tuple[str, str | None, str | None, int]

_FEW = 500


class Graph:
    """Records and, for each, the ids it waits for.

    A node is id, title, status and whether it is blocked: of ten thousand a drawing needs no more.
    """

    __slots__ = ("nodes", "waits")

    def __init__(self, nodes: dict[str, Node], waits: dict[str, list[str]]) -> None:
        self.nodes = nodes
        self.waits = waits


def waiting(workspace: Workspace, ids: list[str], *, done: bool = False) -> Graph:
    """Return the records that wait or are waited for; those around some ids if named.

    Finished records are left out unless `done`.
    """
    state = "archived = 0" + ("" if done else " AND open = 1")
    marks = ",".join("?" * len(ids))
    query = (
        "SELECT id, title, status, blocked, archived = 0 AND (open = 1 OR ?) FROM core"
        f" WHERE ({state}) OR id IN ({marks}) ORDER BY sort"
    )
    rows = workspace.view().execute(query, (int(done), *ids)).fetchall()
    there = {row[0] for row in rows if row[4]}
    waits: dict[str, list[str]] = {}
    # Most links are of finished records: what is left is sorted here in half the time.
    for src, dst in workspace.view().execute("SELECT src, dst FROM link WHERE type = 'waits'"):
        if src in there and dst in there:
            if src in waits:
                waits[src].append(dst)
            else:
                waits[src] = [dst]
    waits = {src: sorted(set(waits[src])) for src in sorted(waits)}
    if ids:
        kept = _around(ids, waits)
        waits = {src: dsts for src, dsts in waits.items() if src in kept}
    linked = {*waits, *ids}.union(*waits.values())
    return Graph({row[0]: row[:4] for row in rows if row[0] in linked}, waits)


def records(workspace: Workspace, graph: Graph) -> list[Entry]:
    """Return the whole records of a graph, in its order."""
    ids = graph.nodes
    if len(ids) <= _FEW:
        where = f"r.id IN ({','.join('?' * len(ids))})"
        query = f"SELECT {COLUMNS} FROM record r WHERE {where} ORDER BY r.sort"
        found = entries(workspace.view().execute(query, tuple(ids)))
    else:
        query = f"SELECT {COLUMNS} FROM record r ORDER BY r.sort"
        found = [one for one in entries(workspace.view().execute(query)) if one.id in ids]
    return list({entry.id: entry for entry in found}.values())


def _around(ids: list[str], waits: dict[str, list[str]]) -> set[str]:
    """Return what some records wait for and what waits for them, through any number of others."""
    waiters: dict[str, list[str]] = {}
    for src, dsts in waits.items():
        for dst in dsts:
            if dst in waiters:
                waiters[dst].append(src)
            else:
                waiters[dst] = [src]
    kept = set(ids)
    for edges in (waits, waiters):
        row = list(ids)
        seen = set(ids)
        while row:
            row = [other for id in row for other in edges.get(id, ()) if other not in seen]
            seen.update(row)
        kept |= seen
    return kept
