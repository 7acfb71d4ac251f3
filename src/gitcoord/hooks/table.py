"""Which hook does what, in the hub and in the repositories."""

from __future__ import annotations

from gitcoord.api.shims import REFUSED
from gitcoord.api.workspace import is_hub
from gitcoord.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from gitcoord.api.workspace import Workspace
    from gitcoord.hooks.call import Call

    Action = Callable[[Call, Workspace], None]

NAMES = (
    "pre-commit",
    "pre-merge-commit",
    "commit-msg",
    "post-commit",
    "post-checkout",
    "post-merge",
    "post-rewrite",
    "pre-push",
)


def run(call: Call) -> int:
    """Run a hook and return its exit code: 0, or `REFUSED` where git is to stop."""
    if call.name not in NAMES:
        raise UsageError(f"coord has no hook {call.name}.", hint=f"It has {', '.join(NAMES)}.")
    at_hub = is_hub(call.repo.root)
    hub = call.open_hub(call.repo.root)
    try:
        for action in _actions(call.name, at_hub):
            action(call, hub)
    finally:
        hub.close()
    return REFUSED if call.refused else 0


def _actions(name: str, at_hub: bool) -> list[Action]:
    if name == "commit-msg":
        from gitcoord.hooks import wording

        return [wording.commit_msg]
    follow: list[Action] = []
    if at_hub:
        from gitcoord.hooks import hub

        checks: dict[str, list[Action]] = {
            "pre-commit": [hub.pre_commit],
            "pre-merge-commit": [hub.pre_commit],
            "pre-push": [hub.pre_push],
        }
        if name in checks:
            return checks[name]
        if name in ("post-merge", "post-rewrite"):
            follow = [hub.renumber]
        follow.append(hub.follow)
    from gitcoord.hooks import member, snapshots

    return follow + {
        "post-commit": [member.post_commit, snapshots.take],
        "post-checkout": [member.post_checkout],
        "post-merge": [member.move],
        "post-rewrite": [member.move],
        "pre-push": [member.pre_push],
    }.get(name, [])
