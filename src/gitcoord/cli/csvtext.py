"""Rows as CSV (RFC 4180), one column for each number; unknown is empty.

A text that a spreadsheet would take for a formula gets an apostrophe before it: labels
can come from anyone.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv(rows: Iterable[dict[str, Any]], columns: Iterable[tuple[str, ...]]) -> str:
    """Return the rows; each column is the path of a value in a row, and is headed by it."""
    columns = list(columns)
    lines = [",".join("_".join(path) for path in columns)]
    lines += [",".join(_cell(_value(row, path)) for path in columns) for row in rows]
    return "\n".join(lines)


def _value(row: dict[str, Any], path: tuple[str, ...]) -> Any:
    found: Any = row
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _cell(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return f"{value}".lower()
    if value.startswith(_FORMULA):
        value = f"'{value}"
    if any(mark in value for mark in ',"\n\r'):
        return '"' + value.replace('"', '""') + '"'
    return value
