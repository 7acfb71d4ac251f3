"""`coord todo run` and `coord plan sweep`: give todos to a pool."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager

from gitcoord.api import executing, pool_choice, read, runnable, sweeping
from gitcoord.api.pool_choice import Wish
from gitcoord.cli import options, surroundings, text
from gitcoord.cli.run_text import brief, styled
from gitcoord.cli.spec import Argument, Command, Option
from gitcoord.codec import jsontext
from gitcoord.errors import InvalidError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from gitcoord.api.sweeping import Report
    from gitcoord.cli.run import Run
    from gitcoord.execution.runs import Run as TodoRun

_INTERRUPTED = 130
_SIGNS = (signal.SIGTERM, signal.SIGHUP)


def _todo(run: Run) -> int:
    ids = runnable.named(run.workspace, run["id"])
    return _execute(run, ids, _wish(run, run["parallel"]))


def _sweep(run: Run) -> int:
    if run["sequential"] and run["parallel"] is not None:
        raise UsageError("--parallel and --sequential exclude each other.", hint="Leave one out.")
    ids = runnable.of_plan(run.workspace, run["id"])
    todos = [id for id in ids if read.get(run.workspace, id, "todo").open]
    if not ids:
        raise InvalidError(
            f"No todo belongs to {run['id']}.",
            hint="coord todo create --plan ID, or coord plan update ID --add-todo TODO",
        )
    if not todos:
        run.note(f"all {text.count(len(ids), 'todo')} of {run['id']} are finished.")
    return _execute(run, todos, _wish(run, 1 if run["sequential"] else run["parallel"]))


def _wish(run: Run, at_once: int | None) -> Wish:
    return Wish(run["pool"], run["timeout"], at_once)


def _execute(run: Run, ids: Sequence[str], wish: Wish) -> int:
    if run["dry_run"]:
        return _planned(run, ids, wish)
    place = executing.place_of(run.workspace, surroundings.worktrees(), os.environ)
    sweep = sweeping.Sweep(run.workspace, ids, wish, place, _teller(run, len(ids)))
    with _ended_by_signals():
        report = sweep.run()
    _show(run, report)
    if report.interrupted:
        return _INTERRUPTED
    done = all(one.outcome == "completed" for one in report.runs) and not report.not_run
    if not report.runs and report.not_run:
        return InvalidError.exit_code if run.name == "todo run" else 1
    return 0 if done or _all_completed(report) else 1


def _all_completed(report: Report) -> bool:
    """Whether every todo was completed in the end, some of them after another try."""
    last = {one.todo: one.outcome for one in report.runs}
    return not report.not_run and set(last.values()) <= {"completed"}


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let SIGTERM and a closed terminal end the drivers as Ctrl-C does."""
    heard = [one for one in _SIGNS if signal.getsignal(one) != signal.SIG_IGN]  # not below nohup
    former = {one: signal.signal(one, signal.default_int_handler) for one in heard}
    try:
        yield
    finally:
        for one, how in former.items():
            signal.signal(one, how)


def _teller(run: Run, count: int) -> sweeping.Tell:
    """Return what tells of each run that begins or ends, with how many todos have been run."""
    ended: set[str] = set()

    def tell(one: TodoRun) -> None:
        if one.outcome is not None:
            ended.add(one.todo)
        if not run.json:
            run.note(f"[{len(ended)}/{count}] {brief(one)}" if count > 1 else brief(one))

    return tell


def _planned(run: Run, ids: Sequence[str], wish: Wish) -> int:
    steps, left = pool_choice.planned(run.workspace, ids, wish)
    if run.json:
        run.out(jsontext.dumps({"would_run": [one._asdict() for one in steps],
                                "not_run": _reasons(left)}))  # fmt: skip
        return 0
    rows = [(one.id, f"wave {one.wave}", one.repo, " or ".join(one.pools)) for one in steps]
    if rows:
        run.out(text.table(rows, styles=[["bold", "dim", "", ""]] * len(rows), flexible=3))
    _tell_left(run, left)
    return 0


def _reasons(left: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"id": id, "reason": reason} for id, reason in left]


def _show(run: Run, report: Report) -> None:
    if run.json:
        run.out(jsontext.dumps({"runs": [one._asdict() for one in report.runs],
                                "not_run": _reasons(report.not_run),
                                "interrupted": report.interrupted}))  # fmt: skip
        return
    rows = [(one.todo, one.outcome or "", one.id, one.reason or "") for one in report.runs]
    styles = [["bold", styled(one.outcome), "dim", ""] for one in report.runs]
    if rows:
        run.out(text.table(rows, styles=styles, flexible=3))
    _tell_left(run, report.not_run)


def _tell_left(run: Run, left: Sequence[tuple[str, str]]) -> None:
    for id, reason in left:
        run.note(f"{id} is not run: {text.inert(reason)}.")


def _number(given: str) -> int:
    found = options.count(given)
    if not 1 <= found <= 64:
        raise ValueError("it takes a number from 1 to 64")
    return found


_SHAPE = (
    "{runs: [{id, todo, repo, pool, attempt, outcome: completed, unverified, failed or cancelled,"
    " reason, started, ended, seconds, exit_code, branch, base, tip, commits, uncommitted, worktree,"
    " checks, notes, status}], not_run: [{id, reason}], interrupted}"
)
_OPTIONS = [
    Option(
        "--pool", "POOL", "The pool that takes them; else the one that serves their repository."
    ),
    Option("--timeout", "TIME", "How long each may take, such as 30m.", convert=options.duration),
    Option(
        "--parallel", "N", "How many at once; else as many as there are workers.", convert=_number
    ),
]
_DRY = Option("--dry-run", help="Only say what would be run, and in which order.", short="-n")
_PROMISE = (
    "Each todo is worked on in a git worktree of its own, on a new branch of its repository; nothing\n"
    "is merged or pushed. It is completed only if the driver ended with 0, the work is committed, and\n"
    "every acceptance criterion carries a trusted check that passed. Else it is unverified and\n"
    "yours to judge, or failed and pending again. Exits with 1 unless all were completed."
)

RUN = Command(
    _todo,
    arguments=[Argument("ID", "The todos.", multiple=True, complete="id")],
    options=[*_OPTIONS, _DRY],
    description=_PROMISE,
    example="coord todo run TODO-001 --pool local --timeout 30m",
    shape=_SHAPE,
)
SWEEP = Command(
    _sweep,
    arguments=[Argument("ID", "The plan.", complete="id")],
    options=[*_OPTIONS, Option("--sequential", help="One after the other."), _DRY],
    description="What becomes ready on the way is run as well.\n" + _PROMISE,
    example="coord plan sweep PLAN-001 --parallel 4",
    shape=_SHAPE,
)
