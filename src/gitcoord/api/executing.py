"""One run of a todo: begun under its lease, worked on beside others, and looked at when it ends.

`begin` decides all that the hub has a say in, in the thread that owns the workspace: the
todo is taken, and its checks are judged, before the driver can change anything. What
follows (`driving`) may run in any thread, and `settling_runs` tells the hub of it.
"""

from __future__ import annotations

import json
import os
import threading
from typing import NamedTuple

from gitcoord.api import beginnings, prompting, proving, vouching, work, write
from gitcoord.errors import CoordError, InvalidError
from gitcoord.execution import runs
from gitcoord.git import process
from gitcoord.model.moments import UTC, datetime
from gitcoord.store import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from gitcoord.api.proving import Proof
    from gitcoord.api.runnable import Todo
    from gitcoord.api.verdicts import Court
    from gitcoord.api.workspace import Workspace
    from gitcoord.execution.leases import Lease
    from gitcoord.execution.pools import Pool
    from gitcoord.execution.prompt import Page
    from gitcoord.execution.runs import Run
    from gitcoord.running.driver import Driver


class Place(NamedTuple):
    """Where worktrees lie on this machine, and the environment that pools may be given parts of."""

    worktrees: str
    environment: dict[str, str]


def place_of(workspace: Workspace, usual: str, environment: Mapping[str, str]) -> Place:
    """Return where worktrees go: git config `coord.worktrees`, else the usual place."""
    said = process.run(workspace.repo.root, "config", "--type=path", "--get", "coord.worktrees")
    told = said.out.decode("utf-8", "surrogateescape").removesuffix("\n")
    path = os.path.join(workspace.repo.root, told) if told else usual
    return Place(os.path.realpath(path), dict(environment))


class Begun:
    """A run under way: `stop` ends its driver, from whichever thread."""

    __slots__ = ("_driver", "_lock", "_why", "criteria", "environment", "hub", "lease", "page", "pool",
                 "proof", "run", "timeout")  # fmt: skip

    def __init__(
        self, workspace: Workspace, run: Run, pool: Pool, lease: Lease, *, page: Page, proof: Proof,
        timeout: int, environment: dict[str, str],
    ) -> None:  # fmt: skip
        self.hub = workspace.repo
        self.run = run
        self.pool = pool
        self.lease = lease
        self.page = page
        self.proof = proof
        self.criteria = page.todo.get("acceptance_criteria")
        self.timeout = timeout
        self.environment = environment
        self._driver: Driver | None = None
        self._why = ""
        self._lock = threading.Lock()

    @property
    def stopped(self) -> str:
        """Why it was stopped, nothing if it was not."""
        return self._why

    def stop(self, why: str) -> None:
        """Have the driver end, or never begin."""
        with self._lock:
            self._why = self._why or why
            if self._driver is not None:
                self._driver.stop()

    def drive(self, start: Callable[[], Driver]) -> Driver | None:
        """Start the driver, unless the run was stopped before."""
        with self._lock:
            if self._why:
                return None
            self._driver = start()
            return self._driver


def begin(
    workspace: Workspace, court: Court, todo: Todo, pool: Pool, lease: Lease, *, attempt: int,
    timeout: int, place: Place,
) -> Begun:  # fmt: skip
    """Take a todo, whose lease the caller has; raise where it cannot be begun any more."""
    common = workspace.repo.common_dir
    refuse_foreign(workspace, todo)
    id = runs.new_id()
    base = beginnings.base_of(workspace, todo)
    run = _fresh(workspace, todo, pool, id, attempt)._replace(
        worktree=os.path.join(place.worktrees, todo.repo, f"{todo.id}-{id.lower()}"), base=base
    )
    runs.write(common, run)
    try:
        keep(common, run, "criteria.json", json.dumps(todo.data.get("acceptance_criteria")))
        _take(workspace, run)
    except CoordError:
        runs.forget(common, run)
        raise
    proof = proving.prepare(court, todo, base)
    given = {
        name: place.environment[name] for name in pool.environment if name in place.environment
    }
    page = prompting.page(workspace, todo, run, proof)
    return Begun(
        workspace, run, pool, lease, page=page, proof=proof, timeout=timeout, environment=given
    )


def refuse_foreign(workspace: Workspace, todo: Todo) -> None:
    """Raise `InvalidError` where only an unreviewed record says that a folder is the todo's repository."""
    why = vouching.foreign(workspace, [todo.repo]).get(todo.repo)
    if why is not None:
        raise InvalidError(f"{todo.repo}: {why}.")


def _fresh(workspace: Workspace, todo: Todo, pool: Pool, id: str, attempt: int) -> Run:
    """Return a run that has not begun."""
    return runs.Run(
        id=id, todo=todo.id, repo=todo.repo, pool=pool.name, attempt=attempt, started=_now(),
        hub=workspace.repo.root, folder=todo.folder or "", pid=os.getpid(),
    )  # fmt: skip


def _now() -> str:
    """Return the time in UTC, so that runs are in order wherever they were begun."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _take(workspace: Workspace, run: Run) -> None:
    """Set the todo to in_progress, if it is still pending with nothing before it."""
    work.refuse_blocked(workspace, run.todo, "run")

    def how(data: dict[str, Any]) -> dict[str, Any]:
        if data.get("status") != "pending":
            raise InvalidError(f"{run.todo} is {data.get('status')} by now.", hint="coord run list")
        return {**data, "status": "in_progress"}

    write.change(workspace, "todo", run.todo, how, why=f"Run {run.id} in pool {run.pool}")


def keep(common: str, run: Run, name: str, text: str) -> str:
    """Write a file into the folder of a run, and return its path."""
    path = runs.place_of(common, run.id, name)
    try:
        files.replace(path, text.encode("utf-8", "replace"))
    except OSError as error:
        raise files.refused(path, error) from None
    return path
