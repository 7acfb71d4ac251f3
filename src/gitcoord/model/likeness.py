"""When two values mean the same, and what tells the items of a list apart."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Name = tuple[str, ...]
    Named = dict[Name, Any]


class _Absent:
    """What stands where nothing is written."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()


def equal(one: Any, other: Any) -> bool:
    """Say whether two values mean the same, however they are written."""
    if is_nothing(one) or is_nothing(other):
        return is_nothing(one) and is_nothing(other)
    if isinstance(one, dict) and isinstance(other, dict):
        return all(
            equal(one.get(key, ABSENT), other.get(key, ABSENT)) for key in one.keys() | other.keys()
        )
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)


def is_nothing(value: Any) -> bool:
    """Say whether a value says no more than no value at all."""
    return value is ABSENT or value is None or value == [] or value == {}


def named(items: list[Any]) -> Named:
    """Return the items of a list by what tells them apart; equal ones are counted."""
    found: Named = {}
    counts: dict[tuple[str, str], int] = {}
    for item in items:
        name = _name(item)
        counts[name] = counts.get(name, 0) + 1
        found[*name, str(counts[name])] = item
    return found


def _name(item: Any) -> tuple[str, str]:
    if isinstance(item, str):
        return "text", item
    if isinstance(item, dict):
        # A remark without an id is told by all it holds: two may say the same words.
        for key in ("id", "name") if "created" in item else ("id", "name", "text"):
            if isinstance(item.get(key), str):
                return key, item[key]
    return "content", _content(item)


def _content(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join([f'{key!r}: {_content(value[key])}' for key in sorted(value)])}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_content, value))}]"
    return repr(value)


def label(name: Name) -> str:
    """Return the name of an item as it is shown, and counted if there are equal ones."""
    return name[1] if name[2] == "1" else f"{name[1]}#{name[2]}"
