"""Records of beads: one JSON object a line, all in one file."""

from __future__ import annotations

import json
from typing import Any

from tests.bench.replay.tracker import Data, Tracker, filled, our_id

from gitcoord.model.kinds import ISSUE

FILES = ("issues.jsonl", "beads.jsonl", "bd.jsonl")
STATUSES = {
    "open": "pending", "in_progress": "in_progress", "blocked": "blocked", "closed": "closed",
    "tombstone": "closed",
}  # fmt: skip
PRIORITIES = ("critical", "high", "medium", "low", "low")
OURS = {
    "id", "title", "description", "status", "priority", "issue_type", "assignee", "created_at",
    "updated_at", "labels", "dependencies", "comments",
}  # fmt: skip


def _chosen(paths: list[str]) -> list[str]:
    """Return the one file in use: its name changed over time, and old ones stayed."""
    return [name for name in FILES if name in paths][:1]


def _pieces(raw: bytes) -> list[bytes]:
    return [line for line in raw.split(b"\n") if line.startswith(b"{")]


def record(raw: bytes) -> Data | None:
    """Return an issue as ours; None for a line that holds none, such as a marker."""
    try:
        held = json.loads(raw)
    except ValueError:
        return None
    if not isinstance(held, dict) or not isinstance(held.get("id"), str) or "title" not in held:
        return None
    status, priority = str(held.get("status", "")), held.get("priority")
    if not isinstance(priority, int) or not 0 <= priority <= 4:
        priority = 2
    links = [one for one in held.get("dependencies") or [] if isinstance(one, dict)]
    rest = {key: value for key, value in held.items() if key not in OURS}
    if status not in STATUSES or status == "tombstone":
        rest["status"] = status
    if priority != held.get("priority") or priority == 4:
        rest["priority"] = held.get("priority")
    rest["links"] = [_link(one) for one in links]
    return filled(
        {
            "id": our_id(held["id"], "BD"),
            "title": held["title"],
            "status": STATUSES.get(status, "pending"),
            "severity": held.get("issue_type"),
            "priority": PRIORITIES[priority],
            "created": held.get("created_at"),
            "assignee": held.get("assignee"),
            "labels": held.get("labels"),
            "blocked_by": [
                our_id(str(one.get("depends_on_id")), "BD")
                for one in links
                if one.get("type") == "blocks"
            ],
            "description": held.get("description"),
            "comments": [_comment(one) for one in held.get("comments") or []],
            "updated": held.get("updated_at"),
            "metadata": filled(rest),
        }
    )


def _link(held: Data) -> Data:
    name = f"{held.get('type')} {held.get('depends_on_id')}"
    return {"id": name, **{key: value for key, value in held.items() if key != "id"}}


def _comment(held: Data) -> dict[str, Any]:
    return filled(
        {
            "id": str(held.get("id")),
            "author": held.get("author"),
            "created": held.get("created_at"),
            "text": held.get("text"),
        }
    )


BEADS = Tracker("beads", ISSUE, (".beads",), chosen=_chosen, pieces=_pieces, record=record)
