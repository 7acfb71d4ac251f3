"""`coord role list`."""

from __future__ import annotations

from gitcoord.api import registry
from gitcoord.cli import options, text
from gitcoord.cli.spec import Command
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _list(run: Run) -> None:
    run.travel()
    found = registry.roles(run.workspace)
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(role) for role in found]))
    elif found:
        rows = [
            (role["name"], ", ".join(role["repos"]), str(role.get("description") or ""))
            for role in found
        ]
        run.out(text.table(rows, styles=[["bold", "", "dim"]] * len(rows), flexible=1))


LIST = Command(
    _list,
    options=[options.AT],
    example="coord role list",
    shape="an array of {name, description, tags, capabilities, duties, repos}",
)
