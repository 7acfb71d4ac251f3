"""What holds across the repositories: counted, with the commits and repositories behind it."""

from __future__ import annotations

from gitcoord.api import here
from gitcoord.errors import CoordError
from gitcoord.metrics.git import listening, patterns
from gitcoord.metrics.git.measured import measure
from gitcoord.metrics.git.window import last

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.metrics.git.listening import Said
    from gitcoord.metrics.git.measured import Measured
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
            row["reason"] = one.reason
            continue
        try:
            heard, its_days, about = _heard(workspace, one.name, one.folder, window)
        except CoordError as fault:  # one damaged clone hides no other
            row["reason"] = f"cannot be read: {fault.message}"
            continue
        said.append(heard)
        days = max(days, its_days)
        row |= {"commits": heard.commits, "partial": about["partial"], "reason": about["reason"]}
    return {
        "since": window.text(window.since),
        "until": window.text(window.end() if window.until is None else window.until),
        "days": days,
        "repos": told,
        **patterns.patterns(said, days),
    }


def _heard(
    workspace: Workspace, name: str, folder: str, window: Window
) -> tuple[Said, int, dict[str, Any]]:
    """Return what one repository says, how many days that is, and what is missing of it."""

    def listen(its: Measured) -> tuple[Said, int, dict[str, Any]]:
        return listening.listen(name, its, window), listening.days_of(its, window), its.about()

    return measure(folder, workspace.now, workspace.repo.common_dir, listen)
