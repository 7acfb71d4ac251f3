"""How healthy repositories are: figures of their history, each with a verdict and its reason."""

from __future__ import annotations

from gitcoord.api import here
from gitcoord.errors import CoordError
from gitcoord.metrics.git import judging
from gitcoord.metrics.git.measured import measure
from gitcoord.metrics.git.window import last

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.api.here import Here, Told
    from gitcoord.api.workspace import Workspace
    from gitcoord.metrics.git.measured import Measured
    from gitcoord.metrics.git.window import Window

DAYS = 365
_DETAILS = (
    "since", "until", "commits", "authors", "default_branch", "branches", "stale",
    "conflicting_branches", "hotspots", "coupled", "conflicting_files", "release",
    "commits_since_release", "pull_requests", "unmerged_pull_requests", "active_pull_requests",
)  # fmt: skip
_ABOUT = ("commit", "branch", "partial", "reason", "rewritten")


def repository_health(workspace: Workspace, repo: str, days: int = DAYS) -> dict[str, Any]:
    """Return the health of one repository, judged by its last days."""
    (one,) = here.chosen(workspace, [repo])
    return _row(workspace, one, last(workspace.now, days))


def health(
    workspace: Workspace,
    window: Window,
    repos: Sequence[str] = (),
    roles: Sequence[str] = (),
    told: Told | None = None,
) -> list[dict[str, Any]]:
    """Return the health of each repository; one that cannot be asked is unknown, with a reason."""
    chosen = here.chosen(workspace, repos, roles)
    return here.each(chosen, lambda one: _row(workspace, one, window), told)


def _row(workspace: Workspace, one: Here, window: Window) -> dict[str, Any]:
    row: dict[str, Any] = {
        "repo": one.name,
        "verdict": judging.UNKNOWN,
        "items": {},
        **dict.fromkeys((*_DETAILS, *_ABOUT)),
    }
    if one.folder is None:
        return row | {"reason": one.reason}
    try:
        figures = measure(
            one.folder, workspace.now, workspace.repo.common_dir, lambda its: _figures(its, window)
        )
    except CoordError as fault:  # one damaged clone hides no other
        return row | {"reason": f"cannot be read: {fault.message}"}
    items = judging.judge(figures)
    kept = {name: figures[name] for name in (*_DETAILS, *_ABOUT)}
    return row | {"verdict": judging.overall(items), "items": items} | kept


def _figures(measured: Measured, window: Window) -> dict[str, Any]:
    return {
        **measured.velocity(window),
        "bus_factor": measured.bus_factor(window),
        **measured.touched(window),
        "conflicting_files": measured.conflicting(window),
        **measured.branches(),
        "conflicting_branches": measured.would_conflict(),
        **measured.release(),
        **measured.pull_requests(),
        **measured.about(),
    }
