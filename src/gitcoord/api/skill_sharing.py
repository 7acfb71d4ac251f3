"""Share roll-ups of the use of skills on the journal: only when asked, and only counts.

A repository has one fact for each time its counts changed: the last tells how things stand. Clones of
the hub on several machines are told apart by a random mark, so that their counts can be added.
"""

from __future__ import annotations

from datetime import datetime

from gitcoord import journal
from gitcoord.api import skill_registry, skill_shelf
from gitcoord.journal import facts, timeline
from gitcoord.journal.facts import Fact
from gitcoord.memory import secrets
from gitcoord.skills import sharing, trending
from gitcoord.skills.asking import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from typing import Any

    from gitcoord.api.workspace import Workspace

KIND = "skills"


def share(
    workspace: Workspace,
    since: str | None,
    every: str,
    repos: Sequence[str] = (),
    roles: Sequence[str] = (),
    *,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Write the counts of each repository to the journal, where they are not what it has."""
    span = _whole(workspace, since, every)
    mark = skill_registry.origin(workspace, make=not dry_run)
    with skill_shelf.opened(workspace, repos, roles) as asked:
        rows = []
        for name in asked.shelf.repos:
            counts = sharing.roll_up(asked.shelf, name, span, every, secrets.masked)
            data = {"every": every, "origin": mark, "counts": counts}
            same = _last(workspace, name, mark) == data
            outcome = "unchanged" if same else "shared" if counts else "nothing"
            rows.append({"repo": name, "outcome": outcome, "data": data,
                         "withheld": _withheld(counts)})  # fmt: skip
        unread = asked.unread()
    commit = None if dry_run else _write(workspace, rows)
    return {"every": every, "commit": commit, "dry_run": dry_run, "repos": rows, "unread": unread}


def _write(workspace: Workspace, rows: list[dict[str, Any]]) -> str | None:
    """Add what is new to the journal in one commit, whose time is that of sharing, not of any use."""
    files: dict[str, bytes] = {}
    names = [row["repo"] for row in rows if row["outcome"] == "shared"]
    for row in rows:
        if row["outcome"] == "shared":
            moment = workspace.now.replace(microsecond=0)
            path, content = facts.write(Fact(KIND, row["repo"], moment, None, row["data"]))
            files[path] = content
    if not files:
        return None
    told = names[0] if len(names) == 1 else f"{len(names)} repositories"
    return journal.append(workspace.repo, files, f"skills of {told}")


def is_plain(name: str) -> bool:
    """Whether the name of a skill may be told to others: it says nothing but that."""
    return sharing.is_plain(name, secrets.masked)


def _whole(workspace: Workspace, since: str | None, every: str) -> Span:
    """Return the span of whole weeks or days, up to the one that is running."""
    low = skill_shelf.span_of(workspace, since or "1y", None).since
    assert low is not None
    first, running = trending.trunc(low.date(), every), trending.trunc(workspace.now.date(), every)
    return Span(_midnight(first), _midnight(running))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def _last(workspace: Workspace, repo: str, mark: str | None) -> dict[str, Any] | None:
    """Return what the journal has of a repository from this clone of the hub."""
    for _, fact in timeline.walk(
        workspace.repo, KIND, repo, None, None, findings=[], latest_first=True
    ):
        if fact.data.get("origin") == mark:
            return fact.data
    return None


def _withheld(counts: dict[str, dict[str, dict[str, int]]]) -> int:
    return sum(of.get(sharing.WITHHELD, {}).get("uses", 0) for of in counts.values())
