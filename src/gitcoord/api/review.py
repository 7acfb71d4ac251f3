"""Review a proposed change of the records: its faults, its differences, what it means."""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.api import brought, checking, diff, duplicates
from gitcoord.api.workspace import Workspace
from gitcoord.errors import NotFoundError
from gitcoord.git import preview, refs
from gitcoord.model.findings import ERROR, WARNING, Finding
from gitcoord.model.kinds import MILESTONE_DONE
from gitcoord.review.effects import Effect, Facts, effects

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from typing import Any

    from gitcoord.model.difference import Difference


class Review(NamedTuple):
    """What was found: `merged` is the commit that was judged, the result of the merge.

    `findings` are the faults that the change brings in, `known` how many the base has
    already.
    """

    base: str
    head: str
    merged: str
    findings: list[Finding]
    known: int
    changes: list[Difference]
    effects: list[Effect]

    @property
    def failed(self) -> bool:
        """Whether the change brings in an error."""
        return any(one.severity == ERROR for one in self.findings)


def review(workspace: Workspace, base: str, head: str = "HEAD") -> Review:
    """Judge what merging `head` into `base` would make of the records.

    Raises `NotFoundError` for a revision that is not there, as in a shallow clone.
    """
    old, new = _revision(workspace, base), _revision(workspace, head)
    result = preview.merge(workspace.repo, old, new)
    before, after = _at(workspace, old), _at(workspace, result.commit)
    known = {_identity(one) for one in checking.check(before)}
    changes = diff.between(workspace, old, result.commit)
    found = _conflicts(result.conflicts, checking.check(after))
    found += _unfinished(after, changes)
    found += brought.commands(after, old, result.commit, changes)
    found += duplicates.brought_in(after, changes)
    fresh = [one for one in found if _identity(one) not in known]
    fresh.sort(key=lambda one: (one.severity != ERROR, one.path, one.line or 0, one.code))
    meaning = effects(_facts(before), _facts(after))
    return Review(old, new, result.commit, fresh, len(found) - len(fresh), changes, meaning)


def _revision(workspace: Workspace, name: str) -> str:
    commit = refs.resolve(workspace.repo, name)
    if commit is None:
        raise NotFoundError(
            f"There is no revision {name!r} here.",
            hint="A shallow clone lacks it: fetch with full history (`fetch-depth: 0`).",
        )
    return commit


def _at(workspace: Workspace, commit: str) -> Workspace:
    """Return the hub as a commit has it, at the same time of day: late is late now."""
    there = workspace.held(Workspace(workspace.repo, workspace.now, watch=False))
    there.at = commit
    return there


def _identity(one: Finding) -> tuple[str, str | None, str | None, str]:
    """Return what makes a finding the same one in another commit; lines move."""
    return (one.code, one.id or one.path, one.field, one.message)


def _conflicts(paths: list[str], found: list[Finding]) -> list[Finding]:
    """Say of files that git could not merge just that, and where the first place is."""
    conflicts = {
        path: Finding(
            path=path,
            code="merge-conflict",
            message="Both sides change the same lines, and git cannot merge them.",
            hint="`coord merge BASE` on the branch merges field by field; push the result.",
        )
        for path in paths
    }
    kept = []
    for one in found:
        conflict = conflicts.get(one.path)
        if conflict is None:
            kept.append(one)
        elif conflict.line is None:
            conflict.line, conflict.column, conflict.id = one.line, one.column, one.id
    return [*conflicts.values(), *kept]


def _facts(workspace: Workspace) -> dict[str, Facts]:
    today = workspace.now.date().isoformat()
    rows = workspace.view().execute(
        "SELECT id, kind, coalesce(title, ''), status, open, blocked, open_blockers, cyclic,"
        " open = 1 AND coalesce(target, '9') < ? FROM core WHERE archived = 0 ORDER BY path DESC",
        (today,),
    )
    return {row[0]: _fact(*row) for row in rows}


def _fact(
    id: str,
    kind: str,
    title: str,
    status: str | None,
    open: int,
    blocked: int,
    blockers: str,
    cyclic: int,
    overdue: int,
) -> Facts:
    waits = tuple(word.strip('" ') for word in blockers[1:-1].split(",") if word)
    return Facts(
        id, kind, title, status, bool(open), bool(blocked), waits, bool(cyclic), bool(overdue)
    )


def _unfinished(after: Workspace, changes: list[Difference]) -> list[Finding]:
    """Return what the change finishes although work that belongs to it is still open."""
    found = []
    view = after.view()
    for one in changes:
        status = one.fields.get("status")
        if one.change == "removed" or status is None:
            continue
        row = view.execute(
            "SELECT path, open FROM core WHERE id = ? AND kind = ? ORDER BY archived",
            (one.id, one.kind),
        ).fetchone()
        if row is None or row[1]:
            continue
        found += _open_work(view, row[0], one)
    return [*found, *_open_milestones(after, changes)]


def _open_work(view: sqlite3.Connection, path: str, one: Difference) -> list[Finding]:
    status = one.fields["status"][1]
    parts = _ids(view, "part", "dst", "src", one.id)
    waits = _ids(view, "waits", "src", "dst", one.id)
    found = []
    if parts and one.kind == "plan" and status == "completed":
        found.append(
            Finding(path=path, id=one.id, field="status", code="unmet-gate",
                    message=f"{one.id} becomes {status}, but {_listed(parts)} of it are open.",
                    hint="Finish them first, or take them out of the plan.")
        )  # fmt: skip
    if waits and status in ("completed", "resolved", "closed"):
        found.append(
            Finding(path=path, id=one.id, field="status", code="finished-while-blocked",
                    severity=WARNING,
                    message=f"{one.id} becomes {status}, but waits for {_listed(waits)}.",
                    hint="Finish those first, or remove the links.")
        )  # fmt: skip
    return found


def _ids(view: sqlite3.Connection, type: str, mine: str, other: str, id: str) -> list[str]:
    rows = view.execute(
        f"SELECT DISTINCT core.id FROM link JOIN core ON core.id = link.{other} AND core.open = 1"
        f" WHERE link.{mine} = ? AND link.type = ? ORDER BY core.sort",
        (id, type),
    )
    return [row[0] for row in rows]


def _open_milestones(after: Workspace, changes: list[Difference]) -> list[Finding]:
    """Return the plans that the change completes although a milestone of theirs is not."""
    from gitcoord.codec.native import loads  # only for plans

    found = []
    for one in changes:
        if one.kind != "plan" or one.fields.get("status", (None, None))[1] != "completed":
            continue
        query = "SELECT path, json FROM record WHERE id = ? AND kind = 'plan' ORDER BY archived"
        path, text = after.view().execute(query, (one.id,)).fetchone()
        data: dict[str, Any] = loads(text + "}")
        left = [
            str(item.get("id") or item.get("name"))
            for item in data.get("milestones") or ()
            if isinstance(item, dict) and item.get("status") not in MILESTONE_DONE
        ]
        if left:
            found.append(
                Finding(path=path, id=one.id, field="milestones", code="unmet-gate",
                        message=f"{one.id} becomes completed, but not its milestones {_listed(left)}.",
                        hint="Complete or cancel them first.")
            )  # fmt: skip
    return found


def _listed(ids: list[str]) -> str:
    more = len(ids) - 5
    return ", ".join(ids[:5]) + (f" and {more} more" if more > 0 else "")
