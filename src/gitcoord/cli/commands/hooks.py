"""`coord hooks install`, `status` and `uninstall`."""

from __future__ import annotations

import os

from gitcoord.api import hook_targets, hooks
from gitcoord.cli import text
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.cli.run import Run

_REPOS = Argument(
    "REPO",
    "Repositories of the registry, or their folders; without, the one you stand in.",
    required=False,
    multiple=True,
    complete="repo",
)
_ALL = Option("--all", help="The hub and every repository that is on this machine.")
_SHAPE = "an array of {repo, hook, state, path, note}"


def _targets(run: Run) -> list[hook_targets.Target]:
    return hook_targets.targets(run.workspace, run["repo"], os.getcwd(), every=run["all"])


def _show(run: Run, rows: list[hooks.Row]) -> None:
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(row.as_dict()) for row in rows]))
        return
    absent = [row.repo for row in rows if row.state == hooks.ABSENT]
    lines = [(row.repo, row.hook or "-", row.state) for row in rows if row.state != hooks.ABSENT]
    if lines:
        run.out(text.table(lines, flexible=0))
    if absent:
        where = "`git config coord.repo.NAME.path PATH` in the hub says where one is"
        run.note(text.inert(f"{hooks.ABSENT}: {', '.join(absent)}; {where}."))
    here = [row for row in rows if row.state != hooks.ABSENT]
    told = dict.fromkeys((row.repo, row.note) for row in here if row.note)
    for repo, note in told:
        run.note(f"{text.inert(repo)}: {text.inert(note)}.")


def _install(run: Run) -> None:
    _show(run, hooks.install(run.workspace, _targets(run), force=run["force"]))


def _status(run: Run) -> None:
    _show(run, hooks.status(run.workspace, _targets(run)))


def _uninstall(run: Run) -> None:
    _show(run, hooks.uninstall(run.workspace, _targets(run)))


INSTALL = Command(
    _install,
    arguments=[_REPOS],
    options=[_ALL, Option("--force", help="Write into the folder that core.hooksPath names.")],
    description=(
        "A hook that is there already is kept and runs first. Where core.hooksPath leads elsewhere,\n"
        "nothing is written there: coord's hooks get a folder of their own and run those first."
    ),
    example="coord hooks install --all",
    shape=_SHAPE,
)
STATUS = Command(
    _status,
    arguments=[_REPOS],
    options=[_ALL],
    description=(
        "States: installed, chained (with the hook that was there), missing, foreign (another hook\n"
        "stands there), outdated (`coord hooks install` renews it), not on this machine."
    ),
    example="coord hooks status --all",
    shape=_SHAPE,
)
UNINSTALL = Command(
    _uninstall,
    arguments=[_REPOS],
    options=[_ALL],
    description="Gives back what was there before; changes you made to your own hook since stay.",
    example="coord hooks uninstall --all",
    shape=_SHAPE,
)
