"""`coord comment`."""

from __future__ import annotations

import sys

from gitcoord.api import read, work
from gitcoord.cli import options
from gitcoord.cli.commands import showing
from gitcoord.cli.spec import Argument, Command
from gitcoord.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _comment(run: Run) -> None:
    text = options.body(run["text"])
    if text is None:
        text = _written(run)
    elif run["text"] == "-":
        text = text.rstrip("\n")
    id = work.comment(run.workspace, run["id"], text, commit=not run["no_commit"])
    showing.show_changed(run, id)


def _written(run: Run) -> str:
    if not sys.stdin.isatty():
        raise UsageError(
            "Say what the comment is.", hint='coord comment ISSUE-001 "text", or - to read it.'
        )
    entry = read.get(run.workspace, run["id"])
    from gitcoord.cli import composing  # only where an editor is wanted

    return composing.compose(run, f"{entry.id}.comment.md").strip("\n")


_TEXT = Argument(
    "TEXT",
    "The comment; - reads standard input; without it your editor opens.",
    required=False,
)
COMMENT = Command(
    _comment,
    arguments=[options.ID, _TEXT],
    options=[options.NO_COMMIT],
    example='coord comment ISSUE-001 "Seen again on 3.13."',
    shape="the record",
)
