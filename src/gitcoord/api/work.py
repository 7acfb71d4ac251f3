"""The life of records: begin, complete, close, comment, one todo for each repository."""

from __future__ import annotations

import os

from gitcoord.api import links, read, write
from gitcoord.errors import InvalidError
from gitcoord.model.kinds import ISSUE, TODO

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.api.entry import Entry
    from gitcoord.api.workspace import Workspace


def close(
    workspace: Workspace, ids: Sequence[str], *, reason: str | None, commit: bool = True
) -> list[str]:
    """Close issues, all or none, unless other open work still stands before one; return their ids."""
    for id in ids:
        refuse_blocked(workspace, id, "closed", besides=ids)
    changes = [write.with_fields(ISSUE, {"status": "closed"})]
    if reason:
        changes.append(commented(workspace, reason))
    return write.change_each(
        workspace, "issue", ids, write.chained(*changes), commit=commit, why=reason or ""
    )


def start(workspace: Workspace, id: str, *, assignee: str | None, commit: bool = True) -> str:
    """Begin a todo, for somebody; return its id."""
    refuse_blocked(workspace, id, "begun")
    fields: dict[str, Any] = {"status": "in_progress"}
    if assignee:
        fields["assignee"] = assignee
    return write.change(workspace, "todo", id, write.with_fields(TODO, fields), commit=commit)


def take(workspace: Workspace, id: str, *, assignee: str, commit: bool = True) -> str:
    """Begin a todo that nobody else has begun; return its id.

    Of two who take one at the same time, the second is refused.
    """
    refuse_blocked(workspace, id, "begun")
    begun = write.with_fields(TODO, {"status": "in_progress", "assignee": assignee})

    def how(data: dict[str, Any]) -> dict[str, Any]:
        holder = data.get("assignee")
        if data.get("status") == "in_progress" and holder not in (None, assignee):
            raise InvalidError(
                f"{id} is under way already: {holder} has it.",
                hint="Take other ready work, or agree with them and set the assignee.",
            )
        return begun(data)

    return write.change(workspace, "todo", id, how, commit=commit)


def complete(workspace: Workspace, id: str, *, hours: float | None, commit: bool = True) -> str:
    """Complete a todo, with the hours it took; return its id."""
    refuse_blocked(workspace, id, "completed")
    fields: dict[str, Any] = {"status": "completed"}
    if hours is not None:
        fields["actual_hours"] = hours
    return write.change(workspace, "todo", id, write.with_fields(TODO, fields), commit=commit)


def refuse_blocked(
    workspace: Workspace, id: str, what: str, *, besides: Sequence[str] = ()
) -> None:
    """Raise `InvalidError` while something open stands before a record, besides some."""
    entry = read.get(workspace, id)
    blockers = [one for one in entry.blockers() if one not in besides]
    if blockers:
        raise InvalidError(
            f"{entry.id} cannot be {what}: it waits for {', '.join(blockers)}.",
            hint=f"Finish those first, or drop the link: `coord {_dropping(entry, blockers[0])}`.",
        )


def _dropping(entry: Entry, blocker: str) -> str:
    """Return the command that drops a link: on the record that waits, or else on the other."""
    import json  # only where something is refused

    data = json.loads(entry.json())
    if blocker in (*(data.get("dependencies") or ()), *(data.get("blocked_by") or ())):
        return f"{entry.kind} update {entry.id} --remove-blocker {blocker}"
    return f"edit {blocker}"


def comment(workspace: Workspace, id: str, text: str, *, commit: bool = True) -> str:
    """Add a comment to a record and return the record's id."""
    if not text.strip():
        raise InvalidError("A comment needs a text.", hint='coord comment ISSUE-001 "text"')
    entry = read.get(workspace, id)
    return write.change(workspace, entry.kind, entry.id, commented(workspace, text), commit=commit)


def commented(workspace: Workspace, text: str) -> write.Change:
    """Return the change that adds a comment by the user, now."""
    remark = {
        "id": os.urandom(4).hex(),
        "author": workspace.signature,
        "created": workspace.now.isoformat(timespec="seconds"),
        "text": text,
    }

    def how(data: dict[str, Any]) -> dict[str, Any]:
        data["comments"] = [*(data.get("comments") or []), remark]
        return data

    return how


def todo_for_each_repo(
    workspace: Workspace, issue_id: str, fields: dict[str, Any], *, commit: bool = True
) -> list[str]:
    """Create a todo for every repository of an issue, in one commit; return the new ids.

    A repository that has an unfinished todo for the issue with the same task gets no second one.
    """
    issue = read.get(workspace, issue_id, "issue")
    repos = [name for name in issue.repos.split(", ") if name]
    if not repos:
        raise InvalidError(
            f"{issue.id} names no repository.",
            hint=f"coord issue update {issue.id} --add-repo REPO",
        )
    made = []
    with write.transaction(workspace, commit=commit) as tx:
        for repo in repos:
            data = write.prepared(
                workspace, TODO, {"task": issue.title, **fields, "repo": repo, "issue": issue.id}
            )
            if not _has_todo(workspace, issue.id, repo, data["task"]):
                links.refuse_unknown(workspace, TODO, data)
                made.append(tx.create(TODO, data))
        counted = "1 todo" if len(made) == 1 else f"{len(made)} todos"
        tx.message = f"{issue.id}: create {counted}, one for each repository"
    workspace.changed()
    return made


def _has_todo(workspace: Workspace, issue: str, repo: str, task: str) -> bool:
    row = (
        workspace.view()
        .execute(
            "SELECT 1 FROM record r JOIN value v ON v.n = r.n AND v.field = 'repo' AND v.value = ?"
            " WHERE r.kind = 'todo' AND r.issue = ? AND r.open = 1 AND r.title = ?",
            (repo, issue, task),
        )
        .fetchone()
    )
    return row is not None
