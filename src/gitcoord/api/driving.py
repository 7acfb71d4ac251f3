"""From a run that has begun to what came of it: worktree, prompt, driver, checks, decision.

Nothing here asks the hub's records, so several runs go on beside each other in threads.
Each step is written down before it is taken.
"""

from __future__ import annotations

from datetime import UTC, datetime

from gitcoord.api import executing, proving
from gitcoord.errors import CoordError
from gitcoord.execution import outcome, pools, prompt, runs, worktrees
from gitcoord.execution.outcome import Seen
from gitcoord.git import identity, process
from gitcoord.running.driver import Driver

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.api.executing import Begun
    from gitcoord.api.validation import Outcome
    from gitcoord.execution.runs import Run
    from gitcoord.execution.worktrees import Left, Tree
    from gitcoord.running.command import Ended

_OUTPUT = 4000


def drive(begun: Begun) -> Run:
    """Do the work of a run to its end, and write down and return what came of it."""
    common = begun.hub.common_dir
    try:
        tree = _worktree(begun)
        ended = _driver(begun, tree)
        run = _looked_at(begun, tree, ended)
    except KeyboardInterrupt:  # in a check, by `running.command.stop`
        run = _ended(begun, Seen("stopped", trouble=begun.stopped))
    except (CoordError, OSError) as error:
        told = error.message if isinstance(error, CoordError) else str(error)
        begun.run = begun.run._replace(notes=(*begun.run.notes, told))
        run = _ended(begun, Seen("lost", trouble="it could not be run; `coord run show` tells why"))
    return runs.write(common, run)


def _worktree(begun: Begun) -> Tree:
    run = begun.run
    tree = worktrees.add(run.folder, run.worktree or "", run.todo, run.base or "")
    notes = run.notes
    if worktrees.has_submodules(tree):
        notes = (
            *notes,
            "Submodules are not checked out in the worktree: git submodule update --init",
        )
    begun.run = run._replace(git_dir=tree.git_dir, branch=tree.branch, notes=notes)
    runs.write(begun.hub.common_dir, begun.run)
    return tree


def _driver(begun: Begun, tree: Tree) -> Ended | None:
    run, common = begun.run, begun.hub.common_dir
    page = begun.page._replace(branch=tree.branch, notes=[*begun.page.notes, *run.notes])
    path = executing.keep(common, run, "prompt.md", prompt.write(page))
    values = {"prompt": path, "todo": run.todo, "repo": run.repo, "run": run.id}
    argv = pools.filled(begun.pool.command, values)
    driver = begun.drive(lambda: Driver(
        argv, tree.path, timeout=begun.timeout, avoid=begun.hub.root, shared=begun.lease.descriptor,
        log=runs.place_of(common, run.id, "output"),
        more={**_author(tree.path), "COORD_TODO": run.todo, "COORD_RUN": run.id, **begun.environment},
    ))  # fmt: skip
    return driver.wait() if driver is not None else None


def _author(folder: str) -> dict[str, str]:
    """Return the user as the author of what the driver commits: its home holds no settings."""
    said = identity.read_or(process.start(folder, "var", "-l"), "coord <coord@localhost>")
    name, _, mail = said.author_name.partition(" <")
    mail = mail.removesuffix(">")
    return {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": mail,
            "GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": mail}  # fmt: skip


def _looked_at(begun: Begun, tree: Tree, ended: Ended | None) -> Run:
    """Look at what the driver left, run the checks where they can tell something, and decide."""
    left = worktrees.left(tree)
    run = begun.run._replace(tip=left.tip, commits=left.commits, uncommitted=len(left.uncommitted))
    if left.astray and left.tip is not None:
        ref = worktrees.keep(run.folder, run.id, left.tip)
        run = run._replace(notes=(*run.notes, f"{left.astray}; its commits are kept as {ref}"))
    if ended is not None:
        run = run._replace(exit_code=ended.code, seconds=ended.seconds)
    begun.run = run
    seen = _seen(begun, ended)
    found: list[Outcome] = []
    if seen.how == "exit" and not seen.code and left.tip is not None:
        runs.write(begun.hub.common_dir, run)
        found = proving.prove(begun.proof, tree.path)
        begun.run = run._replace(checks=tuple(_shown(begun, found)))
    return _ended(begun, _with_checks(begun, seen, left, found))


def _seen(begun: Begun, ended: Ended | None) -> Seen:
    if begun.stopped or ended is None:
        return Seen("stopped", ended.code if ended else None, begun.stopped)
    trouble = f"{begun.timeout} s" if ended.how == "timeout" else ended.trouble
    return Seen(ended.how, ended.code, trouble)


def _with_checks(begun: Begun, seen: Seen, left: Left, found: Sequence[Outcome]) -> Seen:
    if begun.stopped:  # while a check was at work
        seen = seen._replace(how="stopped", trouble=begun.stopped)
    criteria = zip(begun.proof.criteria, found, strict=False)
    told: dict[str, list[str]] = {"passed": [], "failed": [], "unknown": []}
    for criterion, one in criteria:
        name = prompt.clean(one.command or criterion.text)
        told[one.verdict].append(f"{name}: {one.reason}" if one.reason else name)
    if left.tip is None and begun.proof.criteria:
        told["unknown"].append(left.astray)
    return seen._replace(
        commits=left.commits, uncommitted=len(left.uncommitted), astray=left.astray,
        passed=tuple(told["passed"]), failed=tuple(told["failed"]), unknown=tuple(told["unknown"]),
    )  # fmt: skip


def _shown(begun: Begun, found: Sequence[Outcome]) -> list[dict[str, Any]]:
    return [
        {
            "criterion": criterion.text,
            "command": one.command or None,
            "verdict": one.verdict,
            "exit_code": one.exit_code,
            "seconds": one.seconds,
            "reason": one.reason,
            "output": (one.output or "")[-_OUTPUT:] or None,
        }
        for criterion, one in zip(begun.proof.criteria, found, strict=False)
    ]


def _ended(begun: Begun, seen: Seen) -> Run:
    decided = outcome.decide(seen)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return begun.run._replace(outcome=decided.outcome, reason=decided.reason, ended=now)
