"""How far a plan is, what is late, and what is in danger of being late."""

from __future__ import annotations

from datetime import date

from gitcoord.api import read
from gitcoord.api.entry import COLUMNS, Entry, entries
from gitcoord.model.kinds import MILESTONE_DONE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.workspace import Workspace

_WEEK = 7


class Progress:
    """The state of one plan.

    `percent` is the share of its issues, todos and milestones that are finished (None when
    it has none); `faults` say in a sentence each what keeps it from being on time or whole.
    """

    __slots__ = (
        "at_risk",
        "done",
        "faults",
        "id",
        "milestones",
        "overdue",
        "percent",
        "title",
        "total",
    )

    def __init__(self, id: str, title: str) -> None:
        self.id = id
        self.title = title
        self.done = 0
        self.total = 0
        self.percent: float | None = None
        self.milestones: list[dict[str, Any]] = []
        self.overdue: list[str] = []
        self.at_risk: list[str] = []
        self.faults: list[str] = []

    def as_dict(self) -> dict[str, Any]:
        """Return the state in its documented JSON shape."""
        return {name: getattr(self, name) for name in (
            "id", "title", "percent", "done", "total", "milestones", "overdue", "at_risk", "faults"
        )}  # fmt: skip


def members(workspace: Workspace, plan: str) -> list[Entry]:
    """Return the issues and todos of a plan, named by it or naming it."""
    return entries(
        workspace.view().execute(
            f"SELECT {COLUMNS} FROM record r WHERE r.kind IN ('issue', 'todo') AND r.id IN"
            " (SELECT src FROM link WHERE dst = ? AND type = 'part') ORDER BY r.sort",
            (plan,),
        )
    )


def progress(workspace: Workspace, id: str, data: dict[str, Any]) -> Progress:
    """Return how far a plan is; `data` is the plan's own."""
    found = Progress(id, str(data.get("title") or ""))
    work = members(workspace, id)
    today = workspace.now.date()
    milestones = [item for item in data.get("milestones") or () if isinstance(item, dict)]
    done_stones = [item for item in milestones if item.get("status") in MILESTONE_DONE]
    found.total = len(work) + len(milestones)
    found.done = sum(not entry.open for entry in work) + len(done_stones)
    found.percent = round(100 * found.done / found.total, 1) if found.total else None
    for item in milestones:
        _milestone(found, item, today, work)
    if _late(data.get("target"), today) and found.done < found.total:
        found.overdue.append(id)
        found.faults.append(f"The plan was due on {data['target']} and is not finished.")
    if data.get("status") in ("completed", "cancelled"):
        left = [entry.id for entry in work if entry.open]
        if left:
            found.faults.append(f"It is {data['status']}, but {', '.join(left)} are open.")
    if not work:
        found.faults.append("No issue or todo belongs to it.")
    _orders(found, milestones)
    return found


def _milestone(found: Progress, item: dict[str, Any], today: date, work: list[Entry]) -> None:
    name = str(item.get("id") or item.get("name") or "?")
    done = item.get("status") in MILESTONE_DONE
    due = str(item.get("due") or "")[:10] or None
    late = not done and _late(due, today)
    near = not done and not late and due is not None and _days(due, today) <= _WEEK
    blocked = sum(bool(entry.blocked) for entry in work)
    found.milestones.append(
        {"id": name, "name": item.get("name"), "status": item.get("status"), "due": due,
         "overdue": late, "at_risk": near}
    )  # fmt: skip
    if late:
        found.overdue.append(name)
        found.faults.append(f"Milestone {name} was due on {due}.")
    elif near:
        found.at_risk.append(name)
        waits = f"; {blocked} records are blocked" if blocked else ""
        found.faults.append(f"Milestone {name} is due on {due}{waits}.")


def _orders(found: Progress, milestones: list[dict[str, Any]]) -> None:
    names = {str(item.get("id")) for item in milestones}
    for item in milestones:
        for other in item.get("dependencies") or ():
            if isinstance(other, str) and other not in names and not other[:1].isupper():
                found.faults.append(
                    f"Milestone {item.get('id')} waits for {other}, which is not in the plan."
                )


def _late(day: Any, today: date) -> bool:
    return isinstance(day, str) and bool(day) and _days(day[:10], today) < 0


def _days(day: str, today: date) -> int:
    try:
        return (date.fromisoformat(day) - today).days
    except ValueError:
        return 1 << 20


def load(workspace: Workspace, id: str) -> dict[str, Any]:
    """Return the data of a plan."""
    import json  # plans are few, and people read them

    found: dict[str, Any] = json.loads(read.get(workspace, id, "plan").json())
    return found
