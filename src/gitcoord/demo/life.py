"""What can happen to a record in the demo's story: each verb changes data and says so.

The sentences are those of the real commands, so that the history looks as if people had
used them.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from gitcoord.model.kinds import Kind

_STATUS = {
    "start": "in_progress",
    "block": "blocked",
    "unblock": "in_progress",
    "resolve": "resolved",
    "close": "closed",
    "reopen": "in_progress",
    "complete": "completed",
    "cancel": "cancelled",
}
_WAITS = {"todo": "blocked_by", "issue": "dependencies", "plan": "dependencies"}


class Event:
    """One thing that somebody does to one record at one time."""

    __slots__ = ("author", "day", "key", "rest", "time", "verb", "who")

    def __init__(self, key: str, line: str, author: Callable[[str], str]) -> None:
        day, self.who, self.verb, *rest = line.split(" ", 3)
        self.key = key
        self.day = int(day)
        self.rest = rest[0] if rest else ""
        self.author = author(self.who)
        self.time: datetime | None = None


def apply(kind: Kind, data: dict[str, Any], event: Event, when: str, number: Callable[[str], Any],
          text: str) -> str:  # fmt: skip
    """Change a record's data as an event says; return the subject of the commit.

    `text` is the event's rest with ids in it, `number` turns a day of the story into a date.
    """
    verb = event.verb
    if verb == "wait":
        field = _WAITS[kind.name]
        data[field] = [*data.get(field, []), text]
        return f"{field} +{text}"
    if verb == "label":
        data["labels"] = [*data.get("labels", []), text]
        return f"labels +{text}"
    if verb == "milestone":
        return _milestone(data, text)
    if verb == "assign":
        return _set(data, "assignee", text or event.who)
    if verb == "set":
        field, _, value = text.partition("=")
        return _set(data, field, number(value) if field == "target" else value)
    if verb == "complete":
        data["actual_hours"] = float(text)
        text = ""
    if verb == "start" and not data.get("assignee"):
        data["assignee"] = event.who
    if text:
        _comment(data, event.author, when, text)
    return "comment" if verb == "comment" else _set(data, "status", _STATUS[verb])


def _set(data: dict[str, Any], field: str, value: str) -> str:
    old = data.get(field) or "none"
    data[field] = value
    return f"{field} {old} → {value}"


def _milestone(data: dict[str, Any], text: str) -> str:
    id, _, status = text.partition(" ")
    for milestone in data["milestones"]:
        if milestone["id"] == id:
            old, milestone["status"] = milestone["status"], status
            return f"milestone {id} {old} → {status}"
    raise LookupError(id)


def _comment(data: dict[str, Any], author: str, when: str, text: str) -> None:
    id = hashlib.sha256(f"{author} {when} {text}".encode()).hexdigest()[:8]
    comment = {"id": id, "author": author, "created": when, "text": text}
    data["comments"] = [*data.get("comments", []), comment]
