"""One record under several ids: found by what it was created with, on all sides of a merge."""

from __future__ import annotations

from gitcoord.model import origins
from gitcoord.model.kinds import BY_NAME, REPO
from gitcoord.store.joining import data

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.model.kinds import Kind
    from gitcoord.store.versions import Key, Tree, Version

    Origin = tuple[str, str | None, str | None]


def gone_to(base: Tree, side: Tree) -> dict[Key, str]:
    """Return the records of the base that have another id on a side, with that id."""
    new: dict[tuple[str, str | None, str | None], list[str]] = {}
    for key, version in side.items():
        if key[0] in BY_NAME and not stays(base.get(key), version, BY_NAME[key[0]]):
            held = data(version.raw)
            if held is not None:
                new.setdefault((key[0], *origins.origin(BY_NAME[key[0]], held)), []).append(key[1])
    found = {}
    for key, version in base.items() if new else ():
        kind = BY_NAME.get(key[0])
        was = data(version.raw) if kind is not None and kind is not REPO else None
        if kind is None or was is None:
            continue
        now = data(side[key].raw) if key in side else None
        created, title = origins.origin(kind, was)
        if created is None or (now is not None and origins.same(kind, was, now)):
            continue
        twins = new.get((kind.name, created, title), [])
        if not twins and now is not None and origins.origin(kind, now)[0] not in (created, None):
            # Another record has its id; this one may have got another title since.
            twins = [
                id
                for key, ids in new.items()
                if key[:2] == (kind.name, created)
                for id in ids
                if (kind.name, id) not in base
            ]
        if len(twins) == 1:
            found[key] = twins[0]
    return found


def stays(was: Version | None, now: Version, kind: Kind) -> bool:
    """Whether an id still stands for the record that it stood for."""
    if was is None:
        return False
    if was.raw == now.raw:
        return True
    before, after = data(was.raw), data(now.raw)
    return before is None or after is None or origins.same(kind, before, after)


def added(base: Tree, side: Tree) -> dict[Origin, list[str]]:
    """Return the ids of the records that a side has and the base has not, by what they are."""
    found: dict[Origin, list[str]] = {}
    for key, version in side.items():
        kind = BY_NAME.get(key[0])
        held = data(version.raw) if kind is not None and kind is not REPO else None
        was = data(base[key].raw) if held is not None and key in base else None
        if kind is None or held is None or (was is not None and origins.same(kind, was, held)):
            continue
        created, title = origins.origin(kind, held)
        if created is not None:
            found.setdefault((kind.name, created, title), []).append(key[1])
    return found


def twin(base: Tree, other: Tree, kind: Kind, version: Version) -> str | None:
    """Return the id that the other side has given to the same record, as a rebase does."""
    created, title = origins.origin(kind, data(version.raw) or {})
    if created is None:
        return None
    found = [
        key[1]
        for key, one in other.items()
        if key[0] == kind.name
        and key not in base
        and origins.origin(kind, data(one.raw) or {}) == (created, title)
    ]
    return found[0] if len(found) == 1 else None
