"""What holds across the repositories: counted, with the commits and repositories behind it."""

from __future__ import annotations

from gitcoord.api import here
from gitcoord.errors import CoordError
from gitcoord.metrics.git import listening, patterns
from gitcoord.metrics.git.listening import Said
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

DAYS = 90


def cross_project_patterns(workspace: Workspace, days: int = DAYS) -> dict[str, Any]:
    """Return what the repositories had in common in the last days."""
    return find(workspace, last(workspace.now, days))


def find(
    workspace: Workspace,
    window: Window,
    repos: Sequence[str] = (),
    roles: Sequence[str] = (),
    told: Told | None = None,
) -> dict[str, Any]:
    """Return what repositories had in common in a window, and which could not be asked."""
    chosen = here.chosen(workspace, repos, roles)
    answers = here.each(chosen, lambda one: _heard(workspace, one, window), told)
    said = [
        Said.of(one.name, heard)
        for one, (_, heard, _) in zip(chosen, answers, strict=True)
        if heard
    ]
    days = max([its_days for _, _, its_days in answers], default=0)
    return {
        "since": window.text(window.since),
        "until": window.text(window.end() if window.until is None else window.until),
        "days": days,
        "repos": [row for row, _, _ in answers],
        **patterns.patterns(said, days),
    }


def _heard(
    workspace: Workspace, one: Here, window: Window
) -> tuple[dict[str, Any], tuple[Any, ...] | None, int]:
    """Return a row about one repository, what it says, and how many days that is."""
    row: dict[str, Any] = {"repo": one.name, "commits": None, "partial": None, "reason": None}
    if one.folder is None:
        return row | {"reason": one.reason}, None, 0

    def listen(its: Measured) -> tuple[Said, int, dict[str, Any]]:
        return listening.listen(one.name, its, window), listening.days_of(its, window), its.about()

    try:
        said, days, about = measure(one.folder, workspace.now, workspace.repo.common_dir, listen)
    except CoordError as fault:  # one damaged clone hides no other
        return row | {"reason": f"cannot be read: {fault.message}"}, None, 0
    row |= {"commits": said.commits, "partial": about["partial"], "reason": about["reason"]}
    return row, said.plain(), days
