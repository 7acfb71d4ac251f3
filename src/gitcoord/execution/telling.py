"""What a record and the journal are told of a run: facts of ours, and no path of this machine."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.execution.runs import Run

_SHORT = 10
_REASON = 300


def comment(run: Run) -> str:
    """Return what the comment on the todo says."""
    told = f"Run {run.id} in pool {run.pool} {_verb(run.outcome)}"
    reason = (run.reason or "").strip()
    if reason:
        told += f": {reason if len(reason) <= _REASON else reason[: _REASON - 1] + '…'}"
    parts = [told + "."]
    if run.commits and run.branch and run.tip and run.base:
        count = "1 commit" if run.commits == 1 else f"{run.commits} commits"
        parts.append(
            f"{count} on {run.branch} of {run.repo}: {run.base[:_SHORT]}..{run.tip[:_SHORT]}."
        )
    if run.uncommitted:
        parts.append(f"What is not committed lies in its worktree (`coord run show {run.id}`).")
    if run.seconds is not None:
        parts.append(f"It took {run.seconds:.1f} s.")
    return " ".join(parts)


def _verb(outcome: str | None) -> str:
    return {"lost": "was lost", "cancelled": "was cancelled"}.get(outcome or "", outcome or "ended")


def fact(run: Run) -> dict[str, Any]:
    """Return what the journal keeps of a run."""
    by_verdict: dict[str, int] = {}
    for one in run.checks:
        by_verdict[one["verdict"]] = by_verdict.get(one["verdict"], 0) + 1
    found = {
        "run": run.id, "todo": run.todo, "pool": run.pool, "attempt": run.attempt,
        "outcome": run.outcome, "started": run.started, "seconds": run.seconds,
        "exit_code": run.exit_code, "branch": run.branch, "commits": run.commits,
        "uncommitted": run.uncommitted, "checks": by_verdict or None,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}
