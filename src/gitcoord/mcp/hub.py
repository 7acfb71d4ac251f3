"""The hub as a server holds it: opened anew for each call, one writer at a time.

What is asked runs in a thread, so that a long answer keeps nobody waiting but those who ask
for another long one. Quick calls take turns: they last milliseconds, and taking turns costs
less than waiting for each other's locks. Nothing is remembered from one call to the next.
"""

from __future__ import annotations

import anyio
import anyio.to_thread

from gitcoord.mcp.call import StoppedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from gitcoord.api.workspace import Workspace
    from gitcoord.store.agent import Agent

    T = TypeVar("T")


class Options:
    """What a server serves, and what it lets an agent write; `models` is the folder of models."""

    __slots__ = ("agent", "models", "read_only", "toolsets")

    def __init__(
        self, agent: Agent, *, toolsets: Sequence[str], read_only: bool = False, models: str = ""
    ) -> None:
        self.agent = agent
        self.models = models
        self.toolsets = tuple(toolsets)
        self.read_only = read_only


class Hub:
    """Opens the hub for each question, in a thread."""

    def __init__(self, open: Callable[[], Workspace], options: Options) -> None:
        self._open = open
        self._reads = anyio.CapacityLimiter(1)
        self._writes = anyio.CapacityLimiter(1)
        self._slow = anyio.CapacityLimiter(2)
        self.options = options

    def opened(self, agent: str) -> Workspace:
        """Return the hub as it is now, for an agent of some name."""
        workspace = self._open()
        ours = self.options.agent
        workspace.agent = ours if ours.name else ours.named(agent)
        return workspace

    async def ask(
        self,
        question: Callable[[Workspace], T],
        *,
        agent: str = "",
        slow: bool = False,
        writes: bool = False,
    ) -> T:
        """Return what a function makes of the hub.

        Writes may wait for another process to finish its own; reads do not wait for them.

        A slow one is left alone when its client stops waiting; it ends at its next step.
        """

        def run() -> T:
            workspace = self.opened(agent)
            try:
                return question(workspace)
            finally:
                workspace.close()  # the next call may run in another thread

        turns = self._slow if slow else self._writes if writes else self._reads
        return await anyio.to_thread.run_sync(run, abandon_on_cancel=slow, limiter=turns)


class Steps:
    """Tells a client from a thread how far a call is; raises when the client is gone."""

    def __init__(self, report: Callable[[int, int, str], None]) -> None:
        self._report = report
        self.stopped = False
        self.total = 1

    def __call__(self, done: int, total: int, what: str) -> None:
        """Tell that `done` of `total` steps are done, and what comes next."""
        if self.stopped:
            raise StoppedError("The call was cancelled.", hint="Nothing was written.")
        self.total = total
        self._report(done, total, what)
