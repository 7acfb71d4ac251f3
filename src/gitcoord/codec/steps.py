"""Break a change down into ones that the text can show: in collections that are there already."""

from __future__ import annotations

from typing import Any

from gitcoord.codec.change import APPEND, INSERT, REMOVE, SET, Change, Path, value_at
from gitcoord.codec.difference import value_changes


def steps(data: dict[str, Any], change: Change) -> list[Change]:
    """Return a change as ones that set, insert or remove a single value."""
    where, value = change.where, change.value
    old = _value_or_none(data, where)
    if change.op == REMOVE:
        return [change] if _exists(data, where) else []
    if change.op == INSERT:
        if value_at(data, where[:-1]):
            return [change]
        where, value = where[:-1], [value]
    elif change.op == APPEND:
        if old:
            return [Change((*where, len(old)), value, INSERT)]
        value = [value]
    elif old and value and type(old) is type(value) and isinstance(old, (dict, list)):
        return value_changes(where, old, value)
    # A mapping that is not there yet is written together with what it will hold.
    while len(where) > 1 and not _value_or_none(data, where[:-1]):
        value, where = {where[-1]: value}, where[:-1]
    return [Change(where, value, SET)]


def _exists(data: dict[str, Any], where: Path) -> bool:
    try:
        value_at(data, where)
    except LookupError:
        return False
    return True


def _value_or_none(data: dict[str, Any], where: Path) -> Any:
    return value_at(data, where) if _exists(data, where) else None
