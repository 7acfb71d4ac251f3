"""`coord validate`, `coord dep validate` and `coord todo check`: run what is trusted."""

from __future__ import annotations

from gitcoord.api import read, validation
from gitcoord.cli import outcomes
from gitcoord.cli.spec import Argument, Command, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitcoord.cli.run import Run

SHAPE = (
    "an array of {id, field, command, trusted: branch, user or null, verdict: passed, failed or"
    " unknown, exit_code, seconds, output, reason}"
)
_UNREVIEWED = Option(
    "--unreviewed-files",
    help="Run in the hub's own folder although the files there are not the protected branch's.",
)
_DESCRIPTION = (
    "Runs without a shell, in the repository's folder, with a bare environment and a timeout,\n"
    "and only what is trusted (`coord trust list`); the rest is not run and counts as unknown.\n"
    "Exits with 1 when a check fails."
)


def _validate(run: Run) -> int:
    return _run(run, [run["id"]], None)


def _dependencies(run: Run) -> int:
    return _run(run, run["id"] or None, "dependency")


def _todo(run: Run) -> int:
    return _run(run, [run["id"]], "todo")


def _run(run: Run, ids: Sequence[str] | None, kind: str | None) -> int:
    if ids is not None:  # a wrong name is told before anything is run
        ids = [read.get(run.workspace, id, kind).id for id in ids]
    found = validation.run(
        run.workspace, ids, unreviewed=run["unreviewed_files"], before=outcomes.teller(run)
    )
    outcomes.show(run, found)
    return 1 if any(one.verdict == "failed" for one in found) else 0


VALIDATE = Command(
    _validate,
    arguments=[Argument("ID", "The record.", complete="id")],
    options=[_UNREVIEWED],
    description=_DESCRIPTION,
    example="coord validate DEP-001",
    shape=SHAPE,
)
DEPENDENCIES = Command(
    _dependencies,
    arguments=[
        Argument("ID", "The dependencies; all that have a validation without one.", required=False,
                 multiple=True, complete="id"),
    ],
    options=[_UNREVIEWED],
    description=_DESCRIPTION,
    example="coord dep validate DEP-001",
    shape=SHAPE,
)  # fmt: skip
TODO = Command(
    _todo,
    arguments=[Argument("ID", "The todo.", complete="id")],
    options=[_UNREVIEWED],
    description=_DESCRIPTION,
    example="coord todo check TODO-001",
    shape=SHAPE,
)
