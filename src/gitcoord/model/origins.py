"""Whether two records of one id are one record, and how a record gets another id.

Two branches may hand out one number. What tells the records apart is what they were
created with: the time and the title.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable
    from typing import Any

    from gitcoord.model.kinds import Kind


def same(kind: Kind, one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Say whether two new records that have one id are the same record."""
    return origin(kind, one) == origin(kind, other)


def replaced(kind: Kind, before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Say whether another record stands where one was: it has neither its time nor its title."""
    was, now = origin(kind, before), origin(kind, after)
    return was[0] != now[0] and was[1] != now[1] and None not in (was[0], now[0])


def origin(kind: Kind, data: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return what a record was created with: its time and its title."""
    created, title = data.get("created"), data.get(kind.title)
    return (
        created if isinstance(created, str) else None,
        title if isinstance(title, str) else None,
    )


def renamed(
    data: dict[str, Any],
    names: dict[str, str],
    before: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return a record in which other ids stand for some.

    With `before`, only in fields that did not name the id then: what stood there already
    means the record that had the id first.
    """
    pattern = _pattern(names)
    result = {}
    for field, value in data.items():
        held = set(_mentions(pattern, (before or {}).get(field)))
        fresh = {old: new for old, new in names.items() if old not in held}
        result[field] = _replaced(pattern, value, fresh) if fresh else value
    return result


def mentions(data: dict[str, Any], id: str) -> bool:
    """Say whether a record names an id anywhere."""
    pattern = _pattern([id])
    return any(_mentions(pattern, value) for value in data.values())


def _pattern(ids: Iterable[str]) -> re.Pattern[str]:
    import re  # the merge driver, which git starts for every file, never gets here

    return re.compile("(?<![A-Za-z0-9-])(" + "|".join(map(re.escape, ids)) + ")(?![A-Za-z0-9-])")


def _mentions(pattern: re.Pattern[str], value: Any) -> list[str]:
    if isinstance(value, str):
        return pattern.findall(value)
    if isinstance(value, dict):
        return [id for inner in value.values() for id in _mentions(pattern, inner)]
    if isinstance(value, list):
        return [id for inner in value for id in _mentions(pattern, inner)]
    return []


def _replaced(pattern: re.Pattern[str], value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(lambda found: names.get(found[1], found[1]), value)
    if isinstance(value, dict):
        return {key: _replaced(pattern, inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(pattern, inner, names) for inner in value]
    return value
