"""Ask many questions at once: forked workers take one after the other.

What each answers has to be plain data. A process that runs threads asks alone, because
forking it could copy a held lock, and what a dead worker leaves undone is done here.
"""

from __future__ import annotations

import marshal
import os
import sys

from gitcoord.git.process import scratch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

_MOST = 8
_HOLDS = 4096  # questions that the smallest pipe there is can hold
_NOTE = (4, 4, 8, 8)
"""Bytes of what says that a question is answered: its number, by whom, where that lies, how long."""


def ask(
    count: int, question: Callable[[int], Any], told: Callable[[int, int], None] | None = None
) -> list[Any]:
    """Return the answers to questions 0 to `count`, in this order.

    `told` hears the number of each that is answered, and how many are.
    """
    found: dict[int, Any] = {}
    for number, answer in Asked(count, question):
        found[number] = answer
        if told is not None:
            told(number, len(found))
    return [found[number] for number in range(count)]


class Asked:
    """Questions 0 to `count` that workers answer from now on, ahead of whoever takes the answers."""

    __slots__ = ("_count", "_notes", "_question", "_spaces", "_workers")

    def __init__(self, count: int, question: Callable[[int], Any]) -> None:
        self._count = count
        self._question = question
        self._spaces: list[int] = []
        self._workers: list[int] = []
        self._notes = -1
        workers = min(_cores(), count, _MOST)
        if workers > 1 and count <= _HOLDS and not _has_threads():
            self._start(workers)

    def _start(self, many: int) -> None:
        jobs, feed = os.pipe()
        os.write(feed, b"".join([number.to_bytes(4, "big") for number in range(self._count)]))
        os.close(feed)
        self._notes, note = os.pipe()
        # Answers go through files, so that no worker waits for us; the pipe only says where.
        self._spaces = [scratch() for _ in range(many)]
        try:
            for at in range(many):
                self._workers.append(self._fork(jobs, note, at))
        except OSError:  # no more processes: fewer will do, or none
            pass
        finally:
            os.close(jobs)
            os.close(note)

    def _fork(self, jobs: int, note: int, at: int) -> int:
        pid = os.fork()
        if pid:
            return pid
        code = 1
        try:  # the child: neither exceptions nor cleanup may escape into the parent's stack
            os.close(self._notes)  # so that it ends when nobody listens any more
            offset = 0
            while job := os.read(jobs, 4):
                number = int.from_bytes(job, "big")
                content = marshal.dumps(self._question(number))
                _write(self._spaces[at], content, offset)
                facts = zip((number, at, offset, len(content)), _NOTE, strict=True)
                os.write(note, b"".join([fact.to_bytes(size, "big") for fact, size in facts]))
                offset += len(content)
            code = 0
        finally:
            os._exit(code)

    def __iter__(self) -> Iterator[tuple[int, Any]]:
        """Yield the number and the answer of each question as soon as it is answered."""
        left = set(range(self._count))
        try:
            while self._workers and (told := os.read(self._notes, sum(_NOTE))):
                number, at, offset, size = _numbers(told)
                left.discard(number)
                content = os.pread(self._spaces[at], size, offset)
                yield number, marshal.loads(content)  # noqa: S302 - written by our own child
        finally:
            self.close()
        for number in sorted(left):
            yield number, self._question(number)

    def in_order(self) -> Iterator[Any]:
        """Yield the answers in the order of the questions, each as soon as it can be had."""
        early: dict[int, Any] = {}
        wanted = 0
        for number, answer in self:
            early[number] = answer
            while wanted in early:
                yield early.pop(wanted)
                wanted += 1

    def close(self) -> None:
        """End what is still at work, as Ctrl-C would, and wait for it."""
        if self._notes < 0:
            return
        from _signal import SIGINT  # type: ignore[import-not-found]  # `signal` imports enum

        for pid in self._workers:
            if os.waitpid(pid, os.WNOHANG) == (0, 0):
                os.kill(pid, SIGINT)
                os.waitpid(pid, 0)
        for end in (self._notes, *self._spaces):
            os.close(end)
        self._notes = -1
        self._workers = []

    def __del__(self) -> None:
        """Leave no worker behind where nobody took the answers."""
        self.close()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _has_threads() -> bool:
    threads = sys.modules.get("threading")
    return bool(threads and threads.active_count() > 1)


def _write(descriptor: int, content: bytes, offset: int) -> None:
    view = memoryview(content)
    while view:
        done = os.pwrite(descriptor, view, offset)
        view, offset = view[done:], offset + done


def _numbers(told: bytes) -> list[int]:
    found, at = [], 0
    for size in _NOTE:
        found.append(int.from_bytes(told[at : at + size], "big"))
        at += size
    return found
