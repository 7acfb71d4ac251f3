"""How much happens in the repositories: figures of a window, each equal to what git says."""

from __future__ import annotations

from datetime import UTC

from gitcoord.api import here
from gitcoord.errors import CoordError, UsageError
from gitcoord.metrics.git import comings
from gitcoord.metrics.git.measured import measure
from gitcoord.metrics.git.window import Window, last

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo
    from typing import Any

    from gitcoord.api.here import Here, Told
    from gitcoord.api.workspace import Workspace

FIGURES = (
    "since", "until", "days", "commits", "commits_per_hour", "commits_per_day", "commits_per_week",
    "active_days", "authors", "bots", "bot_commits", "conventional", "conventional_share", "breaking",
    "merges", "remerged", "conflicted_merges", "conflict_rate", "branches_created",
    "branches_deleted", "branch_switches", "branches_listed_since", "switches_known_since",
    "commit", "branch", "partial", "reason", "rewritten",
)  # fmt: skip


def get_velocity(workspace: Workspace, repo: str, days: int = 30) -> dict[str, Any]:
    """Return the figures of one repository for the last days."""
    (one,) = here.chosen(workspace, [repo])
    return _row(workspace, one, last(workspace.now, days), remerge=True)


def velocity(
    workspace: Workspace,
    window: Window,
    repos: Sequence[str] = (),
    roles: Sequence[str] = (),
    *,
    remerge: bool = True,
    told: Told | None = None,
) -> list[dict[str, Any]]:
    """Return the figures of each repository; one that cannot be asked has None and a reason."""
    chosen = here.chosen(workspace, repos, roles)
    return here.each(chosen, lambda one: _row(workspace, one, window, remerge=remerge), told)


def window_of(
    workspace: Workspace,
    since: str | None,
    until: str | None,
    *,
    zone: str | None = None,
    authored: bool = False,
) -> Window:
    """Return the window that dates mean in a zone (UTC without): a day is meant whole."""
    found = _zone(workspace, zone)
    start = _seconds(workspace, since, found)[0] if since else None
    end = None
    if until:
        low, high = _seconds(workspace, until, found)
        end = low if high is None else high
    return Window(workspace.now, start, end, zone=found, authored=authored)


def _seconds(workspace: Workspace, text: str, zone: tzinfo) -> tuple[int | None, int | None]:
    from gitcoord.model.query import dates  # only where a date is given

    if ".." in text or not dates.is_date(text):
        raise UsageError(
            f"{text!r} is no date.",
            hint="Examples: --since 2026-01-31, --since 30d, --since 2026-01-31T12:00Z, --until yesterday.",
        )
    return dates.seconds(":", text, workspace.now.astimezone(zone))


def _zone(workspace: Workspace, name: str | None) -> tzinfo:
    if name is None or name.upper() == "UTC":
        return UTC
    if name == "local":
        return workspace.now.tzinfo or UTC
    from zoneinfo import ZoneInfo  # only where a zone is named

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise UsageError(
            f"There is no zone {name!r} on this machine.",
            hint="For example --zone Europe/Berlin, --zone local or --zone UTC.",
        ) from None


def _row(workspace: Workspace, one: Here, window: Window, *, remerge: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"repo": one.name, **dict.fromkeys(FIGURES)}
    if one.folder is None:
        return row | {"reason": one.reason}
    try:
        facts = comings.facts_of(workspace.repo, one.name)
        return row | measure(
            one.folder,
            workspace.now,
            workspace.repo.common_dir,
            lambda measured: measured.velocity(window, facts, remerge=remerge) | measured.about(),
        )
    except CoordError as fault:  # one damaged clone hides no other
        return row | {"reason": f"cannot be read: {fault.message}"}
