"""Which files change often, by how many hands, and which change together.

A file is followed through renames to the name it has now; a new file under a name that
another one gave up is another file. Files that HEAD does not have are left out.
"""

from __future__ import annotations

from itertools import combinations

from gitcoord.git import process
from gitcoord.metrics.git.log import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from gitcoord.metrics.git.people import Person
    from gitcoord.metrics.git.place import Place
    from gitcoord.metrics.git.window import Window

    Row = tuple[int, int, int, str, int, int | None]
    """Commit, its time, its author, git's letter, the path, and the one before."""

LARGEST = 30
"""A commit of more files says nothing about which belong together: a licence, a formatter."""
LEAST = 3
CLOSE = 0.5


class Touched:
    """How a window's commits touched the files that are still there.

    `commits` has the files of each commit, `changes` and `hands` what happened to each file.
    """

    __slots__ = ("changes", "commits", "hands", "names")

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self.commits: dict[int, set[int]] = {}
        self.changes: dict[int, int] = {}
        self.hands: dict[int, set[int]] = {}


class _Names:
    """Which file a path means, while commits are followed in the order of time."""

    def __init__(self) -> None:
        self._live: dict[int, int] = {}
        self.now: dict[int, int] = {}

    def file(self, status: str, path: int, old: int | None) -> int:
        """Return the file that a change is about."""
        if status == "R" and old is not None:
            found = self._live.get(old)
            if found is None:
                found = self._new(old)
            self._live[path] = found
            self.now[found] = path
            return found
        found = self._live.get(path)
        # The name may have been left behind by a file that is called otherwise now.
        if found is None or (status == "A" and self.now[found] != path):
            return self._new(path)
        return found

    def _new(self, path: int) -> int:
        found = len(self.now)
        self._live[path] = found
        self.now[found] = path
        return found


def touched(connection: sqlite3.Connection, place: Place, window: Window) -> Touched:
    """Return what a window's commits did to the files of HEAD."""
    found, names = Touched(), _Names()
    for c, time, who, status, path, old in _rows(connection, window):
        file = names.file(status, path, old)
        if window.until is None or time < window.until:
            found.commits.setdefault(c, set()).add(file)
            found.hands.setdefault(file, set()).add(who)
    if not found.commits:
        return found
    paths = dict(connection.execute("SELECT p, name FROM path"))
    here = _here(place)
    found.names = {f: paths[p] for f, p in names.now.items() if paths[p] in here}
    for files in found.commits.values():
        for file in files:
            found.changes[file] = found.changes.get(file, 0) + 1
    return found


def _rows(connection: sqlite3.Connection, window: Window) -> Iterable[Row]:
    column = window.column  # no end: a file may have been renamed after the window
    where, values = (f"{column} >= ?", [window.since]) if window.since is not None else ("1", [])
    return connection.execute(
        f"SELECT c, {column}, who, status, p, old FROM commits JOIN change USING (c)"
        f" WHERE {where} ORDER BY rank, oid, change.rowid",
        values,
    )


def _here(place: Place) -> set[str]:
    out = process.call(place.repo.root, "ls-tree", "-r", "-z", "--name-only", "--full-tree", "HEAD")
    return {shown(name) for name in out.decode("utf-8", "surrogateescape").split("\0")}


def hotspots(found: Touched, persons: Mapping[int, Person], most: int) -> list[dict[str, Any]]:
    """Return the files that most commits changed, with how many people did."""
    ranked = sorted(found.names, key=lambda file: (-found.changes.get(file, 0), found.names[file]))
    return [
        {
            "path": found.names[file],
            "changes": found.changes[file],
            "authors": len({persons[who][1] for who in found.hands[file]}),
        }
        for file in ranked[:most]
        if file in found.changes
    ]


def coupled(found: Touched, most: int) -> list[dict[str, Any]]:
    """Return pairs of files that change together, in at least half of the changes of one.

    Commits of more than `LARGEST` files do not count, nor fewer than `LEAST` together.
    """
    together: dict[tuple[int, int], int] = {}
    alone: dict[int, int] = {}
    for files in _small(found):
        for file in files:
            alone[file] = alone.get(file, 0) + 1
        for pair in combinations(files, 2):
            together[pair] = together.get(pair, 0) + 1
    pairs = [
        {
            "paths": sorted((found.names[one], found.names[other])),
            "together": number,
            "share": round(number / min(alone[one], alone[other]), 4),
        }
        for (one, other), number in together.items()
        if number >= LEAST and number / min(alone[one], alone[other]) >= CLOSE
    ]
    pairs.sort(key=lambda pair: (-pair["together"], -pair["share"], pair["paths"]))  # type: ignore[operator]
    return pairs[:most]


def _small(found: Touched) -> Iterator[Sequence[int]]:
    for files in found.commits.values():
        if len(files) <= LARGEST:
            yield sorted(file for file in files if file in found.names)
