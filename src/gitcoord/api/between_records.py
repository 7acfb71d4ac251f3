"""Faults that no record shows alone: double ids, links to nothing, cycles, unknown repositories."""

from __future__ import annotations

from gitcoord.index import derive
from gitcoord.model import graph
from gitcoord.model.findings import WARNING, Finding
from gitcoord.model.suggest import nearest
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    Read = Callable[[str], bytes | None]


def findings(connection: sqlite3.Connection, read: Read) -> list[Finding]:
    """Return what is wrong between the records of an index; `read` gives the text of a file."""
    return [
        *_duplicates(connection),
        *_broken(connection, read),
        *_cycles(connection, read),
        *_strangers(connection, read),
    ]


def _duplicates(connection: sqlite3.Connection) -> list[Finding]:
    rows = connection.execute(
        # Ids that differ in case alone are one file on many machines.
        "SELECT id, path, first FROM (SELECT id, path, min(path) OVER same first,"
        " count(*) OVER same many FROM record WINDOW same AS (PARTITION BY id COLLATE NOCASE))"
        " WHERE many > 1 AND path <> first"
    )
    return [
        Finding(path=path, line=1, column=1, id=id, field="id", code="duplicate-id",
                message=f"{id} is also the id of {first}.",
                hint="Give one of them another id, and rename its file to match.")
        for id, path, first in rows
    ]  # fmt: skip


def _broken(connection: sqlite3.Connection, read: Read) -> list[Finding]:
    rows = connection.execute(
        "SELECT f.path, link.field, CASE WHEN r.id = link.src THEN link.dst ELSE link.src END other, r.id"
        " FROM link JOIN file f ON f.n = link.n JOIN record r ON r.n = link.n"
        " WHERE other NOT IN (SELECT id FROM record) ORDER BY f.path, link.rowid"
    ).fetchall()
    ids = (
        [row[0] for row in connection.execute("SELECT id FROM record LIMIT 20000")] if rows else []
    )
    unreadable = _unreadable(connection) if rows else set()
    found = []
    for path, field, other, id in rows:
        if other in unreadable:  # its own finding says what is wrong with it
            continue
        close = nearest(other, ids)
        line, column = _place(read, path, field, other)
        found.append(
            Finding(path=path, line=line, column=column, id=id, field=field, code="unknown-id",
                    message=f"There is no record {other}.",
                    hint=f"Did you mean {close}?" if close else "Remove the link, or create the record.")
        )  # fmt: skip
    return found


def _unreadable(connection: sqlite3.Connection) -> set[str]:
    """Return the ids of records whose files are there and cannot be read: their names tell."""
    rows = connection.execute("SELECT path FROM file WHERE n NOT IN (SELECT n FROM core)")
    places = [layout.place(path) for (path,) in rows]
    return {place.id for place in places if place is not None}


def _place(read: Read, path: str, field: str, value: str) -> tuple[int | None, int | None]:
    return place_of(read(path), field, value)


def place_of(raw: bytes | None, field: str, value: str) -> tuple[int | None, int | None]:
    """Return line and column of a value of a field, in the text of a record that can be read."""
    from gitcoord.codec import marks  # only for files with a fault
    from gitcoord.codec.read import parse

    if raw is None:
        return None, None
    held = parse(raw).get(field)
    where: tuple[str | int, ...] = (field,)
    if isinstance(held, list) and value in held:
        where = (field, held.index(value))
    return marks.locate(raw, where)


def _strangers(connection: sqlite3.Connection, read: Read) -> list[Finding]:
    """Warn of repositories that the registry does not have, where there is a registry."""
    known = [row[0] for row in connection.execute("SELECT id FROM core WHERE kind = 'repo'")]
    if not known:
        return []
    rows = connection.execute(
        "SELECT r.path, r.id, r.kind, v.value FROM value v JOIN core r USING (n)"
        " WHERE v.field = 'repo' AND r.kind <> 'repo' AND v.value NOT IN"
        " (SELECT id FROM core WHERE kind = 'repo') ORDER BY r.path, v.rowid"
    ).fetchall()
    found = []
    for path, id, kind, name in rows:
        fields = {"todo": ("repo",), "dependency": ("consumer", "provider")}.get(kind, ("repos",))
        line, column, field = _first_place(read, path, fields, name)
        close = nearest(name, known)
        found.append(
            Finding(path=path, line=line, column=column, id=id, field=field, code="unknown-repo",
                    severity=WARNING, message=f"{name} is not in the registry.",
                    hint=f"Did you mean {close}?" if close else f"`coord repo create {name}` adds it.")
        )  # fmt: skip
    return found


def _first_place(
    read: Read, path: str, fields: tuple[str, ...], value: str
) -> tuple[int | None, int | None, str]:
    from gitcoord.codec.read import parse  # only for files with a fault

    raw = read(path)
    held = parse(raw) if raw is not None else {}
    for field in fields:
        if held.get(field) == value or value in (held.get(field) or ()):
            return (*_place(read, path, field, value), field)
    return None, None, fields[0]


def _cycles(connection: sqlite3.Connection, read: Read) -> list[Finding]:
    if not connection.execute("SELECT 1 FROM record WHERE cyclic = 1 LIMIT 1").fetchone():
        return []
    waits = derive.waits_of(connection)
    found = []
    for members in graph.components(waits):
        loop = graph.loop(waits, members)
        row = connection.execute(
            "SELECT f.path, link.field, r.id FROM link JOIN file f ON f.n = link.n"
            " JOIN record r ON r.n = link.n WHERE link.src = ? AND link.dst = ?",
            (loop[0], loop[1]),
        ).fetchone()
        if row is None:
            continue
        path, field, id = row
        line, column = _place(read, path, field, loop[1] if id == loop[0] else loop[0])
        found.append(
            Finding(path=path, line=line, column=column, id=id, field=field, code="cycle",
                    message=f"These wait for each other: {' → '.join(loop)}.",
                    hint="Remove one of the links.")
        )  # fmt: skip
    return found
