"""One value at a time: times with an offset, days, words of our tables, lists, numbers.

Each function returns a value as a record has it and tells what it changed. A value that
is already in our form is returned untouched; one that cannot be read raises `Unreadable`.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from gitcoord.bridges.ecosystem import words

if TYPE_CHECKING:
    from collections.abc import Mapping

_TIME = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SPACES = re.compile(r"[\s-]+")


class Unreadable(Exception):  # noqa: N818 - it ends one field, not the import
    """A value that means nothing for its field."""


def moment(text: str) -> tuple[str, bool]:
    """Return a time in RFC 3339, and whether it came without an offset and was taken as UTC."""
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Unreadable(text) from None
    if _TIME.fullmatch(text):
        return text, False
    naive = read.tzinfo is None
    return (read.replace(tzinfo=UTC) if naive else read).isoformat(), naive


def day(text: str) -> tuple[str, bool]:
    """Return a day as it is, or a time as `moment` does."""
    if _DAY.fullmatch(text):
        try:
            date.fromisoformat(text)
        except ValueError:
            raise Unreadable(text) from None
        return text, False
    return moment(text)


def instant(text: Any) -> datetime | None:
    """Return the instant that a time names, None when it names none."""
    if not isinstance(text, str):
        return None
    try:
        return datetime.fromisoformat(moment(text)[0])
    except Unreadable:
        return None


def word(kind: str, field: str, value: str, mapping: Mapping[str, str]) -> str | None:
    """Return our word for a word of theirs; None when no table knows it.

    What the user says in `mapping` comes first, under `KIND.FIELD.WORD` or `FIELD.WORD`.
    """
    ours = words.known(kind, field)
    for key in (f"{kind}.{field}.{value}", f"{field}.{value}"):
        if key in mapping:
            return mapping[key] if mapping[key] in ours else None
    if value in ours:
        return value
    plain = _SPACES.sub("_", value.strip().lower())
    return plain if plain in ours else words.table(kind, field).get(plain)


def text(value: Any) -> str:
    """Return a single value as text."""
    if isinstance(value, str):
        return value
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    raise Unreadable(value)


def number(value: Any) -> int | float:
    """Return a number that may be written as text."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    try:
        read = float(value)
    except (TypeError, ValueError):
        raise Unreadable(value) from None
    if not 0 <= read < 1e9:
        raise Unreadable(value)
    return int(read) if read.is_integer() else read
