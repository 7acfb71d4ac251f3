"""The titles that records of a kind have, told without bringing anything up to date.

A create must not wait for the index. So what the index saw last is taken as it is, and the
newest records, which it may not have seen yet, are read from their files.
"""

from __future__ import annotations

import os

from gitcoord.codec import scalar
from gitcoord.index import native, schema
from gitcoord.model import ids
from gitcoord.model.kinds import title_of
from gitcoord.store import files, layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from gitcoord.git.repository import Repository
    from gitcoord.model.kinds import Kind

    Choose = Callable[[str], list[str]]

SEPARATOR = "\x1f"
"""Stands between titles; no record can hold it."""

_SEEN = 5000
"""How many records of the index are looked at, the last it took in: more would be felt."""

_MOST = 1 << 20
"""How large a record is at most."""

_NEWEST = 20
_UNSEEN = 200
"""How many records are read at most: of those after the index, and where there is no index."""


def chosen(repo: Repository, kind: Kind, new: str, choose: Choose) -> dict[str, str]:
    """Return ids and titles that `choose` takes from all titles of a kind, without the new one's."""
    path = os.path.join(repo.git_dir, "coord", "index.db")
    if not os.path.exists(path):
        return _read(repo, kind, _names(repo, kind, new), choose)
    connection = schema.connect(path)
    try:
        found = _indexed(connection, kind, choose)
        found |= _read(repo, kind, _newer(connection, kind, new), choose)
    except native.DatabaseError:
        return {}  # it is made anew by the next command that reads
    finally:
        connection.close()
    found.pop(new, None)
    return found


def _indexed(connection: sqlite3.Connection, kind: Kind, choose: Choose) -> dict[str, str]:
    # One walk over the titles alone takes a quarter of the time that rows with ids would.
    last = f"n > (SELECT max(n) FROM core) - {_SEEN} AND kind = ? AND archived = 0"
    query = f"SELECT group_concat(title, char({ord(SEPARATOR)})) FROM core NOT INDEXED WHERE {last}"
    connection.execute("PRAGMA mmap_size = 268435456")  # thousands of small reads less
    ((listed,),) = connection.execute(query, (kind.name,))
    taken = choose(listed) if listed else []
    if not taken:
        return {}
    query = (
        f"SELECT id, title FROM core NOT INDEXED WHERE {last}"
        f" AND title IN ({', '.join('?' * len(taken))})"
    )
    return dict(connection.execute(query, (kind.name, *taken)))


def _newer(connection: sqlite3.Connection, kind: Kind, new: str) -> list[str]:
    """Return the ids before a new one, back to the first that the index knows."""
    prefix, number = ids.split(new)
    if number is None:  # words of chance tell no order
        return []
    found = []
    width = len(new) - len(prefix) - 1
    for before in range(number - 1, max(number - _NEWEST, 1) - 1, -1):
        id = ids.join(prefix, before, width)
        query = "SELECT 1 FROM core WHERE id = ? AND kind = ?"
        if connection.execute(query, (id, kind.name)).fetchone():
            break
        found.append(id)
    return found


def _names(repo: Repository, kind: Kind, new: str) -> list[str]:
    """Return the last ids by name, the new one left out."""
    try:
        names = sorted(os.listdir(os.path.join(repo.root, layout.ROOT, kind.folder)), reverse=True)
    except OSError:
        return []
    found = [id for name in names if (id := ids.parse_file_name(name)) and id != new]
    return found[:_UNSEEN]


def _read(repo: Repository, kind: Kind, listed: list[str], choose: Choose) -> dict[str, str]:
    titles = {id: _title(os.path.join(repo.root, layout.path_of(kind, id)), kind) for id in listed}
    taken = set(choose(SEPARATOR.join([title for title in titles.values() if title])))
    return {id: title for id, title in titles.items() if title in taken}


def _title(path: str, kind: Kind) -> str:
    """Return the title in a record's file; nothing where it holds none."""
    raw = files.read(path, _MOST) or b""
    plain = _plain_title(raw, kind)
    if plain is not None or not raw:
        return plain or ""
    from gitcoord.codec.read import Malformed, parse  # hardly ever: what coord writes is plain

    try:
        return title_of(kind, parse(raw)) or ""
    except Malformed:
        return ""


def _plain_title(raw: bytes, kind: Kind) -> str | None:
    """Return a title that stands on one line as it is, None for one that has to be parsed."""
    _, found, rest = raw.partition(f"\n{kind.title}: ".encode())
    line, _, after = rest.partition(b"\n")
    if not found or after[:1] in (b" ", b"\t"):
        return None
    try:
        title = line.decode()
    except UnicodeDecodeError:
        return None
    return title if title and scalar.is_plain(title) else None
