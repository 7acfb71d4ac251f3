"""Which pools todos go to, and what would be run: said beforehand, with nothing begun."""

from __future__ import annotations

from typing import NamedTuple

from gitcoord.api import pools, runnable, vouching
from gitcoord.api.verdicts import Court
from gitcoord.execution import ordering
from gitcoord.execution.pools import Pool, named, serving

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitcoord.api.runnable import Todo
    from gitcoord.api.workspace import Workspace


class Wish(NamedTuple):
    """How todos are to be run: in which pool, how long each may take, how many at once."""

    pool: str | None = None
    timeout: int | None = None
    at_once: int | None = None


class Step(NamedTuple):
    """What would be run: a todo, the pools it would go to, and the wave it is part of."""

    id: str
    repo: str
    pools: list[str]
    wave: int


class Choice:
    """The pools that may be chosen: all, or the one that was asked for, which takes any todo."""

    __slots__ = ("chosen", "named", "pools", "untrusted")

    def __init__(self, workspace: Workspace, court: Court, wish: Wish) -> None:
        configured = pools.configured(workspace)
        self.named = wish.pool is not None
        self.pools = [named(configured, wish.pool)] if wish.pool else list(configured.values())
        self.untrusted = pools.untrusted(court, self.pools)
        self.chosen: list[str] = []

    def fitting(self, todo: Todo) -> list[Pool]:
        """Return the pools that a todo may go to."""
        found = self.pools if self.named else serving(self.pools, todo.repo, todo.role)
        return [pool for pool in found if pool.name not in self.untrusted]

    def why_none(self, todo: Todo) -> str:
        """Return why a todo goes to no pool; nothing if it goes to one."""
        if self.fitting(todo):
            return ""
        closest = serving(self.pools, todo.repo, todo.role)
        if not closest:
            return f"no pool serves {todo.repo}"
        return f"pool {closest[0].name}: {self.untrusted[closest[0].name]}"

    def workers(self) -> int:
        """Return how many workers there are."""
        return sum(pool.workers for pool in self.pools if pool.name not in self.untrusted)


def planned(
    workspace: Workspace, ids: Sequence[str], wish: Wish
) -> tuple[list[Step], list[tuple[str, str]]]:
    """Return what would be run if every todo were completed, and what would not."""
    choice = Choice(workspace, Court(workspace), wish)
    found = runnable.look(workspace, ids)
    foreign = vouching.foreign(workspace, sorted({todo.repo for todo in found.values()}))
    why_not = {id: todo.refusal or foreign.get(todo.repo, "") or choice.why_none(todo)
               for id, todo in found.items()}  # fmt: skip
    able = {id: todo for id, todo in found.items() if not why_not[id]}
    waves = ordering.waves([todo.job for todo in able.values()])
    steps = [
        Step(job.id, able[job.id].repo, [pool.name for pool in choice.fitting(able[job.id])], number)
        for number, wave in enumerate(waves, 1) for job in wave
    ]  # fmt: skip
    taken = {step.id for step in steps}
    left = [(id, why_not[id] or ordering.stranded(todo.job, {}))
            for id, todo in found.items() if id not in taken]  # fmt: skip
    return steps, left
