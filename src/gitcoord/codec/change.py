"""A change of one value, and what a record is after it."""

from __future__ import annotations

from gitcoord.errors import InvalidError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SET, REMOVE, APPEND, INSERT = "set", "remove", "append", "insert"

Path = tuple[str | int, ...]


class Change:
    """One change at one place.

    `set` replaces a value or adds a key, `remove` takes out a key or an item, `append`
    adds an item to the list at `where` and begins it if need be, `insert` puts an item at
    the position that ends `where`.
    """

    __slots__ = ("op", "value", "where")

    def __init__(self, where: Path, value: Any = None, op: str = SET) -> None:
        self.where = where
        self.value = value
        self.op = op

    def __repr__(self) -> str:
        return f"Change({self.op} {'.'.join(map(str, self.where))} {self.value!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Change):
            return NotImplemented
        return self.where == other.where and self.op == other.op and same(self.value, other.value)

    __hash__ = None  # type: ignore[assignment]


def same(one: Any, other: Any) -> bool:
    """Say whether two values are equal and of one type: 1 is neither true nor 1.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def copy(value: Any) -> Any:
    """Return a value that shares nothing changeable with the one given."""
    if isinstance(value, dict):
        return {key: copy(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [copy(inner) for inner in value]
    return value


def value_at(data: Any, where: Path) -> Any:
    """Return the value at a path; raise LookupError if there is none."""
    step: Any
    for step in where:
        if not isinstance(data, dict if isinstance(step, str) else list):
            raise LookupError(step)
        data = data[step]
    return data


def change_data(data: dict[str, Any], change: Change) -> None:
    """Make a change in the data of a record itself."""
    *path, last = change.where
    holder: Any = data
    for depth, step in enumerate(path):
        following = change.where[depth + 1]
        if isinstance(holder, dict) and isinstance(step, str):
            if holder.get(step) is None and change.op == REMOVE:
                return
            if holder.get(step) is None and isinstance(following, str):
                holder[step] = {}
            holder = holder.get(step)
        elif isinstance(holder, list) and isinstance(step, int) and -1 < step < len(holder):
            holder = holder[step]
        else:
            raise _nowhere(change)
    if isinstance(holder, dict) and isinstance(last, str):
        _change_mapping(holder, last, change)
    elif isinstance(last, int):
        _change_list(holder, last, change)
    else:
        raise _nowhere(change)


def _change_mapping(holder: dict[str, Any], key: str, change: Change) -> None:
    if change.op == SET:
        holder[key] = copy(change.value)
    elif change.op == REMOVE:
        holder.pop(key, None)
    elif change.op == APPEND:
        _append(holder, key, change)
    else:
        raise _nowhere(change)


def _change_list(holder: Any, index: int, change: Change) -> None:
    last = len(holder) if isinstance(holder, list) else -1
    if not 0 <= index < last + (change.op == INSERT):
        raise _nowhere(change)
    if change.op == SET:
        holder[index] = copy(change.value)
    elif change.op == REMOVE:
        del holder[index]
    elif change.op == INSERT:
        holder.insert(index, copy(change.value))
    else:
        _append(holder, index, change)


def _append(outer: Any, step: str | int, change: Change) -> None:
    if isinstance(step, str):
        outer.setdefault(step, None)
    if outer[step] is None:
        outer[step] = []
    holder = outer[step]
    if not isinstance(holder, list):
        raise InvalidError(
            f"{_name(change)} is not a list.",
            hint="Set it to a list first, or set it as a whole.",
        )
    holder.append(copy(change.value))


def _nowhere(change: Change) -> InvalidError:
    return InvalidError(
        f"There is no {_name(change)} in this record.",
        hint="Show the record to see its fields; the positions of a list count from 0.",
    )


def _name(change: Change) -> str:
    return ".".join(map(str, change.where)) or "field"
