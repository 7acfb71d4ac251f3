"""`coord watch`: check again whenever something changes."""

from __future__ import annotations

import sys

from gitcoord.api import watching
from gitcoord.cli import bursts, options
from gitcoord.cli.run import now
from gitcoord.cli.spec import Command, Option
from gitcoord.codec import jsontext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.watching import Burst
    from gitcoord.cli.run import Run


def _watch(run: Run) -> None:
    watch = watching.Watch(run.workspace, now, run["path"] or None, poll=run["poll"])
    try:
        _introduce(run, watch.why)
        why = watch.why
        for number, burst in enumerate(watch.bursts()):
            if watch.why != why:
                why = watch.why
                _introduce(run, why)
            run.out(_shown(run, burst, first=not number))
            sys.stdout.flush()  # who reads a pipe waits for it
    finally:
        watch.close()


def _introduce(run: Run, why: str) -> None:
    how = f"looking at all files again and again ({why})" if why else "watching for changes"
    if why or not run.json:
        run.note(f"{how}; Ctrl-C ends it.")


def _shown(run: Run, burst: Burst, *, first: bool) -> str:
    if run.json:
        return jsontext.dumps(burst.as_dict())
    if run["clear"]:
        return (bursts.CLEAR if sys.stdout.isatty() else "") + bursts.state(burst)
    return bursts.state(burst) if first else bursts.change(burst)


WATCH = Command(
    _watch,
    arguments=[options.PATHS],
    options=[
        Option(
            "--clear",
            help="Show all faults after each change, on a terminal that is cleared first.",
        ),
        Option("--poll", help="Look at all files again and again, without the kernel's notices."),
    ],
    description=(
        "First tells every fault, as `coord check` does; then, after each change, what is new, what is\n"
        "mended, and how many are left. Goes on until it is interrupted, and exits with 130 then. What git\n"
        "or an editor does in one go is told once, at its end. With --json each answer is one line."
    ),
    example="coord watch\ncoord watch coord/plans --clear\ncoord watch --json | jq .errors",
    shape=(
        "one line for each burst: {time, changed: [paths], findings: [new ones], mended: [...],"
        " moved: [{..., was: {line, column}}], errors, warnings, error}"
    ),
)
