"""Which todo goes next: decisions about a graph, made anew whenever something has ended."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


class Job(NamedTuple):
    """A todo that may be run: the open records it waits for, and its place in the order worth doing."""

    id: str
    waits: frozenset[str] = frozenset()
    worth: int = 0


def ready(jobs: Sequence[Job], begun: Collection[str]) -> list[Job]:
    """Return the jobs that nothing open stands before and that have not begun, the worthiest first."""
    free = [job for job in jobs if not job.waits and job.id not in begun]
    return sorted(free, key=lambda job: (job.worth, job.id))


def waves(jobs: Sequence[Job]) -> list[list[Job]]:
    """Return the jobs in the order they would run if each were completed, what can run at once together.

    What waits for something outside, or for itself in a loop, is in none.
    """
    left = {job.id: job for job in jobs}
    found: list[list[Job]] = []
    done: set[str] = set()
    while left:
        wave = [job for job in left.values() if job.waits <= done]
        if not wave:
            break
        found.append(sorted(wave, key=lambda job: (job.worth, job.id)))
        done |= {job.id for job in wave}
        for job in wave:
            del left[job.id]
    return found


def stranded(job: Job, ended: Mapping[str, str]) -> str:
    """Return why a job was not run: what it waits for, and how that ended where it was run."""
    told = [f"{id} ({ended[id]})" if id in ended else id for id in sorted(job.waits)]
    return f"it waits for {', '.join(told)}"
