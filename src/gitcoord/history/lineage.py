"""Which events belong to a record that had other ids before.

A renumbering takes along what was known of the old id in the commit it came from, and
leaves the rest to whoever has that id: two branches may have given it to two records.
"""

from __future__ import annotations

from gitcoord.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from gitcoord.git.repository import Repository


def rows(connection: sqlite3.Connection, repo: Repository, ids: Sequence[str]) -> set[int] | None:
    """Return the row numbers of the events of records; None where just their ids decide."""
    found = _Lineage(connection, repo)
    if not any(found.concerns(id) for id in ids):
        return None
    chosen: set[int] = set()
    for id in ids:
        chosen |= found.whole(id)
    return chosen


class _Renumbering:
    """One record that got another id, in a commit, coming from one of its parents."""

    __slots__ = ("new", "number", "oid", "old", "source")

    def __init__(self, number: int, old: str, new: str, source: str, oid: str) -> None:
        self.number = number
        self.old = old
        self.new = new
        self.source = source
        self.oid = oid


class _Lineage:
    """The renumberings of a history, and what could be reached from where they came."""

    def __init__(self, connection: sqlite3.Connection, repo: Repository) -> None:
        self._connection = connection
        self._repo = repo
        query = (
            "SELECT n.rowid, n.old, n.new, n.source, k.oid FROM renumbering n"
            " JOIN commits k USING (c) ORDER BY n.rowid"
        )
        self._all = [_Renumbering(*row) for row in connection.execute(query)]
        self._reached: dict[str, set[str]] = {}

    def concerns(self, id: str) -> bool:
        """Whether an id was ever given up or taken by a renumbering."""
        return any(id in (one.old, one.new) for one in self._all)

    def whole(self, id: str) -> set[int]:
        """Return the events of who has an id, or, where nobody has it, of who had it."""
        found = self._back(id, None)
        if not found:
            for one in self._all:
                if one.old == id:
                    found |= self._back(one.new, None) | self._back(one.old, self._before(one))
        return found

    def _back(self, id: str, within: set[str] | None) -> set[int]:
        """Return the events of an id as it was within some commits, and of its earlier ids."""
        taken: set[str] = set()
        for one in self._all:
            if one.old == id and (within is None or one.oid in within):
                taken |= self._before(one)
        query = "SELECT e.rowid, k.oid FROM event e JOIN commits k USING (c) WHERE e.id = ?"
        found = {
            row
            for row, oid in self._connection.execute(query, (id,))
            if oid not in taken and (within is None or oid in within)
        }
        for one in self._all:
            inside = (within is None or one.oid in within) and one.oid not in taken
            if one.new == id and inside:
                found |= self._back(one.old, self._before(one))
        return found

    def _before(self, one: _Renumbering) -> set[str]:
        """Return the commits that could be reached from where a renumbering came."""
        if one.source not in self._reached:
            out = process.call(self._repo.root, "rev-list", one.source)
            self._reached[one.source] = set(out.decode().split())
        return self._reached[one.source]
