"""The whole hub at one glance."""

from __future__ import annotations

from gitcoord.api.entry import COLUMNS, Entry, entries

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from typing import Any

    from gitcoord.api.workspace import Workspace


class RepoRow:
    """Counts of open records of one repository."""

    __slots__ = ("blocked", "blocks", "issues", "ready", "repo", "role", "todos")

    def __init__(self, repo: str, role: str | None, counts: tuple[int, int, int, int, int]) -> None:
        self.repo = repo
        self.role = role
        self.issues, self.todos, self.ready, self.blocked, self.blocks = counts

    def as_dict(self) -> dict[str, Any]:
        """Return the row in its documented JSON shape."""
        names = ("repo", "role", "issues", "todos", "ready", "blocked", "blocks")
        return {name: getattr(self, name) for name in names}


class Overview:
    """Counts over all open records, and what is late or under way."""

    __slots__ = ("blocked", "hub", "in_progress", "open", "overdue", "ready", "repos")

    def __init__(self, hub: str) -> None:
        self.hub = hub
        self.open: dict[str, int] = {}
        self.ready = 0
        self.blocked = 0
        self.overdue: list[str] = []
        self.in_progress: list[str] = []
        self.repos: list[RepoRow] = []

    def as_dict(self) -> dict[str, Any]:
        """Return the overview in its documented JSON shape."""
        return {
            "hub": self.hub,
            "open": self.open,
            "ready": self.ready,
            "blocked": self.blocked,
            "overdue": self.overdue,
            "in_progress": self.in_progress,
            "repos": [row.as_dict() for row in self.repos],
        }


_BY_REPO = """
SELECT v.value,
  (SELECT role.value FROM value role JOIN core repo ON repo.n = role.n
    WHERE repo.kind = 'repo' AND repo.id = v.value AND role.field = 'role' LIMIT 1),
  sum(r.kind = 'issue'), sum(r.kind = 'todo'), sum(r.ready), sum(r.blocked),
  sum(r.blocks > 0)
FROM value v JOIN core r ON r.n = v.n
WHERE v.field = 'repo' AND r.archived = 0 AND (r.open = 1 OR r.kind = 'repo')
GROUP BY v.value ORDER BY sum(r.open) DESC, v.value
"""


_OVERDUE = "r.open = 1 AND r.target < ?"
_IN_PROGRESS = "r.kind IN ('issue', 'todo') AND r.status = 'in_progress' AND r.archived = 0"


def overview(workspace: Workspace) -> Overview:
    """Return the state of the whole hub."""
    view = workspace.view()
    found = Overview(workspace.repo.root)
    for kind, count, ready, blocked in view.execute(
        "SELECT kind, count(*), sum(ready), sum(blocked) FROM core WHERE open = 1"
        " GROUP BY kind ORDER BY kind"
    ):
        found.open[kind] = count
        found.ready += ready
        found.blocked += blocked
    today = workspace.now.date().isoformat()
    found.overdue = _ids(view, f"{_OVERDUE} ORDER BY r.target, r.sort", today)
    found.in_progress = _ids(view, f"{_IN_PROGRESS} ORDER BY r.worth, r.sort")
    found.repos = [RepoRow(row[0], row[1], row[2:]) for row in view.execute(_BY_REPO)]
    return found


def some(workspace: Workspace, ids: list[str]) -> list[Entry]:
    """Return the entries of a few records, in the order of their ids given."""
    view = workspace.view()
    return [
        entry
        for id in ids
        for entry in entries(view.execute(f"SELECT {COLUMNS} FROM record r WHERE r.id = ?", (id,)))
    ]


def _ids(view: sqlite3.Connection, query: str, *words: str) -> list[str]:
    return [row[0] for row in view.execute(f"SELECT r.id FROM core r WHERE {query}", words)]
