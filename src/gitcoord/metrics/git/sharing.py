"""Ask about many repositories at once: forked workers take one after the other.

What each answers has to be plain data. A process that runs threads asks alone, because
forking it could copy a held lock, and what a dead worker leaves undone is done here.
"""

from __future__ import annotations

import marshal
import os
import struct
import sys

from gitcoord.git.process import scratch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

_JOB, _DONE = "=I", "=IIQQ"
"""The number of a job; a note that it is done: its number, by whom, where it lies and how long it is."""
_MOST = 8
_HOLDS = 4096  # jobs that the smallest pipe there is can hold


def ask(
    count: int, question: Callable[[int], Any], told: Callable[[int, int], None] | None = None
) -> list[Any]:
    """Return the answers to questions 0 to `count`, in this order.

    `told` hears the number of each that is answered, and how many are.
    """
    found: dict[int, Any] = {}
    for number, answer in _answers(count, question):
        found[number] = answer
        if told is not None:
            told(number, len(found))
    for number in range(count):
        if number not in found:
            found[number] = question(number)
    return [found[number] for number in range(count)]


def _answers(count: int, question: Callable[[int], Any]) -> Iterator[tuple[int, Any]]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    threads = sys.modules.get("threading")
    if min(count, cores) < 2 or count > _HOLDS or (threads and threads.active_count() > 1):
        for number in range(count):
            yield number, question(number)
        return
    jobs, feed = os.pipe()
    os.write(feed, struct.pack(f"={count}I", *range(count)))
    os.close(feed)
    notes, note = os.pipe()
    spaces = [scratch() for _ in range(min(cores, count, _MOST))]
    workers: list[int] = []
    try:
        try:
            for at, space in enumerate(spaces):
                workers.append(_fork(question, jobs, (notes, note), at, space))
        except OSError:  # no more processes: fewer will do, or none
            pass
        finally:
            os.close(jobs)
            os.close(note)
        yield from _read(notes, spaces)
    finally:
        _end(workers)
        for end in (notes, *spaces):
            os.close(end)


def _read(notes: int, spaces: list[int]) -> Iterator[tuple[int, Any]]:
    """Yield what is noted as done, until no worker is left."""
    while told := os.read(notes, struct.calcsize(_DONE)):
        number, at, offset, size = struct.unpack(_DONE, told)
        content = os.pread(spaces[at], size, offset)
        yield number, marshal.loads(content)  # noqa: S302 - written by our own child


def _fork(
    question: Callable[[int], Any], jobs: int, wire: tuple[int, int], at: int, space: int
) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:  # the child: neither exceptions nor cleanup may escape into the parent's stack
        os.close(wire[0])  # so that it ends when nobody listens any more
        offset = 0
        while job := os.read(jobs, struct.calcsize(_JOB)):
            content = marshal.dumps(question(*struct.unpack(_JOB, job)))
            for start in range(0, len(content), 1 << 20):
                os.pwrite(space, content[start : start + (1 << 20)], offset + start)
            done = struct.pack(_DONE, *struct.unpack(_JOB, job), at, offset, len(content))
            os.write(wire[1], done)
            offset += len(content)
        code = 0
    finally:
        os._exit(code)


def _end(workers: list[int]) -> None:
    """End what is still at work, as Ctrl-C would, and wait for it."""
    from _signal import SIGINT  # type: ignore[import-not-found]  # `signal` imports enum

    for pid in workers:
        if os.waitpid(pid, os.WNOHANG) == (0, 0):
            os.kill(pid, SIGINT)
            os.waitpid(pid, 0)
