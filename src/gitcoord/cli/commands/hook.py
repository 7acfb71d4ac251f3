"""`coord hook`: what the installed hooks call."""

from __future__ import annotations

import os
import sys

from gitcoord.api.workspace import Workspace, is_hub, open_workspace
from gitcoord.cli import spec
from gitcoord.cli import table as commands
from gitcoord.cli.run import Run, may_watch, now
from gitcoord.cli.spec import Argument, Command
from gitcoord.hooks import table
from gitcoord.hooks.call import Call


def _hook(run: Run) -> int:
    env = {key: value for key, value in os.environ.items() if key.startswith("GIT_")}

    def open_hub(root: str) -> Workspace:
        if run["hub"] is None and is_hub(root):
            # The repository that git means, even where GIT_DIR lies elsewhere.
            return Workspace(call.repo, now(), watch=may_watch())
        return open_workspace(run["hub"] or root, now(), watch=may_watch())

    call = Call(run["name"], run["word"], env, sys.stdin.read, open_hub, os.getcwd())
    code = table.run(call)
    for line in call.lines:
        run.out(line)
    if call.name in ("post-merge", "post-rewrite") and is_hub(call.repo.root):
        _renumber(run, call.repo.root)
    return code


def _renumber(run: Run, root: str) -> None:
    """Give new ids to records that two branches created under one, where coord can do that."""
    if "renumber" not in commands.COMMANDS:
        return
    command = commands.load("renumber")
    command.run(Run("renumber", spec.parse(command, ["--hub", run["hub"] or root], "renumber")))


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
