"""Templates."""

from __future__ import annotations

from gitcoord.api import making_templates, templates
from gitcoord.cli.spec import Argument, Command
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run


def _list(run: Run) -> None:
    names = templates.names(run.workspace)
    if run.json:
        pairs = [name.partition("-") for name in names]
        run.out(jsontext.dumps([{"kind": kind, "name": name} for kind, _, name in pairs]))
        return
    for name in names:
        kind, _, short = name.partition("-")
        run.out(f"{kind}  {short}")
    if not names:
        run.note("no templates; `coord template create NAME ID` makes one of a record.")


def _create(run: Run) -> None:
    path = making_templates.make(run.workspace, run["name"], run["id"])
    run.out(jsontext.dumps({"path": path}) if run.json else f"Wrote {path}.")


LIST = Command(_list, example="coord template list", shape="an array of {kind, name}")
CREATE = Command(
    _create,
    arguments=[
        Argument("NAME", "The template's name."),
        Argument("ID", "The record to make it from.", complete="id"),
    ],
    description=(
        "Takes over all fields but those that belong to one record alone (id, status, times,\n"
        "comments). Edit the file in coord/templates/ as you like."
    ),
    example="coord template create release TODO-001\ncoord todo create --template release --repo oneiric",
    shape="{path}",
)
