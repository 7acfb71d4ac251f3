"""Which events belong to a record that had other ids before.

What is known of an id flows from each commit to its children, and a renumbering turns it
over to the new id. So where two branches had given one id to two records, each keeps
the history that its own branch brought.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    Turns = dict[str, list[tuple[str, str, str]]]
    """For each commit the renumberings in it: old id, new id, and the parent they came from."""


def rows(connection: sqlite3.Connection, ids: Sequence[str]) -> set[int] | None:
    """Return the row numbers of the events of records; None where just their ids decide."""
    turns: Turns = {}
    query = "SELECT k.oid, n.old, n.new, n.source FROM renumbering n JOIN commits k USING (c)"
    for oid, old, new, source in connection.execute(f"{query} ORDER BY n.rowid"):
        turns.setdefault(oid, []).append((old, new, source))
    concerned = _related(ids, turns)
    if not concerned:
        return None
    numbers, known = _flow(connection, turns, concerned)
    chosen: set[int] = set()
    events = 0
    for id in ids:
        if id in concerned:
            for later in _bearers(id, turns, known):
                events |= known[later]
        else:
            found = connection.execute("SELECT rowid FROM event WHERE id = ?", (id,))
            chosen.update(row for (row,) in found)
    bits = f"{events:b}"[::-1]
    return chosen.union(row for row, bit in zip(numbers, bits, strict=False) if bit == "1")


def _related(ids: Sequence[str], turns: Turns) -> set[str]:
    """Return the ids that renumberings connect with some, and those themselves."""
    joined: dict[str, set[str]] = {}
    for some in turns.values():
        for old, new, _ in some:
            joined.setdefault(old, set()).add(new)
            joined.setdefault(new, set()).add(old)
    found: set[str] = set()
    left = [id for id in ids if id in joined]
    while left:
        id = left.pop()
        if id not in found:
            found.add(id)
            left += joined[id]
    return found


def _flow(
    connection: sqlite3.Connection, turns: Turns, ids: set[str]
) -> tuple[list[int], dict[str, int]]:
    """Return the rows of all events of some ids, and which of them each id has in the end.

    A set of events is a number, with a bit for each.
    """
    numbers: list[int] = []
    own: dict[str, dict[str, int]] = {}
    query = "SELECT e.rowid, k.oid FROM event e JOIN commits k USING (c) WHERE e.id = ?"
    for id in sorted(ids):
        for row, oid in connection.execute(query, (id,)):
            at = own.setdefault(oid, {})
            at[id] = at.get(id, 0) | 1 << len(numbers)
            numbers.append(row)
    query = "SELECT oid, parents FROM commits ORDER BY rank, height, oid"
    graph = [(oid, parents.split()) for oid, parents in connection.execute(query)]
    known = _Known([parent for _, parents in graph for parent in parents])
    found: dict[str, int] = {}
    for oid, parents in graph:
        found = _joined(parents, known, turns.get(oid, []))
        for id, events in own.get(oid, {}).items():
            found[id] = found.get(id, 0) | events
        known.put(oid, found)
    return numbers, {id: found.get(id, 0) for id in ids}


class _Known:
    """What is known in each commit, for as long as it has children that have not taken it."""

    __slots__ = ("_held", "_left")

    def __init__(self, parents: list[str]) -> None:
        self._held: dict[str, dict[str, int]] = {}
        self._left: dict[str, int] = {}
        for parent in parents:
            self._left[parent] = self._left.get(parent, 0) + 1

    def put(self, oid: str, found: dict[str, int]) -> None:
        """Hold what is known in a commit."""
        self._held[oid] = found

    def take(self, oid: str) -> dict[str, int]:
        """Return it for one child: a copy, or itself to the last one."""
        self._left[oid] -= 1
        if not self._left[oid]:
            return self._held.pop(oid, {})
        return dict(self._held.get(oid, {}))


def _joined(parents: list[str], known: _Known, here: list[tuple[str, str, str]]) -> dict[str, int]:
    """Return what a commit takes over from its parents."""
    found: dict[str, int] = {}
    for parent in parents:
        was = known.take(parent)
        turned = {old: new for old, new, source in here if source == parent}
        if not found and not turned:
            found = was
            continue
        for id, events in was.items():
            id = turned.get(id, id)
            found[id] = found.get(id, 0) | events
    return found


def _bearers(id: str, turns: Turns, known: dict[str, int]) -> set[str]:
    """Return an id that somebody has or had to the end; else the ids that took its place."""
    found: set[str] = set()
    left, seen = [id], {id}
    while left:
        one = left.pop()
        if known[one]:
            found.add(one)
            continue
        after = {new for some in turns.values() for old, new, _ in some if old == one} - seen
        seen |= after
        left += after
    return found
