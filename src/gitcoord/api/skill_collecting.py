"""Collect uses of skills from the registered repositories, and see that what is kept is sound."""

from __future__ import annotations

from functools import partial

from gitcoord.api import skill_registry
from gitcoord.errors import CoordError, InvalidError, UsageError
from gitcoord.git import forked
from gitcoord.skills import collecting, engine, store
from gitcoord.skills.collecting import Job

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from typing import Any

    from gitcoord.api.workspace import Workspace

    Told = Callable[[str, int, int], None]


def collect(
    workspace: Workspace,
    repos: Sequence[str] = (),
    roles: Sequence[str] = (),
    told: Told | None = None,
) -> list[dict[str, Any]]:
    """Take in what is new in each registered repository; return what came of each."""
    engine.require()
    chosen = skill_registry.chosen(workspace, repos, roles)
    if not chosen:
        raise nothing_registered()
    floor = skill_registry.floor(workspace)
    jobs = [
        Job(one.repo, one.folder, workspace.repo.common_dir, floor, workspace.now)
        for one in chosen
        if one.folder is not None
    ]
    found = [_left_out(one.repo, one.reason) for one in chosen if one.folder is None]

    def done(number: int, count: int) -> None:
        if told is not None:
            told(jobs[number].repo, count, len(jobs))

    found += forked.ask(len(jobs), partial(_one, jobs), done)
    return sorted(found, key=lambda one: str(one["repo"]))


def _one(jobs: list[Job], number: int) -> dict[str, Any]:
    try:
        return collecting.collect(jobs[number])
    except CoordError as fault:  # one that cannot be written hides no other
        return _left_out(jobs[number].repo, fault.message, "failed")


def _left_out(repo: str, reason: str, outcome: str = "absent") -> dict[str, Any]:
    return {"repo": repo, "outcome": outcome, "reason": reason, "rows": None, "new": None,
            "faults": [], "faulty": 0, "mended": False}  # fmt: skip


def nothing_registered() -> CoordError:
    """Return the error for a hub in which no repository is registered."""
    return InvalidError(
        "No repository is registered, so no use of a skill is read.",
        hint="`coord skill register REPO` allows one, --all every one that is on this machine.",
    )


def clean(workspace: Workspace, before: datetime, *, dry_run: bool = False) -> dict[str, Any]:
    """Delete what is kept from before a time, here and whenever something is collected again."""
    engine.require()
    if before > workspace.now:
        raise UsageError(
            "That day has not been; nothing would be kept until then.",
            hint="As in --older-than 90d.",
        )
    moment = before.astimezone(workspace.now.tzinfo).replace(tzinfo=None, microsecond=0)
    text = moment.isoformat(sep=" ")
    where = store.base(workspace.repo.common_dir)
    names = store.kept(where)
    if dry_run:
        return {"before": text, "removed": counted(where, names, text), "dry_run": True}
    text = skill_registry.raise_floor(workspace, text)
    removed = {}
    for name in names:
        gone = collecting.shrink(workspace.repo.common_dir, name, text)
        if gone is not None:
            removed[name] = gone
    return {"before": text, "removed": removed, "dry_run": False}


def counted(where: str, names: list[str], moment: str) -> dict[str, int]:
    """Return how many rows of each repository are from before a time."""
    from gitcoord.skills.asking import Shelf

    shelf = Shelf(where, names)
    try:
        rows = shelf.ask(
            "SELECT repo, count(*) FILTER (time < ?::TIMESTAMP) FROM use GROUP BY repo", [moment]
        )
    finally:
        shelf.close()
    return {str(repo): int(count) for repo, count in rows}
