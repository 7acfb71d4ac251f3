"""Learn from what tools reported before and after a fix: what is gone was fixed, what is left was not."""

from __future__ import annotations

from collections import Counter

from gitcoord.api import fixes
from gitcoord.errors import InvalidError
from gitcoord.memory import reports, wording

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.workspace import Workspace


def compare(
    workspace: Workspace, before: bytes, after: bytes, around: dict[str, Any], *, repo: str | None,
    folder: str = "",
) -> list[dict[str, Any]]:  # fmt: skip
    """Record an attempt for each trouble that was reported before, with whether it is gone.

    `around` is what holds for all of them: strategy, agent, session, and so on.
    """
    tool, old = reports.read(before, folder)
    other, new = reports.read(after, folder)
    if old and new and tool != other:
        raise InvalidError(
            f"The reports are by {tool} and by {other}.", hint="Compare two of one tool."
        )
    left = Counter(_key(one) for one in new)
    found = []
    for one in old:
        key = _key(one)
        gone = left[key] <= 0
        left[key] -= 1
        found.append(one | around | {"success": gone})
    return fixes.record(workspace, found, repo=repo)


def outcome(
    workspace: Workspace, content: bytes, around: dict[str, Any], *, repo: str | None, folder: str = ""
) -> list[dict[str, Any]]:  # fmt: skip
    """Record what a report still names as what the strategy in `around` did not mend."""
    _, found = reports.read(content, folder)
    return fixes.record(workspace, [one | around | {"success": False} for one in found], repo=repo)


def _key(one: dict[str, Any]) -> tuple[str, str, str]:
    """Return what tells a trouble from others of a report; lines move, so they do not count."""
    test = one["message"].partition(":")[0] if one["stage"] == "test" else ""
    said = test or " ".join(wording.words(one["message"]))
    return one["file"] or "", "" if test else str(one["type"]), said
