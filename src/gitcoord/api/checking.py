"""Every fault in the records: those of single files, and those between records."""

from __future__ import annotations

import os

from gitcoord.errors import NotFoundError
from gitcoord.index import derive, scan, view
from gitcoord.model import graph
from gitcoord.model.findings import WARNING, Finding
from gitcoord.model.suggest import nearest
from gitcoord.store import collisions, files, layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from typing import Any

    from gitcoord.api.workspace import Workspace

    Read = Callable[[str], bytes | None]

_SHAPE = 'path, line, "column", id, field, code, severity, message, hint'


def check(
    workspace: Workspace, paths: list[str] | None = None, *, staged: bool = False
) -> list[Finding]:
    """Return all findings, of some files if named, as staged if asked; by place.

    A workspace that answers as of a commit is checked as that commit has it.

    Raises `NotFoundError` for a path that is no file of the store.
    """
    if staged:
        connection = view.staged(workspace.repo)
        read: Read = _staged_reader(workspace)
    else:
        connection = workspace.view()
        read = _disk_reader(workspace) if workspace.at is None else _past_reader(workspace)
    found = [finding_of(row) for row in connection.execute(f"SELECT {_SHAPE} FROM finding")]
    found += _duplicates(connection)
    found += _broken(connection, read)
    found += _cycles(connection, read)
    found += _strangers(connection, read)
    if workspace.at is None:
        found += _collisions(workspace)
    if not staged:
        found += _settings(read)
    if not staged and workspace.at is None:
        found += _unnamable(workspace)
    if paths:
        wanted = {_inside(workspace, path) for path in paths}
        found = [one for one in found if _wanted(one.path, wanted)]
    found.sort(key=lambda one: (one.path, one.line or 0, one.column or 0, one.code))
    return found


def _inside(workspace: Workspace, path: str) -> str:
    full = os.path.realpath(path)
    if not os.path.exists(full):
        full = os.path.join(workspace.repo.root, path)
        if not os.path.exists(full):
            raise NotFoundError(f"There is no file {path!r}.", hint="Name files below coord/.")
    return os.path.relpath(full, os.path.realpath(workspace.repo.root))


def _wanted(path: str, wanted: set[str]) -> bool:
    return (
        path in wanted
        or any(path.startswith(one.rstrip("/") + "/") for one in wanted)
        or "." in wanted
    )


def finding_of(row: tuple[Any, ...]) -> Finding:
    """Return the finding of a row of the index."""
    path, line, column, id, field, code, severity, message, hint = row
    return Finding(path=path, line=line, column=column, id=id, field=field, code=code,
                   severity=severity, message=message, hint=hint)  # fmt: skip


def _disk_reader(workspace: Workspace) -> Read:
    def read(path: str) -> bytes | None:
        return files.read(os.path.join(workspace.repo.root, path), 1 << 22)

    return read


def _staged_reader(workspace: Workspace) -> Read:
    return _git_reader(workspace, "")


def _past_reader(workspace: Workspace) -> Read:
    return _git_reader(workspace, workspace.at or "")


def _git_reader(workspace: Workspace, state: str) -> Read:
    from gitcoord.git import objects  # the work tree is read without git

    def read(path: str) -> bytes | None:
        return next(objects.blobs(workspace.repo, [f"{state}:{path}"]), None)

    return read


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


def _collisions(workspace: Workspace) -> list[Finding]:
    """Report records of which a merge kept one and has to bring back the other."""
    if not os.path.exists(collisions.file_of(workspace.repo)):
        return []
    from gitcoord.api import meetings  # only after a merge that met one id twice

    return [
        Finding(path=layout.ROOT if note.path == collisions.REBASED else note.path,
                line=1, column=1, code="two-records",
                message="Two branches had created a record with one id; not all is mended yet.",
                hint="`coord renumber` gives each an id of its own, and its links.")
        for note in meetings.waiting(workspace.repo)
    ]  # fmt: skip


def _unnamable(workspace: Workspace) -> list[Finding]:
    """Report files that no index can hold, because their name is not UTF-8."""
    found = []
    for folder in layout.FOLDERS:
        full = os.path.join(workspace.repo.root, folder)
        for name in sorted(os.listdir(full)) if os.path.isdir(full) else ():
            if not scan.is_text(name):
                shown = os.fsencode(name).decode("utf-8", "backslashreplace")
                found.append(
                    Finding(path=f"{folder}/{shown}", line=1, column=1, code="bad-file-name",
                            message="The name of this file is not UTF-8.",
                            hint="Rename it to the record's id with the ending .yaml.")
                )  # fmt: skip
    return found


def _settings(read: Read) -> list[Finding]:
    """Check coord.yaml and roles.yaml."""
    found = []
    for path, kind in ((layout.SETTINGS, "settings"), (layout.ROLES, "roles")):
        found += whole_file(path, kind, read(path) or b"")
    return found or _gates(read(layout.SETTINGS) or b"")


def _gates(raw: bytes) -> list[Finding]:
    """Report gates that say no condition; a gate that nobody can read would never fail."""
    if b"gates" not in raw:
        return []
    from gitcoord.codec import marks  # most hubs have no gates
    from gitcoord.codec.read import parse
    from gitcoord.metrics import gates

    found = []
    for number, one in enumerate(parse(raw).get("gates") or ()):
        text = one["check"] if isinstance(one, dict) else one
        if gates.parse(text) is None:
            line, column = marks.locate(raw, ("gates", number), at_key=False)
            found.append(
                Finding(path=layout.SETTINGS, line=line, column=column, field=f"gates.{number}",
                        code="bad-gate", message=f"{text!r} is no gate.", hint=gates.HINT)
            )  # fmt: skip
    return found


def whole_file(path: str, kind: str, raw: bytes) -> list[Finding]:
    """Check a file that is no record but has a schema; an empty one is fine."""
    from gitcoord.codec import marks  # only for `coord check`
    from gitcoord.codec.read import Malformed, parse
    from gitcoord.model.validate import check as check_data

    if not raw.strip():
        return []
    try:
        data = parse(raw)
    except Malformed as fault:
        return [Finding(path=path, line=fault.line, column=fault.column, code=fault.code,
                        message=fault.message, hint=fault.hint)]  # fmt: skip
    found = []
    for one in check_data(kind, data):
        line, column = marks.locate(raw, one.where, at_key=one.at_key)
        found.append(
            Finding(path=path, line=line, column=column, code=one.code, message=one.message,
                    hint=one.hint, severity=one.severity,
                    field=".".join(map(str, one.where)) or None)
        )  # fmt: skip
    return found
