"""What differs between two versions of a record, field by field.

A field that is absent, null or empty counts as blank, and blank equals blank. A mapping
is compared key by key (`metadata.team`), milestones and comments one by one, by their ids
(`milestones.M1.status`), any other value as a whole. So the differences carry all it takes
to make the new version of the old one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

_DEEP = 40
_BY_ID = frozenset({"comments", "milestones"})


class Change(NamedTuple):
    """One field that differs; None where it is blank."""

    field: str
    old: Any
    new: Any


def compare(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """Return what differs between two versions of a record, in the order of the fields."""
    found: list[Change] = []
    _mappings("", old, new, found, _DEEP)
    return found


def flatten(data: dict[str, Any]) -> dict[str, Any]:
    """Return a record's values by the names that `compare` gives to fields."""
    found: dict[str, Any] = {}
    for name, value in data.items():
        _flatten(name, value, found, _DEEP)
    return found


def same(a: Any, b: Any) -> bool:
    """Whether two plain values are equal, and are so to a reader: 1 is not true."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    return bool(a == b)


def blank(value: Any) -> bool:
    """Whether a value says nothing: null, or an empty list or mapping."""
    return value is None or value == [] or value == {}


def _mappings(
    lead: str, old: dict[str, Any], new: dict[str, Any], found: list[Change], depth: int
) -> None:
    for key, value in old.items():
        if key not in new:
            _values(f"{lead}{key}", value, None, found, depth)
        elif value.__class__ is not str or value != new[key]:
            _values(f"{lead}{key}", value, new[key], found, depth)
    for key, value in new.items():
        if key not in old:
            _values(f"{lead}{key}", None, value, found, depth)


def _values(name: str, old: Any, new: Any, found: list[Change], depth: int) -> None:
    old, new = (None if blank(old) else old), (None if blank(new) else new)
    if same(old, new):
        return
    if depth and _both(dict, old, new):
        _mappings(f"{name}.", old or {}, new or {}, found, depth - 1)
        return
    before, after = _by_id(name, old), _by_id(name, new)
    if before is None or after is None or not _in_order(before, after):
        found.append(Change(name, old, new))
        return
    for id, item in before.items():
        if id not in after:
            found.append(Change(f"{name}.{id}", item, None))
        else:
            _mappings(f"{name}.{id}.", item, after[id], found, depth - 1)
    for id, item in after.items():
        if id not in before:
            found.append(Change(f"{name}.{id}", None, item))


def _both(kind: type, old: Any, new: Any) -> bool:
    """Whether both values are of a kind; a blank one goes with any."""
    return (old is None or isinstance(old, kind)) and (new is None or isinstance(new, kind))


def _by_id(name: str, value: Any) -> dict[str, dict[str, Any]] | None:
    """Return milestones or comments by their ids; None where they are none, or lack ids."""
    if name not in _BY_ID or not isinstance(value, list | None):
        return None
    if value is None:
        return {}
    found = {
        item["id"]: item
        for item in value
        if isinstance(item, dict) and isinstance(item.get("id"), str) and item["id"]
    }
    return found if len(found) == len(value) else None


def _in_order(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether what stays keeps its order, and what is new comes last."""
    kept = [id for id in before if id in after]
    return list(after)[: len(kept)] == kept


def _flatten(name: str, value: Any, found: dict[str, Any], depth: int) -> None:
    if blank(value):
        return
    parts = value if isinstance(value, dict) else _by_id(name, value)
    if parts is None or not depth:
        found[name] = value
        return
    for key, part in parts.items():
        _flatten(f"{name}.{key}", part, found, depth - 1)
