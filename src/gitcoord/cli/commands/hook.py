"""`coord hook`: what the installed hooks call."""

from __future__ import annotations

import os
import sys

from gitcoord.api.workspace import Workspace, is_hub, open_workspace
from gitcoord.cli.run import may_watch, now
from gitcoord.cli.spec import Argument, Command
from gitcoord.hooks import table
from gitcoord.hooks.call import Call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _hook(run: Run) -> int:
    ours = ("GIT_", "COORD_HOOK_")
    env = {key: value for key, value in os.environ.items() if key.startswith(ours)}

    def open_hub(root: str) -> Workspace:
        if run["hub"] is None and is_hub(root):
            # The repository that git means, even where GIT_DIR lies elsewhere.
            return Workspace(call.repo, now(), watch=may_watch())
        return open_workspace(run["hub"] or root, now(), watch=may_watch())

    call = Call(run["name"], run["word"], env, sys.stdin.read, open_hub, os.getcwd())
    code = table.run(call)
    for line in call.lines:
        run.out(line)
    return code


HOOK = Command(
    _hook,
    arguments=[
        Argument("NAME", f"The hook: {', '.join(table.NAMES)}."),
        Argument("WORD", "What git gives the hook.", required=False, multiple=True),
    ],
    description=(
        "The installed hooks call this. Exits with 97 where git is to stop; the hook in the\n"
        "repository turns that into 1, and any other failure into a warning."
    ),
    example="coord hook pre-commit",
    shape="nothing: what it says is for people",
)
