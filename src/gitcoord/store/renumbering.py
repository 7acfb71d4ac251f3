"""Two branches gave one id to different records: one of them gets another, with all that names it.

Before two sides are merged, their records are brought to speak of the same things by
the same ids: a record that a former merge renumbered on one side is followed on the
other, and where both sides created a record under one id, the later one is renumbered.
"""

from __future__ import annotations

from gitcoord.codec import edit
from gitcoord.errors import CoordError
from gitcoord.model import origins
from gitcoord.model.kinds import BY_NAME, REPO
from gitcoord.store import counterparts, layout
from gitcoord.store.joining import data
from gitcoord.store.versions import Version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gitcoord.model.kinds import Kind
    from gitcoord.store.versions import Key, Tree

    Later = Callable[[Version, Version], str]
    Number = Callable[[Kind, str, bytes], str]
    Rooms = dict[Key, tuple[Version, str]]

OURS, THEIRS, _BASE = "ours", "theirs", "base"


class Trees:
    """The three trees of a merge, and what got another id in it."""

    __slots__ = ("base", "ours", "renumbered", "theirs")

    def __init__(self, base: Tree, ours: Tree, theirs: Tree) -> None:
        self.base = base
        self.ours = ours
        self.theirs = theirs
        self.renumbered: dict[str, str] = {}


def align(trees: Trees, later: Later, number: Number, *, picked: bool = False) -> None:
    """Give every record one id on all sides, and every id one record.

    `later` tells which side added a record last, by what it is there; `number` hands out ids.
    With `picked` their commit is put on top of ours, whose ids stay as they are.
    """
    _follow(trees, number, picked)
    _meet(trees, number, picked)
    names: dict[str, dict[Key, str]] = {OURS: {}, THEIRS: {}}
    for key in _collisions(trees):
        kind = BY_NAME[key[0]]
        side = later(trees.ours[key], trees.theirs[key])
        loser = trees.ours[key] if side == OURS else trees.theirs[key]
        other = trees.theirs if side == OURS else trees.ours
        new = counterparts.twin(trees.base, other, kind, loser) or _free(
            trees, kind, key[1], loser.raw, number
        )
        names[side][key] = new
        trees.renumbered[key[1]] = new
    if names[OURS]:
        trees.ours = _renamed(trees.ours, names[OURS], trees.base)
    if names[THEIRS]:
        trees.theirs = _renamed(trees.theirs, names[THEIRS], trees.base)


def _collisions(trees: Trees) -> list[Key]:
    """Return the ids under which both sides created different records."""
    found = []
    for key in sorted(trees.ours.keys() & trees.theirs.keys() - trees.base.keys()):
        kind = BY_NAME.get(key[0])
        if kind is None or kind is REPO:
            continue
        one, other = data(trees.ours[key].raw), data(trees.theirs[key].raw)
        if one is not None and other is not None and not origins.same(kind, one, other):
            found.append(key)
    return found


def _follow(trees: Trees, number: Number, picked: bool) -> None:
    """Let all sides use the id that a former merge gave to a record.

    Where two merges gave it two, both directions of a merge have to choose the same one; a
    commit that is picked takes what is there.
    """
    ours, theirs = (
        counterparts.gone_to(trees.base, trees.ours),
        counterparts.gone_to(trees.base, trees.theirs),
    )
    targets: dict[Key, str] = {}
    for key in sorted(ours.keys() | theirs.keys()):
        target = min(gone[key] for gone in (ours, theirs) if key in gone)
        if picked and (key in ours or _is_there(trees, key, BY_NAME[key[0]])):
            target = ours.get(key, key[1])
        targets[key] = target
    # All at once: two records may have changed places.
    rooms: Rooms = {}
    for side, gone in ((_BASE, {}), (OURS, ours), (THEIRS, theirs)):
        names = {(key[0], gone.get(key, key[1])): target for key, target in targets.items()}
        _move(trees, side, names, rooms, number)


def _move(trees: Trees, side: str, names: dict[Key, str], rooms: Rooms, number: Number) -> None:
    """Give records of one side other ids; others that have these ids there make room.

    `rooms` are the ids that those of the base got, which the sides use too.
    """
    tree: Tree = getattr(trees, side)
    names = {key: new for key, new in names.items() if key in tree and key[1] != new}
    for taken in [(key[0], new) for key, new in names.items()]:
        if taken not in tree or taken in names:
            continue
        kind = BY_NAME[taken[0]]
        was, room = rooms.get(taken, (None, ""))
        if was is None or not counterparts.stays(was, tree[taken], kind):
            room = _free(trees, kind, taken[1], tree[taken].raw, number)
            if side == _BASE:
                rooms[taken] = tree[taken], room
            else:
                trees.renumbered[taken[1]] = room
        names[taken] = room
    if names:
        setattr(trees, side, _renamed(tree, names))


def _is_there(trees: Trees, key: Key, kind: Kind) -> bool:
    """Whether we have a record of the base under its own id."""
    was = data(trees.base[key].raw)
    now = data(trees.ours[key].raw) if key in trees.ours else None
    return was is not None and now is not None and origins.same(kind, was, now)


def _meet(trees: Trees, number: Number, picked: bool) -> None:
    """Let a record that came to both sides under two ids, as after a rebase, have one of them."""
    ours, theirs = (
        counterparts.added(trees.base, trees.ours),
        counterparts.added(trees.base, trees.theirs),
    )
    for origin in sorted(ours.keys() & theirs.keys(), key=repr):
        if len(ours[origin]) != 1 or len(theirs[origin]) != 1:
            continue  # made at one go under one title: nobody can tell which is which
        (mine,), (other,) = ours[origin], theirs[origin]
        target = mine if picked else min(mine, other)
        for side, held in ((OURS, mine), (THEIRS, other)):
            _move(trees, side, {(origin[0], held): target}, {}, number)


def _free(trees: Trees, kind: Kind, id: str, raw: bytes, number: Number) -> str:
    while True:
        new = number(kind, id, raw)
        key = (kind.name, new)
        if not any(key in tree for tree in (trees.base, trees.ours, trees.theirs)):
            return new


def _renamed(tree: Tree, names: dict[Key, str], before: Tree | None = None) -> Tree:
    """Return a tree in which records have other ids and what names them follows.

    With `before`, only where it did not name the id before.
    """
    ids = {key[1]: new for key, new in names.items()}
    found: Tree = {}
    for key, version in tree.items():
        new_key, path = key, version.path
        old = before.get(key) if before is not None else None
        if key in names:
            place = layout.place(path)
            assert place is not None
            new_key = (key[0], names[key])
            path = layout.path_of(place.kind, names[key], archived=place.archived)
            old = None
        elif old is not None and old.raw == version.raw:
            found[key] = version
            continue
        found[new_key] = Version(path, _named(version, ids, old))
    return found


def _named(version: Version, ids: dict[str, str], old: Version | None) -> bytes:
    if not any(id.encode() in version.raw for id in ids):
        return version.raw
    held = data(version.raw)
    if held is None:
        return version.raw
    wanted = origins.renamed(held, ids, data(old.raw) if old is not None else None)
    place = layout.place(version.path)
    try:
        return edited(version.raw, held, wanted, place.kind.fields if place is not None else ())
    except (CoordError, LookupError, AssertionError):
        return version.raw


def edited(
    raw: bytes, held: dict[str, Any], wanted: dict[str, Any], fields: tuple[str, ...]
) -> bytes:
    """Return a file with its data changed, everything else as it was."""
    return edit.apply(raw, edit.diff_changes(held, wanted), fields)
