"""The commit-msg hook: ids and trailers of the message lead to records of the hub."""

from __future__ import annotations

import os

from gitcoord.api import messages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace
    from gitcoord.hooks.call import Call


def commit_msg(call: Call, hub: Workspace) -> None:
    """Warn of ids that no record has; a message never stops a commit."""
    if not call.words:
        return
    with open(os.path.join(call.repo.root, call.words[0]), "rb") as file:
        message = file.read()
    for warning in messages.warnings(hub, call.repo, message):
        call.say(f"coord: {warning}")
