"""What came of a run, decided from what was seen and from nothing else.

`completed` is said only of what was verified: the driver ended with 0, its work is
committed on the run's branch, there is at least one criterion, each carries a check, and
every check was run and passed. What cannot be verified is `unverified`, and what is known to have gone wrong `failed`.
"""

from __future__ import annotations

from typing import NamedTuple

COMPLETED, UNVERIFIED, FAILED = "completed", "unverified", "failed"
CANCELLED, LOST = "cancelled", "lost"
RETRIED = (FAILED,)


class Seen(NamedTuple):
    """What was seen of a run.

    `how` is how the driver ended (exit, timeout, lost, gone or stopped). `passed`, `failed` and
    `unknown` are the criteria by what their checks said; one without a check is unknown.
    `astray` says in a sentence what is wrong with where the work was left.
    """

    how: str
    code: int | None = None
    trouble: str = ""
    commits: int = 0
    uncommitted: int = 0
    astray: str = ""
    passed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class Decided(NamedTuple):
    """An outcome and why it is this one."""

    outcome: str
    reason: str


def decide(seen: Seen) -> Decided:
    """Return the outcome of a run."""
    trouble = _driver(seen)
    if trouble is not None:
        return trouble
    if seen.failed:
        return Decided(FAILED, f"{_count(len(seen.failed), 'check')} failed: {seen.failed[0]}")
    doubts = _doubts(seen)
    if doubts:
        return Decided(UNVERIFIED, "; ".join(doubts))
    return Decided(COMPLETED, f"{_count(len(seen.passed), 'check')} passed")


def _driver(seen: Seen) -> Decided | None:
    if seen.how == "stopped":
        return Decided(CANCELLED, seen.trouble or "it was cancelled")
    if seen.how == "gone":
        return Decided(FAILED, f"the driver did not start: {seen.trouble}")
    if seen.how == "timeout":
        return Decided(FAILED, f"the driver did not end within {seen.trouble} and was ended")
    if seen.how != "exit":
        return Decided(FAILED, seen.trouble or "the driver was lost")
    if seen.code:
        ending = f"signal {-seen.code}" if seen.code < 0 else f"exit code {seen.code}"
        return Decided(FAILED, f"the driver ended with {ending}")
    return None


def _doubts(seen: Seen) -> list[str]:
    doubts = []
    if seen.astray:
        doubts.append(seen.astray)
    elif not seen.commits and not seen.uncommitted:
        doubts.append("the driver changed nothing")
    elif seen.uncommitted:
        doubts.append(f"{_count(seen.uncommitted, 'file')} not committed")
    if not seen.passed and not seen.unknown:
        doubts.append("there is no acceptance criterion")
    elif seen.unknown:
        total = len(seen.passed) + len(seen.unknown)
        doubts.append(f"{len(seen.unknown)} of {_plural(total)} not checked: {seen.unknown[0]}")
    return doubts


def _plural(number: int) -> str:
    return "1 criterion" if number == 1 else f"{number} criteria"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
