"""`coord comment`."""

from __future__ import annotations

from gitcoord.api import work
from gitcoord.cli import options
from gitcoord.cli.commands import showing
from gitcoord.cli.spec import Argument, Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _comment(run: Run) -> None:
    text = options.body(run["text"]) or ""
    id = work.comment(run.workspace, run["id"], text, commit=not run["no_commit"])
    showing.show_changed(run, id)


COMMENT = Command(
    _comment,
    arguments=[options.ID, Argument("TEXT", "The comment; - reads standard input.")],
    options=[options.NO_COMMIT],
    example='coord comment ISSUE-001 "Seen again on 3.13."',
    shape="the record",
)
