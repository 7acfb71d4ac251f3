"""An item of a file joins the record that the hub has of it already.

What was imported before and is unchanged in the file leaves the hub's record alone,
whatever happened to it since. Otherwise the file's fields win, lists of words are united,
comments are never lost, and every value that gives way is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gitcoord.bridges.ecosystem.origin import imported

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitcoord.bridges.ecosystem.notes import Ledger

_UNITED = frozenset({"tags", "nicknames", "capabilities", "duties"})
_EMPTY: tuple[Any, ...] = (None, [], {})


def remember(data: dict[str, Any], seen: list[str], **former: Any) -> dict[str, Any]:
    """Return record data that knows where it came from: digests of items, and its former id."""
    memory: dict[str, Any] = {**imported(data), **former, "seen": seen}
    metadata = data.get("metadata")
    return {**data, "metadata": {**(metadata if isinstance(metadata, dict) else {}),
                                 "imported": memory}}  # fmt: skip


def differs(known: Mapping[str, Any], data: Mapping[str, Any]) -> bool:
    """Whether a record of the hub says something else than an item in a field they share."""
    return any(known.get(field) != value for field, value in data.items() if field != "metadata")


def join(
    known: Mapping[str, Any],
    data: Mapping[str, Any],
    label: str,
    ledger: Ledger,
    *,
    file_wins: bool = True,
) -> dict[str, Any]:
    """Return the hub's record with what the file adds to it or changes in it."""
    joined = dict(known)
    for field, value in data.items():
        had = known.get(field)
        if field == "metadata" and isinstance(value, dict) and isinstance(had, dict):
            joined[field] = _metadata(had, value, label, ledger, file_wins=file_wins)
        elif field in _UNITED and isinstance(value, list) and isinstance(had, list):
            joined[field] = [*had, *(item for item in value if item not in had)]
        elif field == "comments" and isinstance(value, list) and isinstance(had, list):
            joined[field] = _comments(had, value)
        else:
            joined[field] = _one(field, had, value, label, ledger, file_wins=file_wins)
    return joined


def _metadata(
    had: Mapping[str, Any], value: Mapping[str, Any], label: str, ledger: Ledger, *, file_wins: bool
) -> dict[str, Any]:
    joined = dict(had)
    for key, new in value.items():
        if key != "imported":
            old = had.get(key)
            name = f"metadata.{key}"
            joined[key] = _one(name, old, new, label, ledger, file_wins=file_wins)
    return joined


def _one(field: str, had: Any, value: Any, label: str, ledger: Ledger, *, file_wins: bool) -> Any:
    if had in _EMPTY or had == value:
        return value
    if value in _EMPTY:
        return had
    if file_wins:
        ledger.say(label, field, f"The file's {value!r} replaced {had!r}.")
        return value
    ledger.say(label, field, f"The hub's {had!r} stayed; the older file says {value!r}.")
    return had


def _comments(had: list[Any], value: list[Any]) -> list[Any]:
    ids = {comment.get("id") for comment in had if isinstance(comment, dict)} - {None}
    return [
        *had,
        *(
            comment
            for comment in value
            if comment not in had and not (isinstance(comment, dict) and comment.get("id") in ids)
        ),
    ]
