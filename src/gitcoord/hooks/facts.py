"""Facts that hooks write down: on the hub's journal, where this coord has one."""

from __future__ import annotations

from importlib import import_module

from gitcoord.errors import CoordError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.workspace import Workspace

_JOURNAL = "gitcoord.api.journal"


def write(hub: Workspace, kind: str, repo: str, commit: str, data: dict[str, Any]) -> bool:
    """Add one fact about a repository; False where there is no journal to add it to."""
    try:
        journal = import_module(_JOURNAL)  # only hooks in the background write facts
    except ModuleNotFoundError as missing:
        if missing.name != _JOURNAL:
            raise
        return False
    try:
        journal.add(hub, kind, repo, data, commit=commit)
    except CoordError:  # a fact that is lost keeps no record from being moved
        return False
    return True
