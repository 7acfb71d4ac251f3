"""The records of two branches become one set of records.

Each file is merged by itself once all sides use the same ids. What cannot be decided is
kept whole for git: three contents of one path, and a text with markers.
"""

from __future__ import annotations

from gitcoord.codec.conflicts import SIZE
from gitcoord.codec.threeway import Joined, Unmergeable
from gitcoord.git import textmerge
from gitcoord.model.merging import Clash
from gitcoord.store import joining
from gitcoord.store.joining import Sides
from gitcoord.store.versions import Version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.store.renumbering import Trees
    from gitcoord.store.versions import Key


class Conflict:
    """A path that a person has to decide: its three contents, its text, what clashed."""

    __slots__ = ("clashes", "id", "raw", "sides")

    def __init__(self, id: str, sides: Sides, raw: bytes, clashes: list[Clash]) -> None:
        self.id = id
        self.sides = sides
        self.raw = raw
        self.clashes = clashes


class Combined:
    """All files that either side changed, as they are after the merge."""

    __slots__ = ("conflicts", "files", "renumbered")

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.conflicts: list[Conflict] = []
        self.renumbered: dict[str, str] = {}


def combine(
    trees: Trees, *, labels: tuple[str, str] = joining.LABELS, settle: bool = False
) -> Combined:
    """Merge aligned trees; with `settle` conflicts take what the base has."""
    found = Combined()
    found.renumbered = trees.renumbered
    for key in sorted(trees.base.keys() | trees.ours.keys() | trees.theirs.keys()):
        base, ours, theirs = (tree.get(key) for tree in (trees.base, trees.ours, trees.theirs))
        if ours == theirs or theirs == base:
            _keep(found, ours)
        elif ours == base:
            _keep(found, theirs)
        elif settle and (ours is None or theirs is None):
            _keep(found, base)
        elif ours is None or theirs is None:
            _half_gone(found, key, base, ours, theirs)
        else:
            _both(found, base, ours, theirs, labels, settle)
    return found


def _keep(found: Combined, version: Version | None) -> None:
    if version is not None:
        found.files[version.path] = version.raw


def _half_gone(
    found: Combined, key: Key, base: Version | None, ours: Version | None, theirs: Version | None
) -> None:
    """One side deleted what the other changed: the changed one stays, as a conflict."""
    left = ours or theirs
    assert left is not None
    sides = Sides(
        left.path, *(one.raw if one is not None else None for one in (base, ours, theirs))
    )
    clash = Clash((), joining.data(sides.ours), joining.data(sides.theirs))
    found.files[left.path] = left.raw
    found.conflicts.append(Conflict(joining.id_of(left.path), sides, left.raw, [clash]))


def _both(
    found: Combined,
    base: Version | None,
    ours: Version,
    theirs: Version,
    labels: tuple[str, str],
    settle: bool,
) -> None:
    # Who moved it, moved it; if both did, it lies where we put it.
    path = theirs.path if base is not None and ours.path == base.path else ours.path
    sides = Sides(path, base.raw if base else None, ours.raw, theirs.raw)
    if base is None and ours.path != theirs.path and joining.collide(sides):
        # One of the two is archived: before they are renumbered, git has both files.
        _keep(found, ours)
        _keep(found, theirs)
        return
    try:
        joined = joining.join_sides(sides, labels=labels, settle=settle)
    except Unmergeable:
        if settle:
            _keep(found, base)
            return
        joined = by_lines(sides, labels)
    found.files[path] = joined.raw
    if joined.clashes:
        found.conflicts.append(Conflict(joining.id_of(path), sides, joined.raw, joined.clashes))


def by_lines(sides: Sides, labels: tuple[str, str]) -> Joined:
    """Return what git's own merge makes of a path; a conflict there has no field."""
    merged = textmerge.merge(
        sides.base or b"", sides.ours or b"", sides.theirs or b"", labels=labels, size=SIZE
    )
    if merged.clean:
        return Joined(merged.raw, [])
    texts = [(raw or b"").decode("utf-8", "replace") for raw in (sides.ours, sides.theirs)]
    return Joined(merged.raw, [Clash((), *texts)])
