"""Tell of dependencies that do not hold, and stop git where its user asked for that."""

from __future__ import annotations

from gitcoord.git import configuration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from gitcoord.api.verdict import Verdict
    from gitcoord.hooks.call import Call


def tell(call: Call, setting: str, done: str, check: Callable[[], list[Verdict]]) -> None:
    """Run a check and tell what it finds; git config `setting` is warn, block or off."""
    wanted = configuration.get(call.repo.root, setting) or "warn"
    if wanted == "off":
        return
    for one in check():
        if one.verdict == "unsatisfied":
            lead = f"{one.id}: " if one.id else ""  # what is only declared has no record
            needs = f"{one.provider} {one.constraint or ''}".rstrip()
            call.say(
                f"coord: {lead}{one.consumer} needs {needs}, and that is not satisfied"
                f" ({one.reason})."
            )
            call.refused = wanted == "block"
    if call.refused:
        call.say(f"coord: nothing was {done}; `git config {setting} warn` lets it pass.")
