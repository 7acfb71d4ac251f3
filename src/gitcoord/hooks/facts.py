"""Facts that hooks write down on the hub's journal."""

from __future__ import annotations

from gitcoord.errors import CoordError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.workspace import Workspace


def write(hub: Workspace, kind: str, repo: str, commit: str, data: dict[str, Any]) -> bool:
    """Add one fact about a repository; False where the journal refuses it."""
    from gitcoord.api import journal  # only hooks in the background write facts

    try:
        journal.add(hub, kind, repo, data, commit=commit)
    except CoordError:  # a fact that is lost keeps no record from being moved
        return False
    return True
