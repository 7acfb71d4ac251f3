"""Tasks of Backlog.md: one Markdown file each, with front matter and headed sections."""

from __future__ import annotations

import re
from typing import Any

import yaml
from tests.bench.replay.tracker import Data, Tracker, filled, our_id

from gitcoord.model.kinds import TODO

FRONT = re.compile(r"---\r?\n(.*?)\n---\r?\n(.*)", re.DOTALL)
SECTION = re.compile(r"^## +(.*?) *$\n?", re.MULTILINE)
BOX = re.compile(r"- \[([ xX])\] +(.*\S)")
STATUSES = {
    "to do": "pending", "todo": "pending", "in progress": "in_progress", "done": "completed",
    "blocked": "blocked",
}  # fmt: skip
OURS = {
    "id", "title", "status", "priority", "assignee", "labels", "dependencies", "created_date",
    "updated_date",
}  # fmt: skip


def _chosen(paths: list[str]) -> list[str]:
    return [
        path for path in paths
        if path.endswith(".md") and path.rpartition("/")[0].endswith(("tasks", "completed"))
    ]  # fmt: skip


def record(raw: bytes) -> Data | None:
    """Return a task as our todo; None for a file without front matter that can be read."""
    found = FRONT.match(raw.decode("utf-8", "replace").replace("\r\n", "\n"))
    try:
        held = yaml.load(found[1], Loader=yaml.BaseLoader) if found else None
    except yaml.YAMLError:
        return None
    if found is None or not isinstance(held, dict) or not held.get("id") or not held.get("title"):
        return None
    parts = SECTION.split(found[2])
    sections = dict(zip(parts[1::2], (text.strip("\n") for text in parts[2::2]), strict=True))
    status = str(held.get("status", "")).lower()
    rest: Data = {key: value for key, value in held.items() if key not in OURS}
    if status not in STATUSES:
        rest["status"] = held.get("status")
    assignee = held.get("assignee")
    criteria = _criteria(sections.pop("Acceptance Criteria", ""))
    return filled(
        {
            "id": our_id(str(held["id"]).upper(), "TASK"),
            "task": held["title"],
            "status": STATUSES.get(status, "pending"),
            "repo": "replayed",
            "priority": held.get("priority"),
            "created": held.get("created_date"),
            "assignee": ", ".join(assignee) if isinstance(assignee, list) else assignee,
            "labels": _words(held.get("labels")),
            "blocked_by": [our_id(one.upper(), "TASK") for one in _words(held.get("dependencies"))],
            "acceptance_criteria": criteria[0],
            "description": sections.pop("Description", None),
            "updated": held.get("updated_date"),
            "metadata": filled({**rest, "criteria": criteria[1], **sections}),
        }
    )


def _words(held: Any) -> list[str]:
    return [str(one) for one in held] if isinstance(held, list) else []


def _criteria(text: str) -> tuple[list[Data], str]:
    """Return the ticked and unticked boxes, and what else the section says."""
    boxes, other = [], []
    for line in text.split("\n"):
        box = BOX.fullmatch(line)
        if box:
            boxes.append({"text": box[2], "done": box[1] != " "})
        elif line and not line.startswith("<!--"):
            other.append(line)
    return boxes, "\n".join(other)


BACKLOG = Tracker(
    "Backlog.md", TODO, ("backlog", ".backlog"),
    chosen=_chosen, pieces=lambda raw: [raw], record=record,
)  # fmt: skip
