"""Exchange the rows of files that changed, and what else follows from them at once."""

from __future__ import annotations

import stat

from gitcoord.index import schema, share, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gitcoord.index.scan import Seen
    from gitcoord.index.share import Batch

_COLUMNS = (
    "n, id, kind, path, title, status, priority, severity, assignee, created, stated, target, issue,"
    " plan, milestone, type, estimated_hours, actual_hours, open, archived, repos, sort, updated"
)
_RECORD = f"INSERT INTO core ({_COLUMNS}) VALUES ({','.join(f'?{i}' for i in range(1, 23))}, ?11)"
_TOGETHER, _MANY = 50, 500
WHOLE_RECORD = (
    f"INSERT INTO core ({_COLUMNS}, blocked, ready, blocks, worth, open_blockers)"
    f" VALUES ({','.join('?' * 28)})"
)
"""For a record of which everything is known, also what follows from others."""


def replace(
    connection: sqlite3.Connection, root: str, seen: Mapping[str, Seen], gone: Sequence[str]
) -> tuple[set[str], set[str], bool]:
    """Exchange the rows; return changed ids, ids whose links changed, and whether that is all."""
    changed: set[str] = set()
    before: set[tuple[str, str, str]] = set()
    after: set[tuple[str, str, str]] = set()
    cyclic: set[str] = set()
    numbers: dict[str, int] = {}
    for path in [*gone, *seen]:
        number = _forget(connection, path, changed, before, cyclic)
        if number is not None:
            numbers[path] = number
    connection.executemany("DELETE FROM file WHERE path = ?", [(path,) for path in gone])
    repos = any("/repos/" in path for path in (*seen, *gone))
    jobs = numbered(connection, seen, numbers)
    for batch in share.share(root, jobs):
        insert(connection, seen, batch)
        if not repos:
            give_roles(connection, [row[0] for row in batch[0]])
        changed.update(row[1] for row in batch[1])
        after.update(share.ends(batch))
    schema.run_all(connection, schema.INDEXES)
    if repos:
        give_roles(connection, None)
    # A new row has lost the mark of its cycle, so it is looked at as if its links were new.
    relinked = cyclic | {id for link in before ^ after for id in link[:2]}
    if len(changed) > _MANY:
        return changed | relinked, relinked, True
    # So has one whose id another file bears that stands in a cycle.
    query = "SELECT 1 FROM core WHERE id = ? AND cyclic = 1 LIMIT 1"
    relinked |= {id for id in changed if connection.execute(query, (id,)).fetchone()}
    return changed | relinked, relinked, False


def numbered(
    connection: sqlite3.Connection, seen: Mapping[str, Seen], numbers: Mapping[str, int]
) -> list[tuple[int, str, bool]]:
    """Return the jobs for all paths; `numbers` are the row numbers of those that had one."""
    (top,) = connection.execute("SELECT coalesce(max(n), 0) FROM file").fetchone()
    jobs = []
    for path in sorted(seen):
        n = numbers.get(path)
        if n is None:
            top += 1
            n = top
        jobs.append((n, path, is_regular(seen[path])))
    return jobs


def is_regular(seen: Seen) -> bool:
    """Whether a path is a plain file, and neither a link nor a folder."""
    return seen.kind == stat.S_IFREG


def _forget(
    connection: sqlite3.Connection,
    path: str,
    changed: set[str],
    before: set[tuple[str, str, str]],
    cyclic: set[str],
) -> int | None:
    row = connection.execute("SELECT n FROM file WHERE path = ?", (path,)).fetchone()
    if row is None:
        return None
    n: int = row[0]
    for id, marked in connection.execute("SELECT id, cyclic FROM core WHERE n = ?", (n,)):
        changed.add(id)
        if marked:
            cyclic.add(id)
    words.forget(connection, n)
    before.update(connection.execute("SELECT src, dst, type FROM link WHERE n = ?", (n,)))
    for table in ("core", "content", "value", "link", "finding"):
        connection.execute(f"DELETE FROM {table} WHERE n = ?", (n,))
    return n


def insert(
    connection: sqlite3.Connection,
    seen: Mapping[str, Seen],
    batch: Batch,
    heads: Mapping[str, str] | None = None,
) -> None:
    """Store rows; `heads` are the blobs that HEAD has, where they are known already."""
    insert_beside(connection, seen, batch, heads)
    connection.executemany(_RECORD, batch[1])


def insert_beside(
    connection: sqlite3.Connection,
    seen: Mapping[str, Seen],
    batch: Batch,
    heads: Mapping[str, str] | None,
) -> None:
    """Store everything but the rows of the records themselves."""
    files, _, contents, values, links, findings = batch[:6]
    listed = []
    for n, path, digest in files:
        one = seen[path]
        head = heads.get(path, "") if heads is not None else None
        listed.append((n, path, one.mtime, one.size, one.ino, digest, head))
    many = connection.executemany
    many(
        "INSERT INTO file (n, path, mtime, size, ino, digest, head)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (n) DO UPDATE SET mtime = excluded.mtime,"
        " size = excluded.size, ino = excluded.ino, digest = excluded.digest",
        listed,
    )
    many("INSERT INTO content (n, json) VALUES (?, ?)", contents)
    _insert_cells(connection, "wordless", 1, [row[0] for row in contents])
    _insert_cells(connection, "value", 3, values)
    _insert_cells(connection, "link", 5, links)
    many("INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", findings)


def _insert_cells(connection: sqlite3.Connection, table: str, width: int, cells: list[Any]) -> None:
    """Store many small rows, given cell after cell: fifty in one statement take half the time."""
    row = f"({','.join('?' * width)})"
    step = _TOGETHER * width
    for at in range(0, len(cells), step):
        some = cells[at : at + step]
        rows = ",".join([row] * (len(some) // width))
        connection.execute(f"INSERT INTO {table} VALUES {rows}", some)


def give_roles(connection: sqlite3.Connection, numbers: list[int] | None) -> None:
    """Give records the roles of their repositories, for `role:` queries; all of them for None."""
    insert = (
        "INSERT INTO value SELECT DISTINCT v.n, 'role', role.value FROM value v"
        " JOIN record repo ON repo.kind = 'repo' AND repo.id = v.value"
        " JOIN value role ON role.n = repo.n AND role.field = 'role'"
        " WHERE v.field = 'repo' AND v.n <> repo.n"
    )
    if numbers is None:
        connection.execute(
            "DELETE FROM value WHERE field = 'role'"
            " AND n NOT IN (SELECT n FROM record WHERE kind = 'repo')"
        )
        connection.execute(insert)
        return
    connection.executemany(f"{insert} AND v.n = ?", [(n,) for n in numbers])
