"""What differs between two sets of records, record by record."""

from __future__ import annotations

from typing import Any, NamedTuple

from gitcoord.model.compare import compare
from gitcoord.model.kinds import KINDS
from gitcoord.model.renumbering import pairs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitcoord.model.renumbering import Key

_ORDER = {kind.name: number for number, kind in enumerate(KINDS)}


class Version(NamedTuple):
    """One version of a record; `data` is None where its file cannot be read."""

    data: dict[str, Any] | None
    archived: bool = False


class Difference(NamedTuple):
    """One record that differs.

    `change` is `added`, `removed`, `changed` or `renumbered`; `fields` has for each field
    that differs its old and new value, None where it is blank. An archived record differs
    in the field `archived`, a renumbered one in `id`. `unreadable` says that one of the
    versions cannot be read, so that its fields are not compared.
    """

    id: str
    kind: str
    change: str
    fields: dict[str, tuple[Any, Any]]
    unreadable: bool = False


def between(old: Mapping[Key, Version], new: Mapping[Key, Version]) -> list[Difference]:
    """Return the differences of two sets of records; those that are the same may be left out."""
    renumbered = pairs(
        {key: one.data for key, one in old.items() if one.data is not None and key not in new},
        {
            key: (one.data, new[key].data)
            for key, one in old.items()
            if one.data is not None and key in new
        },
        {key: one.data for key, one in new.items() if one.data is not None and key not in old},
    )
    left = {before for before in renumbered.values() if before in old}
    found = [_compared(old[was], new[key], key, was) for key, was in renumbered.items()]
    for key in {**old, **new}:
        if key in renumbered:
            continue
        before = None if key in left else old.get(key)
        after = new.get(key)
        if before is not None and after is not None:
            found.append(_compared(before, after, key, key))
        elif after is not None:
            found.append(_alone("added", key, after))
        elif before is not None:
            found.append(_alone("removed", key, before))
    return sorted([one for one in found if one is not None], key=_place)


def _compared(old: Version, new: Version, key: Key, was: Key) -> Difference | None:
    fields: dict[str, tuple[Any, Any]] = {}
    change = "changed" if key == was else "renumbered"
    if key != was:
        fields["name" if key[0] == "repo" else "id"] = (was[1], key[1])
    if old.archived != new.archived:
        fields["archived"] = (old.archived, new.archived)
    if old.data is None or new.data is None:
        return Difference(key[1], key[0], change, fields, unreadable=True)
    for field, before, after in compare(old.data, new.data):
        fields.setdefault(field, (before, after))
    return Difference(key[1], key[0], change, fields) if fields else None


def _alone(change: str, key: Key, one: Version) -> Difference:
    fields: dict[str, tuple[Any, Any]] = {}
    for field, before, after in compare({}, one.data or {}):
        fields[field] = (before, after) if change == "added" else (after, before)
    return Difference(key[1], key[0], change, fields, unreadable=one.data is None)


def _place(one: Difference) -> tuple[int, str, int, str]:
    """Return where a difference stands: by kind, and as people count."""
    prefix, _, tail = one.id.rpartition("-")
    counted = tail.isdecimal() and len(tail) <= 18
    return (_ORDER[one.kind], prefix if counted else one.id, int(tail) if counted else 0, one.id)
