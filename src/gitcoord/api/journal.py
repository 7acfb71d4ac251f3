"""The journal of a hub: add facts, look at them, and keep it small."""

from __future__ import annotations

from typing import NamedTuple

from gitcoord import journal
from gitcoord.api.workspace import Workspace, open_workspace
from gitcoord.errors import NotFoundError, UsageError
from gitcoord.git import repository
from gitcoord.journal import facts, paths
from gitcoord.journal.facts import Fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from gitcoord.journal.compacting import Compacted
    from gitcoord.model.findings import Finding


class Added(NamedTuple):
    """A fact that is on the journal: where, since which commit, and what it says."""

    path: str
    commit: str
    fact: Fact


class Page(NamedTuple):
    """Facts, the latest first, what is wrong with those left out, and whether there are more."""

    facts: list[tuple[str, Fact]]
    findings: list[Finding]
    more: bool


def open_journal(start: str, now: datetime) -> Workspace:
    """Open the hub around a folder for its journal; a bare repository has one as well."""
    bare = repository.bare(start)
    if bare is not None:
        return Workspace(bare, now, watch=False)
    return open_workspace(start, now, watch=False)


def add(
    workspace: Workspace,
    kind: str,
    repo: str,
    data: dict[str, Any],
    *,
    commit: str | None = None,
    time: datetime | None = None,
) -> Added:
    """Add one fact about a repository; raise `InvalidError` for one that is none."""
    fact = Fact(kind, repo, time or workspace.now, commit, data)
    path, content = facts.write(fact)
    made = journal.append(workspace.repo, {path: content}, f"{kind} of {repo}")
    return Added(path, made, fact)


def log(
    workspace: Workspace,
    *,
    kind: str | None = None,
    repo: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 0,
) -> Page:
    """Return facts, the latest first; at most `limit` of them, 0 for all."""
    from gitcoord.journal import timeline  # who only adds a fact reads none

    findings: list[Finding] = []
    found: list[tuple[str, Fact]] = []
    for one in timeline.walk(
        workspace.repo, kind, repo, since, until, findings=findings, latest_first=True
    ):
        if limit and len(found) == limit:
            return Page(found, findings, True)
        found.append(one)
    return Page(found, findings, False)


def show(workspace: Workspace, path: str) -> journal.File:
    """Return a file of the journal."""
    found = journal.read(workspace.repo, path)
    if found is None:
        raise NotFoundError(
            f"The journal has no file {path!r}.", hint="`coord journal log` shows the paths."
        )
    return found


def status(workspace: Workspace) -> dict[str, Any]:
    """Return what there is: how much of each kind, from when to when, and what was pruned."""
    from gitcoord.git import process
    from gitcoord.journal import compacting, merging, reading

    repo = workspace.repo
    tip = reading.tip(repo)
    kinds: dict[str, dict[str, Any]] = {}
    found: dict[str, Any] = {"branch": "coord-journal", "commit": tip, "commits": 0, "files": 0,
                             "bytes": 0, "disk": 0, "compacted_before": None, "anew": False,
                             "kinds": kinds}  # fmt: skip
    if tip is None:
        return found
    sizes = compacting.files(repo, tip)
    rule = merging.rule_of(repo, tip)
    count = process.call(repo.root, "rev-list", "--count", tip, "--")
    found |= {"commits": int(count), "files": len(sizes), "bytes": sum(sizes.values()),
              "disk": compacting.disk(repo, tip), "compacted_before": rule.before or None,
              "anew": bool(rule.roots)}  # fmt: skip
    for path, size in sizes.items():
        place = paths.place(path)
        kind = place.sort.kind if place else "other"
        of = kinds.setdefault(kind, {"files": 0, "bytes": 0, "first": None, "last": None})
        of["files"] += 1
        of["bytes"] += size
        if place is not None:
            of["first"] = min(of["first"] or place.second, place.second)
            of["last"] = max(of["last"] or 0, place.second)
    return found


def compact(
    workspace: Workspace,
    keep: str,
    *,
    drop: Sequence[str] = (),
    rewrite: bool = False,
    dry_run: bool = False,
) -> Compacted:
    """Prune what is older than `keep` (such as 90d): of states, one a day stays."""
    from gitcoord.journal import compacting

    cut = moment(keep, workspace)
    return compacting.compact(
        workspace.repo, cut, workspace.now, drop=drop, rewrite=rewrite, dry_run=dry_run
    )


def moment(text: str, workspace: Workspace, *, end: bool = False) -> datetime:
    """Return the beginning (or the end) of what a date covers, or the moment that is so long ago."""
    from datetime import UTC, datetime

    from gitcoord.model.query import dates

    if ".." in text or not dates.is_date(text):
        raise UsageError(f"{text!r} is no date.", hint=dates.HINT)
    first, after = dates.seconds(":", text, workspace.now)
    second = after if end and after is not None else first
    return datetime.fromtimestamp(second or 0, UTC)
