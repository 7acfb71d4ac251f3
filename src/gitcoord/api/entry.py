"""A record as reads give it: its columns, and its documented JSON."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from typing import Any

COLUMNS = (
    "r.id, r.kind, r.path, r.title, r.status, r.priority, r.assignee, r.target, r.repos,"
    " r.updated, r.ready, r.blocked, r.open_blockers, r.open, r.archived, r.blocks, r.json"
)

BRIEF = COLUMNS.replace("r.json", "''")
"""The columns without the JSON, which is most of a record."""


class Entry:
    """One record of a page: the columns that lists show, and its JSON.

    In place of the JSON may stand what makes it, for a record that may be shown without.
    """

    __slots__ = (
        "_json",
        "archived",
        "assignee",
        "blocked",
        "blocks",
        "id",
        "kind",
        "open",
        "open_blockers",
        "path",
        "priority",
        "ready",
        "repos",
        "status",
        "target",
        "title",
        "updated",
    )

    def __init__(self, row: tuple[Any, ...]) -> None:
        (
            self.id, self.kind, self.path, self.title, self.status, self.priority, self.assignee,
            self.target, self.repos, self.updated, self.ready, self.blocked, self.open_blockers,
            self.open, self.archived, self.blocks, self._json,
        ) = row  # fmt: skip

    def json(self) -> str:
        """Return the record object of the JSON interface, derived fields included."""
        own = self._json if isinstance(self._json, str) else self._json()
        return (
            f'{own}, "path": "{self.path}", "updated": {_when(self.updated)},'
            f' "archived": {_bool(self.archived)}, "ready": {_bool(self.ready)},'
            f' "blocked": {_bool(self.blocked)}, "blocked_by_open": {self.open_blockers}}}'
        )

    def blockers(self) -> list[str]:
        """Return the ids of the open records this one waits for."""
        text = self.open_blockers[1:-1]
        return [word.strip('" ') for word in text.split(",")] if text else []


def entries(rows: sqlite3.Cursor) -> list[Entry]:
    """Return the entries of a query that selected `COLUMNS`."""
    return [Entry(row) for row in rows]


def _bool(value: int) -> str:
    return "true" if value else "false"


def _when(seconds: int | None) -> str:
    if seconds is None:
        return "null"
    return time.strftime('"%Y-%m-%dT%H:%M:%S+00:00"', time.gmtime(seconds))
