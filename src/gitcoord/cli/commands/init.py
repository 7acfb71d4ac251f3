"""`coord init`."""

from __future__ import annotations

import os

from gitcoord.api import setup
from gitcoord.cli.run import now
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _init(run: Run) -> None:
    folder = run["dir"] or run["hub"] or os.getcwd()
    if run["demo"]:
        from gitcoord.api import demo  # a story of its own

        hub, created = demo.init(folder, now())
    else:
        hub, created = setup.init(folder, commit=not run["no_commit"])
    if run.json:
        run.out(jsontext.dumps({"hub": hub, "created": created}))
        return
    if not created:
        run.out(f"{hub} is a hub already.")
        return
    run.out(f"{hub} is a hub now; {len(created)} files were created.")
    if not run["demo"]:
        run.note('next: coord repo create NAME, coord issue create --title "…" --repo NAME')


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
        Option("--no-commit", help="Write the files, leave the commit to you."),
    ],
    description="The store is the coord/ folder at the top of the repository. What is there already stays.",
    example="git init hub && coord init hub\ncoord init --demo /tmp/demo",
    shape="{hub, created: [paths]}",
)
