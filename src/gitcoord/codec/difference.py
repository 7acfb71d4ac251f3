"""The smallest changes that lead from one record's data to another."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Any

from gitcoord.codec.change import INSERT, REMOVE, SET, Change, Path, same


def diff_changes(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """Return the changes to apply, in this order, to get from `old` to `new`."""
    return _mapping((), old, new)


def value_changes(where: Path, old: Any, new: Any) -> list[Change]:
    """Return the changes of one value, as deep inside it as they can be made."""
    if same(old, new):
        return []
    if isinstance(old, dict) and isinstance(new, dict) and old and new:
        return _mapping(where, old, new)
    if isinstance(old, list) and isinstance(new, list) and old and new:
        return _list(where, old, new)
    return [Change(where, new, SET)]


def _mapping(where: Path, old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    changes = []
    for key, value in new.items():
        if key in old:
            changes += value_changes((*where, key), old[key], value)
        else:
            changes.append(Change((*where, key), value, SET))
    # Last, so that a mapping is never empty on the way.
    changes += [Change((*where, key), None, REMOVE) for key in old if key not in new]
    return changes


def _list(where: Path, old: list[Any], new: list[Any]) -> list[Change]:
    matcher = SequenceMatcher(None, _names(old, new), _names(new, old), autojunk=False)
    changes: list[Change] = []
    # From the end, so that the positions before a change stay what they were.
    for op, begin, end, first, last in reversed(matcher.get_opcodes()):
        paired = min(end - begin, last - first)
        changes += [
            Change((*where, begin + paired), value, INSERT)
            for value in reversed(new[first + paired : last])
        ]
        changes += [
            Change((*where, index), None, REMOVE)
            for index in range(end - 1, begin + paired - 1, -1)
        ]
        if op != "insert":
            for offset in range(paired):
                path = (*where, begin + offset)
                changes += value_changes(path, old[begin + offset], new[first + offset])
    return changes


def _names(items: list[Any], others: list[Any]) -> list[str]:
    """Return what tells items apart: their ids if all of them have one, else all they hold."""
    if all(_has_id(item) for item in items) and all(_has_id(item) for item in others):
        return [item["id"] for item in items]
    return [repr(item) for item in items]


def _has_id(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("id"), str)
