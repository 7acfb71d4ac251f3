"""Run todos, several at a time, in the order of the graph, until nothing more can be run.

One thread owns the workspace: it takes todos, hands them to drivers, and tells the hub what
came of them. After each end it looks at the records anew, so that what has become ready
is run and what waits for something that failed is not.
"""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import NamedTuple

from gitcoord.api import driving, executing, runnable, settling_runs
from gitcoord.api.pool_choice import Choice, Wish
from gitcoord.api.verdicts import Court
from gitcoord.errors import CoordError
from gitcoord.execution import leases, ordering, outcome, runs
from gitcoord.execution.pools import Pool, choose
from gitcoord.running import command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from gitcoord.api.executing import Begun, Place
    from gitcoord.api.runnable import Todo
    from gitcoord.api.workspace import Workspace
    from gitcoord.execution.runs import Run

    Tell = Callable[[Run], None]

_LOOK = 0.1  # seconds between two looks for somebody who wants a run to end


class Report(NamedTuple):
    """What was run, and what was not, each with the reason; `interrupted` says it was cut short."""

    runs: list[Run]
    not_run: list[tuple[str, str]]
    interrupted: bool = False


class Sweep:
    """Todos being run; `run` does it, and `close` ends what is still at work."""

    def __init__(
        self, workspace: Workspace, ids: Sequence[str], wish: Wish, place: Place, tell: Tell
    ) -> None:
        self.workspace = workspace
        self.ids = list(ids)
        self.wish = wish
        self.place = place
        self.tell = tell
        self.court = Court(workspace)
        self.choice = Choice(workspace, self.court, wish)
        self.at_once = wish.at_once or self.choice.workers()
        self.active: dict[Future[Run], Begun] = {}
        self.ended: list[Run] = []
        self.attempts: dict[str, int] = {}
        self.over: set[str] = set()
        self.refused: dict[str, str] = {}
        self.threads = ThreadPoolExecutor(max_workers=self.at_once)

    def run(self) -> Report:
        """Run everything that can be run."""
        try:
            settling_runs.recover(self.workspace)
            self._fill()
            while self.active:
                done, _ = wait(self.active, timeout=_LOOK, return_when=FIRST_COMPLETED)
                for one in done:
                    self._settle(one)
                self._cancel()
                if done:
                    self._fill()
        except KeyboardInterrupt:
            self._interrupt()
            return Report(self.ended, self._left(), interrupted=True)
        finally:
            for begun in self.active.values():  # only where something went wrong with ourselves
                begun.stop("coord came to an end")
            self.threads.shutdown(wait=True, cancel_futures=True)
        return Report(self.ended, self._left())

    def _fill(self) -> None:
        """Begin what is ready, as long as there are workers for it."""
        if len(self.active) >= self.at_once:
            return
        todos = runnable.look(self.workspace, self.ids)
        jobs = [todo.job for todo in todos.values() if not todo.refusal]
        for job in ordering.ready(
            jobs, self.over | {begun.run.todo for begun in self.active.values()}
        ):
            if len(self.active) >= self.at_once:
                return
            pool = self._pool(todos[job.id])
            if pool is not None:
                self._begin(todos[job.id], pool)

    def _pool(self, todo: Todo) -> Pool | None:
        why = self.choice.why_none(todo)
        if why:
            self._refuse(todo.id, why)
        busy: dict[str, int] = {}
        for begun in self.active.values():
            busy[begun.pool.name] = busy.get(begun.pool.name, 0) + 1
        return choose(self.choice.fitting(todo), busy, self.choice.chosen)

    def _begin(self, todo: Todo, pool: Pool) -> None:
        lease = leases.take(self.workspace.repo.common_dir, todo.id)
        if lease is None:
            self._refuse(todo.id, "another coord runs it")
            return
        try:
            self.workspace.changed()  # what happened before we had the lease counts
            fresh = runnable.look(self.workspace, [todo.id]).get(todo.id)
            if fresh is None or fresh.refusal or fresh.job.waits:
                self._refuse(
                    todo.id, fresh.refusal if fresh and fresh.refusal else "it has changed"
                )
                lease.close()
                return
            attempt = self.attempts.get(todo.id, 0) + 1
            begun = executing.begin(
                self.workspace, self.court, fresh, pool, lease, attempt=attempt, place=self.place,
                timeout=self.wish.timeout or pool.timeout,
            )  # fmt: skip
        except CoordError as error:
            lease.close()
            self._refuse(todo.id, error.message.rstrip("."))
            return
        except BaseException:
            lease.close()
            raise
        self.attempts[todo.id] = attempt
        self.choice.chosen.append(pool.name)
        self.active[self.threads.submit(driving.drive, begun)] = begun
        self.tell(begun.run)

    def _refuse(self, id: str, why: str) -> None:
        self.over.add(id)
        self.refused[id] = why

    def _settle(self, future: Future[Run]) -> None:
        """Tell the hub what came of a run; a failed one may be tried again."""
        begun = self.active.pop(future)
        try:
            run = settling_runs.troubled(self.workspace, future.result(), criteria=begun.criteria)
        finally:
            begun.lease.close()
        again = run.outcome in outcome.RETRIED and self.attempts[run.todo] <= begun.pool.retries
        if not again or run.status != "pending":
            self.over.add(run.todo)
        self.ended.append(run)
        self.tell(run)

    def _cancel(self) -> None:
        for begun in self.active.values():
            if not begun.stopped and runs.shall_end(self.workspace.repo.common_dir, begun.run):
                begun.stop("it was cancelled by `coord run cancel`")

    def _interrupt(self) -> None:
        """End all that is at work, and tell the hub of it as of any other end."""
        for begun in self.active.values():
            begun.stop("coord was interrupted")
        command.stop()
        for future in list(self.active):
            future.exception()
            self._settle(future)
        settling_runs.recover(self.workspace)

    def _left(self) -> list[tuple[str, str]]:
        """Return the todos that were not run, and why."""
        ran = {run.todo: str(run.outcome) for run in self.ended}
        self.workspace.changed()
        found = []
        for id, todo in runnable.look(self.workspace, self.ids).items():
            if id in ran:
                continue
            why = self.refused.get(id) or todo.refusal
            if not why and todo.job.waits:
                why = ordering.stranded(todo.job, ran)
            found.append((id, why or "coord was interrupted before it"))
        return found
