"""What holds across the repositories: counted, with the commits and repositories behind it."""

from __future__ import annotations

from gitcoord.api import here
from gitcoord.errors import CoordError
from gitcoord.metrics.git import patterns
from gitcoord.metrics.git.measured import Measured
from gitcoord.metrics.git.window import last

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.metrics.git.patterns import Said
    from gitcoord.metrics.git.window import Window

DAYS = 90


def cross_project_patterns(workspace: Workspace, days: int = DAYS) -> dict[str, Any]:
    """Return what the repositories had in common in the last days."""
    return find(workspace, last(workspace.now, days))


def find(
    workspace: Workspace, window: Window, repos: Sequence[str] = (), roles: Sequence[str] = ()
) -> dict[str, Any]:
    """Return what repositories had in common in a window, and which could not be asked."""
    said: list[Said] = []
    told: list[dict[str, Any]] = []
    days = 0
    for one in here.chosen(workspace, repos, roles):
        row: dict[str, Any] = {"repo": one.name, "commits": None, "partial": None, "reason": None}
        told.append(row)
        if one.folder is None:
            row["reason"] = here.MISSING
            continue
        try:
            with Measured(one.folder, workspace.now, workspace.repo.common_dir) as measured:
                said.append(patterns.listen(one.name, measured, window))
                days = max(days, patterns.days_of(measured, window))
                about = measured.about()
        except CoordError as fault:  # one damaged clone hides no other
            row["reason"] = f"cannot be read: {fault.message}"
            continue
        row |= {"commits": said[-1].commits, "partial": about["partial"], "reason": about["reason"]}
    return {
        "since": window.text(window.since),
        "until": window.text(window.end() if window.until is None else window.until),
        "days": days,
        "repos": told,
        **patterns.patterns(said, days),
    }
