"""Run the commands of records that are trusted, and say of the others that they were not run."""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.api import verdicts
from gitcoord.errors import InvalidError
from gitcoord.running import command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gitcoord.api.entry import Entry
    from gitcoord.api.verdicts import Judged
    from gitcoord.api.workspace import Workspace
    from gitcoord.running.command import Ended

    Told = Callable[[Judged], None]

PASSED, FAILED, UNKNOWN = "passed", "failed", "unknown"


class Outcome(NamedTuple):
    """What came of one check; `reason` says why it did not pass."""

    id: str
    field: str
    command: str
    trusted: str | None
    verdict: str
    exit_code: int | None = None
    seconds: float | None = None
    output: str | None = None
    reason: str | None = None


def run(
    workspace: Workspace,
    ids: Sequence[str] | None = None,
    *,
    unreviewed: bool = False,
    before: Told | None = None,
) -> list[Outcome]:
    """Run the trusted checks of some records, or the validations of all dependencies.

    `before` is called with each check that is about to run.
    """
    kind = "dependency" if ids is None else ""
    found = verdicts.entries_of(workspace, ids, kind=kind)
    return run_of(workspace, found, unreviewed=unreviewed, before=before)


def run_of(
    workspace: Workspace,
    found: Sequence[Entry],
    *,
    unreviewed: bool = False,
    before: Told | None = None,
) -> list[Outcome]:
    """Run the trusted checks of records that were read already."""
    court = verdicts.Court(workspace)
    outcomes = []
    for one in court.judge(found, unreviewed=unreviewed):
        if not one.trust.runs:
            outcomes.append(not_run(one, one.trust.reason))
            continue
        if before is not None:
            before(one)
        outcomes.append(outcome(workspace, one, court.timeout(one.check)))
    return outcomes


def left_out(workspace: Workspace, found: Sequence[Entry]) -> list[Outcome]:
    """Return the checks of records as not run, because nobody wanted them to be."""
    judged = verdicts.Court(workspace).judge(found)
    return [not_run(one, "checks were left out") for one in judged]


def not_run(one: Judged, reason: str) -> Outcome:
    """Return the outcome of a check that was not run."""
    check = one.check
    return Outcome(
        check.id, check.field, check.command, one.trust.by, UNKNOWN, reason=f"not run: {reason}"
    )


def outcome(workspace: Workspace, one: Judged, timeout: int) -> Outcome:
    """Run one check on its ground, and return what came of it."""
    check, ground = one.check, one.ground
    avoid = None if ground.own else workspace.repo.root
    try:
        ended = command.run(check.command, ground.folder or "", timeout=timeout, avoid=avoid)
    except InvalidError as error:
        return not_run(one, error.message)
    if ended.how == "gone":
        return not_run(one, ended.trouble)
    verdict, reason = _verdict(check.pattern, ended, timeout)
    return Outcome(
        check.id, check.field, check.command, one.trust.by, verdict, ended.code, ended.seconds,
        ended.output, reason,
    )  # fmt: skip


def _verdict(pattern: str | None, ended: Ended, timeout: int) -> tuple[str, str | None]:
    if ended.how == "lost":
        return FAILED, ended.trouble
    if ended.how == "timeout":
        return FAILED, f"it did not end within {timeout} seconds and was killed"
    if ended.how == "flood":
        return FAILED, f"it printed more than {command.MOST >> 20} MiB and was killed"
    if ended.code:
        ending = f"signal {-ended.code}" if ended.code < 0 else f"exit code {ended.code}"
        return FAILED, f"it ended with {ending}"
    if pattern is None:
        return PASSED, None
    held = command.holds(pattern, ended.output)
    if held:
        return PASSED, None
    if held is None:
        return UNKNOWN, f"the expected pattern {pattern!r} cannot be looked for"
    if ended.cut:
        return UNKNOWN, f"the part of its output that was kept does not hold {pattern!r}"
    return FAILED, f"its output does not hold {pattern!r}"
