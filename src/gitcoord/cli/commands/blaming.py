"""`coord blame`."""

from __future__ import annotations

from gitcoord.api import blame
from gitcoord.cli import options, text
from gitcoord.cli.spec import Command
from gitcoord.cli.values import brief, iso, local
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.blame import Line
    from gitcoord.cli.run import Run


def _blame(run: Run) -> None:
    run.travel()
    found = blame.blame(run.workspace, run["id"])
    if run.json:
        run.out(jsontext.lines([_json(line) for line in found]))
        return
    styles = [["bold", "", "dim", "dim", "yellow"]] * len(found) if text.colored() else None
    run.out(text.table([_row(line) for line in found], styles=styles, flexible=1))


def _row(line: Line) -> tuple[str, ...]:
    value = brief(line.value)
    if line.commit is None or line.time is None:
        return (line.field, value, "not committed", "", "")
    return (line.field, value, line.author or "", local(line.time), line.commit[:10])


def _json(line: Line) -> str:
    when = None if line.time is None else iso(line.time)
    return jsontext.dumps(line._asdict() | {"time": when})


BLAME = Command(
    _blame,
    arguments=[options.ID],
    options=[options.AT],
    description="Values that the work tree has and HEAD has not are `not committed`; with --at there are none.",
    example="coord blame ISSUE-001",
    shape="an array of {field, value, author, time, commit}, the last three null if not committed",
)
