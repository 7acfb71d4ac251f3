"""Which todos can be run here, and of each other one why it cannot."""

from __future__ import annotations

import json
from typing import NamedTuple

from gitcoord.api import chosen, read, whereabouts
from gitcoord.api.entry import COLUMNS, Entry
from gitcoord.errors import InvalidError
from gitcoord.execution import runs
from gitcoord.execution.ordering import Job
from gitcoord.execution.outcome import COMPLETED, UNVERIFIED
from gitcoord.git import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.execution.runs import Run

_BATCH = 500


class Todo(NamedTuple):
    """A todo as it stands: `refusal` says why it is not run, whatever it waits for."""

    entry: Entry
    data: dict[str, Any]
    folder: str | None
    role: str | None
    job: Job
    refusal: str

    @property
    def id(self) -> str:
        """The todo's id."""
        return self.job.id

    @property
    def repo(self) -> str:
        """The repository that it is done in."""
        return str(self.data.get("repo") or "")


def of_plan(workspace: Workspace, plan: str) -> list[str]:
    """Return the ids of a plan's todos: its own, and those of its issues."""
    entry = read.get(workspace, plan, "plan")
    rows = workspace.view().execute(
        "WITH mine (id) AS (SELECT ?1 UNION SELECT l.src FROM link l JOIN record r ON r.id = l.src"
        " WHERE l.dst = ?1 AND l.type = 'part' AND r.kind = 'issue')"
        " SELECT DISTINCT r.id FROM record r JOIN link l ON l.src = r.id AND l.type = 'part'"
        " WHERE r.kind = 'todo' AND r.archived = 0 AND l.dst IN (SELECT id FROM mine)"
        " ORDER BY r.worth, r.sort",
        (entry.id,),
    )
    return [row[0] for row in rows]


def look(workspace: Workspace, ids: Sequence[str]) -> dict[str, Todo]:
    """Return todos by id, as they stand now."""
    rows = _rows(workspace, ids)
    entries = [(Entry(row[:-2]), row[-2], row[-1]) for row in rows]
    data = {entry.id: json.loads(entry.json()) for entry, _, _ in entries}
    repos = {str(one.get("repo") or "") for one in data.values()}
    folders = whereabouts.folders_of(workspace, sorted(repos))
    roles = chosen.roles_of(workspace)
    last = _last(workspace, set(data))
    found = {}
    for entry, worth, cyclic in entries:
        repo = str(data[entry.id].get("repo") or "")
        job = Job(entry.id, frozenset(entry.blockers()), worth)
        folder = folders.get(repo)
        why = _refusal(workspace, entry, repo, folder, last.get(entry.id))
        if cyclic and not why:
            why = "it waits for itself (`coord check` shows the loop)"
        found[entry.id] = Todo(entry, data[entry.id], folder, roles.get(repo), job, why)
    return found


def _rows(workspace: Workspace, ids: Sequence[str]) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(ids), _BATCH):
        part = list(ids[start : start + _BATCH])
        marks = ", ".join("?" * len(part))
        found += workspace.view().execute(
            f"SELECT {COLUMNS}, r.worth, r.cyclic FROM record r WHERE r.kind = 'todo'"
            f" AND r.archived = 0 AND r.id IN ({marks}) ORDER BY r.worth, r.sort",
            part,
        )
    return found


def _last(workspace: Workspace, ids: set[str]) -> dict[str, Run]:
    """Return the latest run of each todo."""
    found: dict[str, Run] = {}
    for run in runs.every(workspace.repo.common_dir):
        if run.todo in ids:
            found.setdefault(run.todo, run)
    return found


def _refusal(
    workspace: Workspace, entry: Entry, repo: str, folder: str | None, last: Run | None
) -> str:
    if not entry.open:
        return f"it is {entry.status}"
    if entry.status == "in_progress":
        if last is not None and last.outcome == UNVERIFIED:
            return (
                f"{last.id} did it and nobody has verified it; `coord todo complete {entry.id}`, or set"
                " it to pending"
            )
        return f"it is in progress{f' ({entry.assignee})' if entry.assignee else ''}"
    if entry.status != "pending":
        return f"its status is {entry.status}"
    if last is not None and _elsewhere(workspace, last):
        return f"{last.id} did it in {last.hub}, and this branch does not have that yet"
    if folder is None:
        return f"{repo} is not on this machine; `git config coord.repo.{repo}.path DIR` tells where it is"
    return ""


def _elsewhere(workspace: Workspace, last: Run) -> bool:
    """Whether a run ended well on a branch of the hub that is not part of this one."""
    if last.outcome not in (COMPLETED, UNVERIFIED) or last.commit is None:
        return False
    words = ("merge-base", "--is-ancestor", last.commit, "HEAD")
    return process.run(workspace.repo.root, *words).code == 1


def named(workspace: Workspace, ids: Sequence[str]) -> list[str]:
    """Return the ids of todos that were named; raise for one that is none."""
    if not ids:
        raise InvalidError("No todo was named.", hint="coord todo run TODO-001")
    return list(dict.fromkeys(read.get(workspace, id, "todo").id for id in ids))
