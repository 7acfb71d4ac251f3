"""`coord diff`."""

from __future__ import annotations

from gitcoord.api import diff
from gitcoord.cli import differences
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _diff(run: Run) -> None:
    if run.json and run["markdown"]:
        raise UsageError("--json and --markdown are two formats.", hint="Leave one of them out.")
    a, b = diff.sides(run.workspace, run["range"], staged=run["staged"])
    found = diff.between(run.workspace, a, b)
    if run.json:
        run.out(differences.json(found))
    elif run["markdown"]:
        run.out(differences.markdown(found))
    elif found:
        run.out(differences.plain(found))


DIFF = Command(
    _diff,
    arguments=[Argument("RANGE", "A..B, A...B, or A alone; HEAD without it.", required=False,
                        complete="ref")],
    options=[
        Option("--staged", help="Compare with what is staged, not with the files."),
        Option("--markdown", help="Print Markdown for a comment on a pull request."),
    ],
    description=(
        "A..B compares two revisions (or dates), A...B what B has changed since it left A, A alone\n"
        "the files with A. Without words the files are compared with HEAD. Only records count,\n"
        "not how their files are written."
    ),
    example="coord diff main..HEAD",
    shape="an array of {id, kind, change: added, removed, changed or renumbered, fields: {name: [old, new]}}",
)  # fmt: skip
