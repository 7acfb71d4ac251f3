"""`coord check`: every fault, with its place and its mending."""

from __future__ import annotations

from gitcoord.api import checking
from gitcoord.cli import text
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext
from gitcoord.model.findings import ERROR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _check(run: Run) -> int:
    found = checking.check(run.workspace, run["path"] or None, staged=run["staged"])
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(one.as_dict()) for one in found]))
    for one in () if run.json else found:
        place = f"{one.path}:{one.line}:{one.column}" if one.line else one.path
        color = "red" if one.severity == ERROR else "yellow"
        run.out(
            f"{text.style(text.inert(place), 'bold')}: {text.style(one.severity, color)}:"
            f" {f'{one.field}: ' if one.field else ''}{text.inert(one.message)}"
            f" {text.style(f'[{one.code}]', 'dim')}"
        )
        if one.hint:
            run.out(f"    {text.inert(one.hint)}")
    errors = sum(one.severity == ERROR for one in found)
    if not run.json:
        warnings = len(found) - errors
        told = f"{text.count(errors, 'error')}, {text.count(warnings, 'warning')}."
        run.note(told if found else "no faults.")
    return 1 if errors else 0


CHECK = Command(
    _check,
    arguments=[
        Argument(
            "PATH",
            "Files or folders; everything without.",
            required=False,
            multiple=True,
            complete="file",
        )
    ],
    options=[Option("--staged", help="Check what is staged, as it is staged.")],
    description="Exits with 1 when there is an error; warnings alone are fine.",
    example="coord check --staged",
    shape="an array of {path, line, column, id, field, code, severity, message, hint}",
)
