"""What follows from the links: blocked, ready, the order worth doing, cycles.

A record is blocked while something it waits for is unfinished, or while somebody says
so by its status. Only what a change can reach is computed anew: the changed records,
those that wait for them, and those they wait for.
"""

from __future__ import annotations

from gitcoord.codec import jsontext
from gitcoord.model import graph
from gitcoord.model.kinds import BY_NAME, PRIORITIES
from gitcoord.model.moments import date

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from typing import Any

    Fact = tuple[Any, ...]

_UNSET = PRIORITIES.index("medium")
_LEAST = len(PRIORITIES)
_EPOCH = date(1970, 1, 1).toordinal()
_FAR = (1 << 17) - 1
_FACTS = "n, id, kind, status, open, priority, target, created"
_MET = ("satisfied", "deprecated")
_HOLDS = (
    "(open = 1 OR (kind = 'dependency' AND archived = 0"
    " AND coalesce(status, '') NOT IN ('satisfied', 'deprecated')))"
)


def derive(connection: sqlite3.Connection, changed: set[str] | None, relinked: set[str]) -> None:
    """Bring the derived columns up to date.

    `changed` are the ids whose records came, went or changed (None: all of them),
    `relinked` those among them whose links did.
    """
    if changed is None:
        rows = connection.execute(f"SELECT {_FACTS}, archived FROM core ORDER BY path").fetchall()
        links = connection.execute("SELECT src, dst FROM link WHERE type = 'waits'").fetchall()
        near = whole_graph(rows, links)
        _store(connection, judged([row[:-1] for row in rows], near))
        mark(connection, cyclic(near))
    else:
        around = set(changed)
        for id in changed:
            around.update(
                _ids(connection, "SELECT src FROM link WHERE dst = ? AND type='waits'", id)
            )
            around.update(
                _ids(connection, "SELECT dst FROM link WHERE src = ? AND type='waits'", id)
            )
        rows = connection.execute(
            f"SELECT {_FACTS} FROM core WHERE id IN ({','.join('?' * len(around))})", tuple(around)
        ).fetchall()
        _store(connection, judged(rows, _load_near(connection, around)))
        if relinked:
            _cycles(connection, relinked)


class Near:
    """The part of the graph that is looked at: what each record waits for, and who waits for it.

    `waiting` is how many open records wait for a record, `urgency` the rank of the most
    urgent of them, `holds` the ids of the records that hold others up.
    """

    __slots__ = ("holds", "urgency", "waiting", "waits")

    def __init__(self) -> None:
        self.waits: dict[str, list[str]] = {}
        self.waiting: dict[str, int] = {}
        self.urgency: dict[str, int] = {}
        self.holds: set[str] = set()

    def wait(self, others: Iterable[str], priority: int | None) -> None:
        """Count an open record with a priority among those that wait for others."""
        rank = _UNSET if priority is None else priority
        waiting, urgency = self.waiting, self.urgency
        for other in others:
            waiting[other] = waiting.get(other, 0) + 1
            if rank < urgency.get(other, _LEAST):
                urgency[other] = rank


def whole_graph(rows: Iterable[Fact], links: Iterable[tuple[str, str]]) -> Near:
    """Return the whole graph, from every record's facts and `archived`, in the order of paths."""
    near = Near()
    waits = near.waits
    for src, dst in links:
        if src in waits:
            waits[src].append(dst)
        else:
            waits[src] = [dst]
    for src, others in waits.items():
        if len(others) > 1:
            waits[src] = sorted(set(others))
    ranks: dict[str, int | None] = {}
    for _, id, kind, status, is_open, priority, _, _, archived in rows:
        # Of two records with one id the one outside the archive counts: it comes later.
        if is_open:
            ranks[id] = priority
        elif id in ranks:
            del ranks[id]
        if is_open or (kind == "dependency" and not archived and status not in _MET):
            near.holds.add(id)
    for id, priority in ranks.items():
        if id in waits:
            near.wait(waits[id], priority)
    return near


def _load_near(connection: sqlite3.Connection, ids: set[str]) -> Near:
    near = Near()
    around = set(ids)
    waiters: dict[str, list[str]] = {}
    for id in sorted(ids):
        query = "SELECT DISTINCT dst FROM link WHERE src = ? AND type = 'waits' ORDER BY dst"
        near.waits[id] = _ids(connection, query, id)
        around.update(near.waits[id])
        query = "SELECT DISTINCT src FROM link WHERE dst = ? AND type = 'waits' ORDER BY src"
        for other in _ids(connection, query, id):
            waiters.setdefault(other, []).append(id)
    query = f"SELECT open, priority, {_HOLDS} FROM core WHERE id = ? ORDER BY path"
    for id in around | waiters.keys():
        rows = connection.execute(query, (id,)).fetchall()
        if any(holds for _, _, holds in rows):
            near.holds.add(id)
        if id in waiters and rows and rows[-1][0]:
            near.wait(waiters[id], rows[-1][1])
    return near


def judged(rows: Iterable[Fact], near: Near) -> list[tuple[int, int, int, int, str, int]]:
    """Return blocked, ready, how many wait, the worth, and the open blockers of each row."""
    found = []
    waits, holds, waiting, urgency = near.waits, near.holds, near.waiting, near.urgency
    for n, id, kind, status, is_open, priority, target, created in rows:
        blocked, ready, shown = 0, 0, "[]"
        if is_open:
            blockers = [other for other in waits.get(id, ()) if other in holds]
            if blockers:
                shown = jsontext.dumps(blockers)
            blocked = int(bool(blockers or status == "blocked"))
            ready = int(not blocked and status in BY_NAME[kind].ready)
        count = waiting.get(id, 0)
        rank = min(_UNSET if priority is None else priority, urgency.get(id, _LEAST))
        found.append((blocked, ready, count, _worth(rank, target, count, created), shown, n))
    return found


def _store(
    connection: sqlite3.Connection, updates: Sequence[tuple[int, int, int, int, str, int]]
) -> None:
    connection.executemany(
        "UPDATE core SET blocked = ?, ready = ?, blocks = ?, worth = ?, open_blockers = ?"
        " WHERE n = ?",
        updates,
    )


def _worth(urgency: int, target: str | None, waiting: int, created: int | None) -> int:
    """Return the key of the order worth doing, smallest first.

    The most urgent of the record's own priority and those of the open records that wait
    for it; then the nearest due day; then how many wait; then age.
    """
    due = _FAR
    if target:
        due = max(0, min(_FAR - 1, date.fromisoformat(target).toordinal() - _EPOCH))
    age = max(0, min(_FAR, (created or 0) // 86400))
    return (((urgency << 17 | due) << 12 | (4095 - min(waiting, 4095))) << 17) | age


def _cycles(connection: sqlite3.Connection, relinked: set[str]) -> None:
    """Mark the records that stand in a cycle, after the links of some have changed.

    That can only make a cycle through one of those, and only break one that is marked;
    anything else needs no look at the whole graph.
    """
    marked = connection.execute("SELECT 1 FROM record WHERE cyclic = 1 LIMIT 1").fetchone()
    if marked or any(_reaches_itself(connection, id) for id in sorted(relinked)):
        mark(connection, _members(waits_of(connection)))


def cyclic(near: Near) -> list[str]:
    """Return the ids of a whole graph that stand in a cycle."""
    return _members(near.waits)


def _members(waits: dict[str, list[str]]) -> list[str]:
    return sorted({id for loop in graph.components(waits) for id in loop})


def mark(connection: sqlite3.Connection, members: list[str]) -> None:
    """Mark the records that stand in a cycle, and no others."""
    connection.execute("UPDATE core SET cyclic = 0 WHERE cyclic = 1")
    connection.executemany("UPDATE core SET cyclic = 1 WHERE id = ?", [(id,) for id in members])


def waits_of(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Return what each record waits for, over the whole index."""
    waits: dict[str, list[str]] = {}
    query = "SELECT DISTINCT src, dst FROM link WHERE type = 'waits' ORDER BY src, dst"
    for src, dst in connection.execute(query):
        waits.setdefault(src, []).append(dst)
    return waits


def _reaches_itself(connection: sqlite3.Connection, id: str) -> bool:
    row = connection.execute(
        "WITH RECURSIVE seen (id) AS (SELECT dst FROM link WHERE src = ?1 AND type = 'waits'"
        " UNION SELECT link.dst FROM seen JOIN link ON link.src = seen.id AND link.type = 'waits')"
        " SELECT 1 FROM seen WHERE id = ?1 LIMIT 1",
        (id,),
    ).fetchone()
    return row is not None


def _ids(connection: sqlite3.Connection, query: str, id: str) -> list[str]:
    return [row[0] for row in connection.execute(query, (id,))]
