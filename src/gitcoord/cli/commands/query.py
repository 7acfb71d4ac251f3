"""Saved queries."""

from __future__ import annotations

from gitcoord.api import settings
from gitcoord.cli import text
from gitcoord.cli.spec import Argument, Command
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _save(run: Run) -> None:
    query = " ".join(run["query"])
    settings.save_query(run.workspace, run["name"], query)
    if run.json:
        run.out(jsontext.dumps({run["name"]: query}))
    else:
        run.out(f"Saved; `coord list @{run['name']}` runs it.")


def _delete(run: Run) -> None:
    name = run["name"].removeprefix("@")
    settings.delete_query(run.workspace, name)
    run.out(jsontext.dumps({"deleted": name}) if run.json else f"Deleted @{name}.")


def _list(run: Run) -> None:
    found = run.workspace.settings.queries
    if run.json:
        run.out(jsontext.dumps(found))
    elif found:
        rows = [(f"@{name}", query) for name, query in sorted(found.items())]
        run.out(text.table(rows, styles=[["bold", ""]] * len(rows), flexible=1))
    else:
        run.note("no saved queries; `coord query save NAME QUERY` saves one.")


SAVE = Command(
    _save,
    arguments=[Argument("NAME", "The name."), Argument("QUERY", "The query.", multiple=True)],
    example="coord query save mine 'assignee:me is:open sort:worth'",
    shape="{name: query}",
)
LIST = Command(_list, example="coord query list", shape="{name: query, …}")
DELETE = Command(
    _delete,
    arguments=[Argument("NAME", "The name.")],
    example="coord query delete mine",
    shape="{deleted}",
)
