"""Issues of ditz: one YAML file each, with Ruby's tags and a log of events."""

from __future__ import annotations

from typing import Any

import yaml
from tests.bench.replay.tracker import Data, Tracker, filled, our_id

from gitcoord.model.kinds import ISSUE

STATUSES = {
    "unstarted": "pending", "in_progress": "in_progress", "paused": "blocked", "closed": "closed",
}  # fmt: skip
OURS = {"id", "title", "desc", "type", "status", "creation_time", "references", "log_events"}


def _chosen(paths: list[str]) -> list[str]:
    return [path for path in paths if path.startswith("issue-") and path.endswith(".yaml")]


def record(raw: bytes) -> Data | None:
    """Return an issue as ours; None for a file that cannot be read."""
    try:
        # Every value as its text: a date stays as written, and no tag makes an object.
        held = yaml.load(raw, Loader=yaml.BaseLoader)
    except yaml.YAMLError:
        return None
    if not isinstance(held, dict) or not held.get("id") or not held.get("title"):
        return None
    status = str(held.get("status", "")).lstrip(":")
    rest: Data = {key: value for key, value in held.items() if key not in OURS}
    if status not in STATUSES:
        rest["status"] = status
    return filled(
        {
            "id": our_id(str(held["id"]), "DITZ"),
            "title": held["title"],
            "status": STATUSES.get(status, "pending"),
            "severity": str(held.get("type", "")).lstrip(":"),
            "created": held.get("creation_time"),
            "description": held.get("desc"),
            "comments": [_comment(one) for one in held.get("log_events") or []],
            "metadata": filled({**rest, "references": held.get("references")}),
        }
    )


def _comment(event: Any) -> Data:
    words = [str(one) for one in event] if isinstance(event, list) else [str(event)]
    time, author, what, said = [*words, "", "", "", ""][:4]
    return filled(
        {"id": f"{time} {what}", "author": author, "created": time, "text": f"{what}\n{said}".strip()}
    )  # fmt: skip


DITZ = Tracker(
    "ditz", ISSUE, ("bugs", ".ditz", ".issues", "issues"),
    chosen=_chosen, pieces=lambda raw: [raw], record=record,
)  # fmt: skip
