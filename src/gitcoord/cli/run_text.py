"""Runs of todos, for people."""

from __future__ import annotations

from gitcoord.cli import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.execution.runs import Run

_STYLES = {"completed": "green", "failed": "red", "running": "blue"}


def styled(outcome: str | None) -> str:
    """Return the style in which an outcome is shown."""
    return _STYLES.get(outcome or "", "yellow")


def brief(run: Run) -> str:
    """Return what is told while a run goes on: that it begun, or what came of it."""
    again = f", attempt {run.attempt}" if run.attempt > 1 else ""
    if run.outcome is None:
        return text.inert(f"{run.todo}: {run.id} begins in pool {run.pool}{again}")
    told = f"{run.todo}: {run.outcome}: {run.reason}"
    if run.worktree:
        told += f"; its worktree is {run.worktree}"
    return text.inert("; ".join([told, *run.notes]))


def whole(run: Run, state: str) -> list[str]:
    """Return all that is known of a run, line by line."""
    took = None if run.seconds is None else f"{run.seconds:.1f} s"
    commits = (
        None
        if run.commits is None
        else f"{run.commits} ({(run.base or '')[:10]}..{(run.tip or '')[:10]})"
    )
    told = {
        "todo": run.todo, "repo": run.repo, "pool": run.pool,
        "attempt": str(run.attempt), "began": run.started, "ended": run.ended, "took": took,
        "exit code": None if run.exit_code is None else str(run.exit_code),
        "branch": run.branch, "commits": commits,
        "uncommitted": None if run.uncommitted is None else text.count(run.uncommitted, "file"),
        "worktree": run.worktree, "reason": run.reason,
    }  # fmt: skip
    lines = [f"{text.style(run.id, 'bold')}  {text.style(state, styled(state))}"]
    lines += [f"  {name + ':':<12} {text.inert(value)}" for name, value in told.items() if value]
    for one in run.checks:
        reason = f": {one['reason']}" if one.get("reason") else ""
        name = one.get("command") or one.get("criterion") or "criterion"
        lines.append(f"  {'check:':<12} {one['verdict']}  {text.inert(name + reason)}")
    return lines + [f"  {'note:':<12} {text.inert(note)}" for note in run.notes]
