"""The five kinds of record: where they live, what states they know, in which order they are written.

This table is read by every command, so it imports nothing. The pydantic models
beside it hold the full rules; a test keeps the two in step.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PRIORITIES = ("critical", "high", "medium", "low")
"""From most to least urgent; a record's rank is its position here."""

DEPENDENCY_TYPES = ("runtime", "development", "mcp", "test", "documentation")

MILESTONE_STATUSES = ("pending", "in_progress", "blocked", "completed", "cancelled")
MILESTONE_DONE = frozenset({"completed", "cancelled"})


class Kind:
    """One kind of record.

    `statuses` are listed in the order of a life; `start` is what a new record has,
    `ready` are the states from which work can begin, `done` those that end it.
    `fields` is the order in which a file is written: fields that change often are
    never neighbours, so that two branches that edit different ones merge anywhere.
    `title` names the field that says what the record is about.
    """

    __slots__ = (
        "done",
        "fields",
        "folder",
        "name",
        "plural",
        "prefix",
        "ready",
        "start",
        "statuses",
        "title",
    )

    def __init__(
        self,
        name: str,
        *,
        plural: str,
        folder: str,
        prefix: str,
        title: str,
        statuses: tuple[str, ...],
        start: str,
        ready: frozenset[str],
        done: frozenset[str],
        fields: tuple[str, ...],
    ) -> None:
        self.name = name
        self.plural = plural
        self.folder = folder
        self.prefix = prefix
        self.title = title
        self.statuses = statuses
        self.start = start
        self.ready = ready
        self.done = done
        self.fields = fields


ISSUE = Kind(
    "issue",
    plural="issues",
    folder="issues",
    prefix="ISSUE",
    title="title",
    statuses=("pending", "in_progress", "blocked", "resolved", "closed"),
    start="pending",
    ready=frozenset({"pending"}),
    done=frozenset({"resolved", "closed"}),
    fields=(
        "id",
        "title",
        "status",
        "severity",
        "priority",
        "created",
        "assignee",
        "repos",
        "target",
        "labels",
        "blocked_by",
        "dependencies",
        "blocking",
        "description",
        "comments",
        "updated",
        "metadata",
    ),
)

PLAN = Kind(
    "plan",
    plural="plans",
    folder="plans",
    prefix="PLAN",
    title="title",
    statuses=("draft", "active", "on_hold", "completed", "cancelled"),
    start="draft",
    ready=frozenset(),
    done=frozenset({"completed", "cancelled"}),
    fields=(
        "id",
        "title",
        "status",
        "repos",
        "target",
        "created",
        "assignee",
        "labels",
        "milestones",
        "issues",
        "todos",
        "gates",
        "blocked_by",
        "dependencies",
        "blocking",
        "description",
        "comments",
        "updated",
        "metadata",
    ),
)

TODO = Kind(
    "todo",
    plural="todos",
    folder="todos",
    prefix="TODO",
    title="task",
    statuses=("pending", "in_progress", "blocked", "completed", "cancelled"),
    start="pending",
    ready=frozenset({"pending"}),
    done=frozenset({"completed", "cancelled"}),
    fields=(
        "id",
        "task",
        "status",
        "repo",
        "priority",
        "created",
        "assignee",
        "estimated_hours",
        "actual_hours",
        "issue",
        "plan",
        "milestone",
        "target",
        "labels",
        "blocked_by",
        "dependencies",
        "blocking",
        "acceptance_criteria",
        "description",
        "comments",
        "updated",
        "metadata",
    ),
)

DEPENDENCY = Kind(
    "dependency",
    plural="dependencies",
    folder="dependencies",
    prefix="DEP",
    title="notes",
    statuses=("satisfied", "unsatisfied", "unknown", "deprecated"),
    start="unknown",
    ready=frozenset(),
    done=frozenset({"satisfied", "deprecated"}),
    fields=(
        "id",
        "consumer",
        "provider",
        "type",
        "status",
        "version_constraint",
        "created",
        "notes",
        "validation",
        "labels",
        "comments",
        "updated",
        "metadata",
    ),
)

REPO = Kind(
    "repo",
    plural="repos",
    folder="repos",
    prefix="",
    title="description",
    statuses=("active", "inactive", "experimental", "deprecated", "archived"),
    start="active",
    ready=frozenset(),
    done=frozenset({"deprecated", "archived"}),
    fields=(
        "name",
        "package",
        "role",
        "status",
        "description",
        "tags",
        "nicknames",
        "url",
        "path",
        "labels",
        "comments",
        "updated",
        "metadata",
    ),
)

KINDS = (ISSUE, PLAN, TODO, DEPENDENCY, REPO)
BY_NAME = {kind.name: kind for kind in KINDS}
BY_FOLDER = {kind.folder: kind for kind in KINDS}


def title_of(kind: Kind, data: dict[str, Any]) -> str | None:
    """Return what a list shows as the title of a record."""
    if kind is DEPENDENCY:
        needs = f"{data.get('consumer')} → {data.get('provider')}"
        return f"{needs} {data.get('version_constraint') or ''}".rstrip()
    title = data.get(kind.title)
    return title if isinstance(title, str) else None
