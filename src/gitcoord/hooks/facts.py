"""Facts that hooks write down: on the journal, where the hub has one."""

from __future__ import annotations

import os

from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gitcoord.api.workspace import Workspace


def write(hub: Workspace, kind: str, repo: str, data: dict[str, Any]) -> bool:
    """Append one fact about a repository; False where there is no journal to write to."""
    append = _append()
    if append is None:
        return False
    moment = hub.now.astimezone()
    fact = {"kind": kind, "repo": repo, "time": moment.isoformat(timespec="seconds"), **data}
    lines = [f"{key}: {jsontext.dumps(value)}\n" for key, value in fact.items()]
    name = f"{moment:%dT%H%M%S}-{os.urandom(4).hex()}.yaml"
    path = f"events/{kind}/{repo}/{moment:%Y/%m}/{name}"
    append(hub.repo, {path: "".join(lines).encode()}, f"{repo}: {kind}")
    return True


def _append() -> Callable[..., Any] | None:
    import gitcoord.journal  # only hooks in the background write facts

    found: Callable[..., Any] | None = getattr(gitcoord.journal, "append", None)
    return found
