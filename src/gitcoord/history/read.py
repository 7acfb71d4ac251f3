"""Questions about what happened to the records."""

from __future__ import annotations

import marshal

from gitcoord.git import refs
from gitcoord.history import lineage, view
from gitcoord.history.event import Event

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Sequence
    from typing import Any

    from gitcoord.git.repository import Repository

    Place = tuple[int, int, str]
    """Where a commit stands in the order of all: its rank, height and id."""

_COLUMNS = """SELECT e.id, e.kind, e.event, e.field, e.content, k.author, k.time, k.oid
 FROM event e JOIN commits k USING (c)"""
_PLACE = "(k.rank, k.height, k.oid)"
_NEWEST = "ORDER BY k.rank DESC, k.height DESC, k.oid DESC, e.seq DESC"


class Wanted:
    """Which events are asked for; every part that is None leaves it open.

    `since` and `until` are seconds, the second exclusive; `author` is a part of the name or
    mail; `field` means the parts of it as well, `fields` just those named, beside what happened
    to whole records; `limit` keeps the newest; `after` is a place among the commits.
    """

    __slots__ = ("after", "author", "field", "fields", "limit", "since", "until")

    def __init__(
        self,
        *,
        since: int | None = None,
        until: int | None = None,
        author: str | None = None,
        field: str | None = None,
        fields: Collection[str] | None = None,
        limit: int = 0,
        after: Place | None = None,
    ) -> None:
        self.since = since
        self.until = until
        self.author = author
        self.field = field
        self.fields = fields
        self.limit = limit
        self.after = after


def events(
    repo: Repository, commit: str | None = None, *, fields: Collection[str] | None = None
) -> list[Event]:
    """Return all events up to a commit (None: HEAD), oldest first.

    With `fields`, events of other fields are left out, which takes a fraction of the time.
    """
    return select(repo, Wanted(fields=fields), commit=commit)


def select(
    repo: Repository, wanted: Wanted, *, ids: Sequence[str] | None = None, commit: str | None = None
) -> list[Event]:
    """Return the wanted events of some records (None: of all), oldest first.

    A record is followed to the ids that it had before.
    """
    commit = commit or refs.head(repo)
    if commit is None:
        return []
    connection = view.opened(repo, commit)
    try:
        return answer(connection, wanted, ids)
    finally:
        connection.close()


def added(
    repo: Repository, old: str, commit: str, *, fields: Collection[str]
) -> list[Event] | None:
    """Return the events of the commits after an old one, oldest first.

    None unless they stand one after another behind it: then what can be reached is they
    and what could be from there, for a merge of anything else would be among them.
    """
    connection = view.opened(repo, commit)
    try:
        query = "SELECT rank, height, oid FROM commits WHERE oid = ?"
        place = connection.execute(query, (old,)).fetchone()
        if place is None:
            return None
        query = f"SELECT parents FROM commits k WHERE {_PLACE} > (?, ?, ?)"
        if any(len(found.split()) != 1 for (found,) in connection.execute(query, place)):
            return None
        return answer(connection, Wanted(fields=fields, after=place), None)
    finally:
        connection.close()


def known(repo: Repository, name: str, commit: str | None = None) -> str | None:
    """Return the id that history knows by a name, however that is capitalised."""
    commit = commit or refs.head(repo)
    if commit is None:
        return None
    connection = view.opened(repo, commit)
    try:
        for test in ("= ?", "= ? COLLATE NOCASE"):
            query = (
                f"SELECT id FROM event WHERE id {test}"
                f" UNION ALL SELECT old FROM renumbering WHERE old {test} LIMIT 1"
            )
            row = connection.execute(query, (name, name)).fetchone()
            if row is not None:
                return str(row[0])
        return None
    finally:
        connection.close()


def answer(
    connection: sqlite3.Connection, wanted: Wanted, ids: Sequence[str] | None
) -> list[Event]:
    """Return the wanted events that a connection sees; see `select`."""
    where, params = _conditions(connection, wanted)
    if ids is not None:
        rows = lineage.rows(connection, ids)
        connection.execute("CREATE TEMP TABLE chosen (one PRIMARY KEY)")
        of_them = ids if rows is None else sorted(rows)
        statement = "INSERT OR IGNORE INTO chosen VALUES (?)"
        connection.executemany(statement, [(one,) for one in of_them])
        column = "e.id" if rows is None else "e.rowid"
        where.append(f"{column} IN (SELECT one FROM chosen)")
    columns = _COLUMNS
    if ids is None and (
        wanted.limit or wanted.after
    ):  # go through the newest commits, rather than sort all
        columns = columns.replace("event e JOIN commits k", "commits k CROSS JOIN event e")
    statement = f"{columns} WHERE {' AND '.join(where) or '1'} {_NEWEST}"
    if wanted.limit:
        statement += " LIMIT ?"
        params.append(wanted.limit)
    found = []
    for id, kind, event, field, content, author, time, oid in connection.execute(statement, params):
        old, new = marshal.loads(content)  # noqa: S302 - written by ourselves
        found.append(Event(id, kind, event, field, old, new, author, time, oid))
    found.reverse()
    return found


def _conditions(connection: sqlite3.Connection, wanted: Wanted) -> tuple[list[str], list[Any]]:
    where: list[str] = []
    params: list[Any] = []
    if wanted.after is not None:
        where.append(f"{_PLACE} > (?, ?, ?)")
        params += wanted.after
    if wanted.since is not None:
        where.append("k.time >= ?")
        params.append(wanted.since)
    if wanted.until is not None:
        where.append("k.time < ?")
        params.append(wanted.until)
    if wanted.author is not None:
        connection.create_function("fold", 1, str.casefold, deterministic=True)
        where.append("instr(fold(k.author || ' <' || k.mail || '>'), ?) > 0")
        params.append(wanted.author.casefold())
    if wanted.field is not None:
        where.append("(e.field = ? OR substr(e.field, 1, ?) = ?)")
        params += [wanted.field, len(wanted.field) + 1, f"{wanted.field}."]
    if wanted.fields is not None:
        where.append(f"(e.field IS NULL OR e.field IN ({', '.join('?' * len(wanted.fields))}))")
        params += sorted(wanted.fields)
    return where, params
