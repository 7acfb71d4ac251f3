"""The words of other registries and what they are called here: tables, shown as they stand.

`coord import ecosystem --show-mapping` prints them. A word that is neither ours nor in a
table stops an import, until `--map status.WORD=OURS` says what it means.
"""

from __future__ import annotations

from gitcoord.model.kinds import (
    BY_NAME,
    DEPENDENCY_TYPES,
    MILESTONE_STATUSES,
    PRIORITIES,
)

_WORK = {
    "new": "pending",
    "open": "pending",
    "planned": "pending",
    "todo": "pending",
    "active": "in_progress",
    "doing": "in_progress",
    "started": "in_progress",
    "wip": "in_progress",
    "on_hold": "blocked",
    "waiting": "blocked",
}
_FINISHED = {
    "complete": "completed",
    "done": "completed",
    "finished": "completed",
    "fixed": "completed",
    "resolved": "completed",
    "closed": "completed",
    "canceled": "cancelled",
    "dropped": "cancelled",
    "wontfix": "cancelled",
}

STATUS = {
    "issue": {
        **_WORK,
        "complete": "resolved",
        "completed": "resolved",
        "done": "resolved",
        "fixed": "resolved",
        "canceled": "closed",
        "cancelled": "closed",
        "duplicate": "closed",
        "wontfix": "closed",
    },
    "plan": {
        "pending": "draft",
        "planned": "draft",
        "proposed": "draft",
        "in_progress": "active",
        "started": "active",
        "blocked": "on_hold",
        "paused": "on_hold",
        **_FINISHED,
    },
    "todo": {**_WORK, **_FINISHED},
    "milestone": {**_WORK, **_FINISHED},
    "dependency": {
        "broken": "unsatisfied",
        "failed": "unsatisfied",
        "met": "satisfied",
        "ok": "satisfied",
        "obsolete": "deprecated",
        "pending": "unknown",
        "unchecked": "unknown",
    },
    "repo": {
        "disabled": "inactive",
        "enabled": "active",
        "maintained": "active",
        "paused": "inactive",
        "retired": "archived",
        "wip": "experimental",
    },
}
"""For each kind: their status, and ours."""

PRIORITY = {
    "p0": "critical",
    "p1": "high",
    "p2": "medium",
    "p3": "low",
    "p4": "low",
    "blocker": "critical",
    "urgent": "critical",
    "major": "high",
    "moderate": "medium",
    "normal": "medium",
    "minor": "low",
    "trivial": "low",
}

TYPE = {
    "dev": "development",
    "doc": "documentation",
    "docs": "documentation",
    "library": "runtime",
    "prod": "runtime",
    "testing": "test",
}

_COMMON = {
    "created_at": "created",
    "updated_at": "updated",
    "assigned_to": "assignee",
    "owner": "assignee",
    "blocks": "blocking",
    "tags": "labels",
    "target_date": "target",
    "due_date": "target",
    "due": "target",
}

FIELD = {
    "issue": {
        **_COMMON,
        "depends_on": "dependencies",
        "repo": "repos",
        "repositories": "repos",
    },
    "plan": {
        **_COMMON,
        "name": "title",
        "issue_ids": "issues",
        "todo_ids": "todos",
        "depends_on": "dependencies",
        "repo": "repos",
        "repositories": "repos",
    },
    "todo": {
        **_COMMON,
        "title": "task",
        "issue_id": "issue",
        "plan_id": "plan",
        "milestone_id": "milestone",
        "depends_on": "blocked_by",
        "repository": "repo",
    },
    "milestone": {
        "title": "name",
        "due_date": "due",
        "target": "due",
        "target_date": "due",
        "depends_on": "dependencies",
    },
    "dependency": {
        "created_at": "created",
        "updated_at": "updated",
        "dependency_type": "type",
        "version": "version_constraint",
        "description": "notes",
    },
    "repo": {"repo_url": "url", "nickname": "nicknames", "keywords": "tags"},
}
"""For each kind: their field, and the one of ours that holds the same."""


def known(kind: str, field: str) -> tuple[str, ...]:
    """Return the words that are ours for a field of a kind."""
    if field == "priority":
        return PRIORITIES
    if field == "type":
        return DEPENDENCY_TYPES
    return MILESTONE_STATUSES if kind == "milestone" else BY_NAME[kind].statuses


def table(kind: str, field: str) -> dict[str, str]:
    """Return their words for a field of a kind, and ours."""
    if field == "priority":
        return PRIORITY
    return TYPE if field == "type" else STATUS[kind]


def refusal(told: str, ours: str) -> str | None:
    """Return why `--map` cannot mean anything by `told=ours`; None where it can."""
    first, _, rest = told.partition(".")
    field, _, word = rest.partition(".")
    kinds = [*STATUS] if first in ("status", "priority", "type") else [first]
    if kinds == [first]:
        if first not in STATUS:
            return f"nothing in the file is called {told}"
        if first in BY_NAME and not word and field in BY_NAME[first].fields:
            return None  # a value for all records that have none
        first, rest = field, word
    if first not in ("status", "priority", "type") or not rest:
        return f"nothing in the file is called {told}"
    if any(ours in known(kind, first) for kind in kinds):
        return None
    choice = ", ".join(dict.fromkeys(one for kind in kinds for one in known(kind, first)))
    return f"{ours!r} is no {first} here; it takes one of {choice}"


def rows() -> list[tuple[str, str, str]]:
    """Return every line of the tables as (where it applies, theirs, ours)."""
    found = [(f"{kind} field", a, b) for kind, names in FIELD.items() for a, b in names.items()]
    found += [(f"{kind} status", a, b) for kind, names in STATUS.items() for a, b in names.items()]
    found += [("priority", theirs, ours) for theirs, ours in PRIORITY.items()]
    found += [("dependency type", theirs, ours) for theirs, ours in TYPE.items()]
    return found
