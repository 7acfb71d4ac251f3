"""`coord run`: what became of the todos that were given to a pool."""

from __future__ import annotations

import time
from datetime import datetime

from gitcoord.api import journal, runs
from gitcoord.cli import text
from gitcoord.cli.run_text import brief, styled, whole
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.runs import Known
    from gitcoord.cli.run import Run

_STATES = ("running", "lost", "completed", "unverified", "failed", "cancelled")
_RUN = Argument("RUN", "The run.")


def _list(run: Run) -> None:
    found = runs.known(run.workspace, todo=run["todo"], state=run["state"])
    if run.json:
        run.out(jsontext.lines([jsontext.dumps(_shape(one)) for one in found]))
        return
    rows = [(one.run.id, one.state, one.run.todo, _when(one.run.started),
             one.run.pool, one.run.reason or "") for one in found]  # fmt: skip
    styles = [["bold", styled(one.state), "", "dim", "", ""] for one in found]
    if rows:
        run.out(text.table(rows, styles=styles, flexible=5))
    else:
        run.note(
            "no todo was run here." if not run["todo"] and not run["state"] else "there is none."
        )


def _when(moment: str) -> str:
    seconds = datetime.fromisoformat(moment).timestamp()
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def _shape(one: Known) -> dict[str, Any]:
    return {**one.run._asdict(), "state": one.state}


def _show(run: Run) -> None:
    found = runs.one(run.workspace, run["run"])
    printed = runs.output(run.workspace, found.run) if run["output"] or run.json else None
    if run.json:
        run.out(jsontext.dumps({**_shape(found), "output": printed}))
    elif run["output"]:
        if printed:
            run.out("\n".join(text.lines(printed.removesuffix("\n"))))
        else:
            run.note("nothing was printed.")
    else:
        run.out("\n".join(whole(found.run, found.state)))


def _cancel(run: Run) -> None:
    def waiting() -> None:
        if not run.json:
            run.note("it was told to end.")

    ended = runs.cancel(run.workspace, run["run"], waiting)
    if run.json:
        run.out(jsontext.dumps(ended._asdict()))
    else:
        run.out(brief(ended))


def _clean(run: Run) -> None:
    older = journal.moment(run["older_than"], run.workspace) if run["older_than"] else None
    found = runs.clean(run.workspace, older, dry_run=run["dry_run"])
    if run.json:
        run.out(jsontext.lines([
            jsontext.dumps({"id": one.run.id, "todo": one.run.todo, "kept": one.kept or None,
                            "worktree": one.run.worktree}) for one in found
        ]))  # fmt: skip
        return
    for one in found:
        if one.kept:
            run.out(text.inert(f"{one.run.id}  kept: {one.kept} ({one.run.worktree})"))
        else:
            run.out(f"{one.run.id}  {'would go' if run['dry_run'] else 'gone'}")
    if not found:
        run.note("there is nothing to clean.")


_SHAPE = (
    "{id, todo, repo, pool, attempt, state: running, lost, completed, unverified, failed or cancelled,"
    " outcome, reason, started, ended, seconds, exit_code, branch, base, tip, commits, uncommitted,"
    " worktree, checks, notes, status, settled}"
)
LIST = Command(
    _list,
    options=[
        Option("--todo", "ID", "Only the runs of this todo.", complete="id"),
        Option("--state", "STATE", "Only in this state.", choices=_STATES),
    ],
    description="`lost` was left behind by a coord that was killed; the next run or sweep sees to it.",
    example="coord run list --state failed",
    shape=f"an array of {_SHAPE}",
)
SHOW = Command(
    _show,
    arguments=[_RUN],
    options=[Option("--output", help="Show what the driver printed: its beginning and its end.")],
    example="coord run show RUN-k3x9q2 --output",
    shape=f"{_SHAPE} with output",
)
CANCEL = Command(
    _cancel,
    arguments=[_RUN],
    description="Its driver is ended, its todo is pending again, and what it has done is kept.",
    example="coord run cancel RUN-k3x9q2",
    shape=_SHAPE,
)
CLEAN = Command(
    _clean,
    options=[
        Option("--older-than", "TIME", "Only what ended before, such as 30d."),
        Option("--dry-run", help="Only say what would go.", short="-n"),
    ],
    description=(
        "Removes what is known of runs that are over, and worktrees in which everything is committed.\n"
        "Branches with commits stay, and so does all that would be lost."
    ),
    example="coord run clean --older-than 30d",
    shape="an array of {id, todo, kept, worktree}; kept says why it is still there",
)
