"""`coord check`: every fault, with its place and its mending."""

from __future__ import annotations

from gitcoord.api import checking
from gitcoord.cli import faults, options
from gitcoord.cli.spec import Command, Option
from gitcoord.codec import jsontext
from gitcoord.model.findings import ERROR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _check(run: Run) -> int:
    found = checking.check(run.workspace, run["path"] or None, staged=run["staged"])
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(one.as_dict()) for one in found]))
    elif run["format"] == "github":
        run.out(faults.github(found))
    elif run["format"] == "sarif":
        run.out(faults.sarif(found))
    elif found:
        run.out(faults.plain(found))
    errors = sum(one.severity == ERROR for one in found)
    if not run.json:
        run.note(faults.counted(found))
    return 1 if errors else 0


CHECK = Command(
    _check,
    arguments=[options.PATHS],
    options=[
        Option("--staged", help="Check what is staged, as it is staged."),
        Option(
            "--format",
            "FORMAT",
            "How to print the faults.",
            choices=("text", "github", "sarif"),
        ),
    ],
    description="Exits with 1 when there is an error; warnings alone are fine.",
    example="coord check --staged",
    shape="an array of {path, line, column, id, field, code, severity, message, hint}",
)
