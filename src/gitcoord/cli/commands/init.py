"""`coord init`."""

from __future__ import annotations

import os
import sys

from gitcoord.api import setup
from gitcoord.api.workspace import is_hub, open_workspace
from gitcoord.cli import text
from gitcoord.cli.run import now
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import UsageError
from gitcoord.git import configuration
from gitcoord.git.repository import discover

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _init(run: Run) -> None:
    folder = run["dir"] or run["hub"] or os.getcwd()
    if run["agents"] and _of_a_hub(folder):
        _guide(run, folder, commit=False)
        return
    _tell_where(run, folder)
    already = _is_hub_already(folder)
    if run["demo"]:
        from gitcoord.api import demo  # a story of its own

        hub, created = demo.init(folder, now())
    else:
        hub, created = setup.init(folder, commit=not run["no_commit"])
    if run["agents"]:
        from gitcoord.api import guidance  # few ask for it

        written = guidance.write(hub, commit=not run["no_commit"])
        created = [*created, written] if written else created
    if run.json:
        run.out(jsontext.dumps({"hub": hub, "created": created}))
        return
    was = "were" if len(created) != 1 else "was"
    told = f"{text.count(len(created), 'file')} {was} created"
    if already:
        run.out(f"{hub} is a hub already" + (f"; {told}." if created else "."))
        return
    run.out(f"{hub} is a hub now; {told}.")
    if not run["demo"]:
        run.note('next: coord repo create NAME, coord issue create --title "…" --repo NAME')


def _tell_where(run: Run, folder: str) -> None:
    """Say before what will be a hub where that is not the folder itself; ask on a terminal."""
    repo = None if run["demo"] or not os.path.isdir(folder) else discover(folder)
    if repo is None or is_hub(repo.root) or os.path.realpath(folder) == repo.root:
        return
    run.note(
        f"{text.inert(os.path.abspath(folder))} lies in the repository {text.inert(repo.root)}."
    )
    if sys.stdin.isatty() and not run.ask("Make that a hub?"):
        raise UsageError(
            "No hub was made.", hint="`git init` makes this folder a repository of its own."
        )


def _is_hub_already(folder: str) -> bool:
    repo = discover(folder)
    return repo is not None and is_hub(repo.root)


def _of_a_hub(folder: str) -> bool:
    """Whether the repository around a folder is no hub but names one."""
    repo = discover(folder)
    return (
        repo is not None
        and not is_hub(repo.root)
        and configuration.get(repo.root, "coord.hub") is not None
    )


def _guide(run: Run, folder: str, *, commit: bool) -> None:
    from gitcoord.api import guidance  # few ask for it

    written = guidance.write(folder, commit=commit)
    hub = open_workspace(folder, now(), watch=False).repo.root
    if run.json:
        run.out(jsontext.dumps({"hub": hub, "created": [written] if written else []}))
    else:
        what = "tells agents of the hub now" if written else "tells agents of the hub already"
        run.out(f"{guidance.FILE} {what}.")
        if written:
            run.note("the commit is yours to make.")


INIT = Command(
    _init,
    arguments=[
        Argument(
            "DIR",
            "The repository; the one around the current directory without.",
            required=False,
            complete="dir",
        )
    ],
    options=[
        Option(
            "--demo", help="Make a new repository in DIR with realistic data and months of history."
        ),
        Option(
            "--agents",
            help="Also write a section for agents into AGENTS.md; in a repository of a hub, only that.",
        ),
        Option("--no-commit", help="Write the files, leave the commit to you."),
    ],
    description="The store is the coord/ folder at the top of the repository. What is there already stays.",
    example="git init hub && coord init hub\ncoord init --demo /tmp/demo\ncoord init --agents",
    shape="{hub, created: [paths]}",
)
