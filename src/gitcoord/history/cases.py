"""What a commit did, by records: each with the versions it had in the parents.

A record that went from one folder to the other, into the archive or out of it, is one
record. In a merge only what differs from all parents counts.
"""

from __future__ import annotations

from gitcoord.git import process, walk
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from gitcoord.git.repository import Repository
    from gitcoord.git.walk import Commit
    from gitcoord.model.renumbering import Key

    Blobs = dict[tuple[str, str], str | None]
    """What lies at a path of a commit."""


class Held:
    """One version of a record: the commit it is seen from, its path and its blob."""

    __slots__ = ("blob", "commit", "path")

    def __init__(self, commit: str, path: str, blob: str) -> None:
        self.commit = commit
        self.path = path
        self.blob = blob


class Rival:
    """A record of a parent that may go on in the commit under another id."""

    __slots__ = ("key", "new", "old")

    def __init__(self, key: Key, old: Held, new: Held | None) -> None:
        self.key = key
        self.old = old
        self.new = new


class Case:
    """One record that a commit changed: its versions in the parents that have it, and the new one."""

    __slots__ = ("key", "new", "old")

    def __init__(self, key: Key, old: list[Held], new: Held | None) -> None:
        self.key = key
        self.old = old
        self.new = new

    @property
    def path(self) -> str:
        """Where it is now, or was."""
        return (self.new or self.old[0]).path

    def blobs(self) -> list[str]:
        """Return the blobs that have to be read for it."""
        return [held.blob for held in (*self.old, self.new) if held is not None]


def of_commit(commit: Commit, beside: Blobs) -> list[Case]:
    """Return the records that a commit changed, in the order of their paths.

    `beside` knows what a merge and its parents have at the paths that `asked` names.
    """
    found = _merged(commit, beside) if len(commit.parents) > 1 else _plain(commit)
    return sorted(found, key=lambda case: case.path) if len(found) > 1 else found


def asked(commit: Commit) -> list[tuple[str, str]]:
    """Return what has to be known beside a merge: its records' other paths."""
    found: list[tuple[str, str]] = []
    if len(commit.parents) > 1:
        for path, _ in _records(commit):
            found += [(oid, layout.beside(path)) for oid in (commit.oid, *commit.parents)]
    return found


def look(repo: Repository, places: Iterable[tuple[str, str]]) -> Blobs:
    """Ask git what lies at some paths of some commits."""
    wanted = list(dict.fromkeys(places))
    if not wanted:
        return {}
    fed = "".join([f"{commit}:{path}\n" for commit, path in wanted]).encode()
    out = process.call(repo.root, "cat-file", "--batch-check=%(objectname)", stdin=fed)
    lines = out.decode("utf-8", "replace").split("\n")
    return {
        place: line if line and " " not in line else None
        for place, line in zip(wanted, lines, strict=False)
    }


def differing(repo: Repository, parent: str, commit: str) -> list[Rival]:
    """Return the records of a parent that a commit changed or removed there."""
    found: dict[Key, Rival] = {}
    come: dict[Key, Held] = {}
    for touch in walk.touched(repo, parent, commit, layout.ROOT):
        place = layout.place(touch.path)
        if place is None:
            continue
        key = (place.kind.name, place.id)
        new = None if touch.new is None else Held(commit, touch.path, touch.new)
        if touch.old[0] is not None:
            found[key] = Rival(key, Held(parent, touch.path, touch.old[0]), new)
        elif new is not None:
            come[key] = new
    for key, rival in found.items():  # one that only moved into the archive is still there
        rival.new = rival.new or come.get(key)
    return list(found.values())


def _plain(commit: Commit) -> list[Case]:
    parent = commit.parents[0] if commit.parents else ""
    found: list[Case] = []
    gone: dict[Key, list[Held]] = {}
    come: list[tuple[Key, Held]] = []
    for touch in commit.touches:
        place = layout.place(touch.path)
        if place is None:
            continue
        key = (place.kind.name, place.id)
        old = touch.old[0]
        new = None if touch.new is None else Held(commit.oid, touch.path, touch.new)
        if old is not None and new is not None:
            found.append(Case(key, [Held(parent, touch.path, old)], new))
        elif old is not None:
            gone.setdefault(key, []).append(Held(parent, touch.path, old))
        elif new is not None:
            come.append((key, new))
    for key, new in come:
        moved = gone.get(key)
        found.append(Case(key, [moved.pop(0)] if moved else [], new))
    found += [Case(key, [held], None) for key, left in gone.items() for held in left]
    return found


def _merged(commit: Commit, beside: Blobs) -> list[Case]:
    blobs = dict(beside)
    for touch in commit.touches:
        blobs[commit.oid, touch.path] = touch.new
        for parent, blob in zip(commit.parents, touch.old, strict=True):
            blobs[parent, touch.path] = blob
    found = []
    moved: set[tuple[str, str]] = set()
    come = _records(commit)
    for path, key in come:
        new = blobs[commit.oid, path]
        if new is None:
            continue
        old = []
        for parent in dict.fromkeys(commit.parents):
            blob, where = blobs[parent, path], path
            if blob is None and blobs[commit.oid, layout.beside(path)] is None:
                where = layout.beside(path)
                blob = blobs[parent, where]
                moved.add((where, key[1]))
            if blob is not None:
                old.append(Held(parent, where, blob))
        found.append(Case(key, old, Held(commit.oid, path, new)))
    for path, key in come:
        if blobs[commit.oid, path] is None and (path, key[1]) not in moved:
            old = [Held(parent, path, blobs[parent, path] or "") for parent in commit.parents]
            found.append(Case(key, old, None))
    return found


def _records(commit: Commit) -> list[tuple[str, Key]]:
    """Return the paths of records that a commit touched, with what they name."""
    places = [(touch.path, layout.place(touch.path)) for touch in commit.touches]
    return [(path, (place.kind.name, place.id)) for path, place in places if place is not None]
