"""Several repositories are asked at once, and nothing of that shows in the answers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from gitcoord.git import forked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _no_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test runner keeps threads that wait; a program that is forked here has none at work."""
    monkeypatch.delitem(sys.modules, "threading")


def pids(count: int, question: Callable[[int], Any] = lambda _: None) -> Iterator[int]:
    def answer(number: int) -> int:
        question(number)
        return os.getpid()

    return iter(forked.ask(count, answer))


def test_answers_come_in_order_however_large() -> None:
    def question(number: int) -> tuple[int, str, set[int]]:
        return number, "é" * (number * 300_000), {number}

    assert forked.ask(9, question) == [question(number) for number in range(9)]


def test_each_that_is_done_is_told_once() -> None:
    told: list[tuple[int, int]] = []

    forked.ask(7, lambda number: number, lambda number, done: told.append((number, done)))

    assert sorted(number for number, _ in told) == list(range(7))
    assert [done for _, done in told] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="needs two cores")
def test_several_processes_answer() -> None:
    assert len(set(pids(20, lambda _: time.sleep(0.02)))) > 1
    assert os.getpid() not in set(pids(20))


def test_one_question_is_answered_here() -> None:
    assert list(pids(1)) == [os.getpid()]
    assert list(pids(0)) == []


def test_a_program_with_threads_answers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "threading", threading)
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait)
    thread.start()

    found = set(pids(6))
    ended.set()
    thread.join()

    assert found == {os.getpid()}


def test_what_a_killed_worker_leaves_undone_is_done_here() -> None:
    parent = os.getpid()

    def question(number: int) -> int:
        if number == 3 and os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return number * 2

    assert forked.ask(8, question) == [0, 2, 4, 6, 8, 10, 12, 14]


def test_a_fault_is_raised_where_it_was_asked() -> None:
    def question(number: int) -> int:
        return 1 // (number - 2)

    with pytest.raises(ZeroDivisionError):
        forked.ask(4, question)


def test_no_worker_outlives_who_asked(tmp_path: Path) -> None:
    program = (
        "import os, sys, time\n"
        "from gitcoord.git import forked\n"
        "def question(number):\n"
        "    open(f'{sys.argv[1]}/{os.getpid()}', 'w').close()\n"
        "    time.sleep(0.3)\n"
        "forked.ask(400, question)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)]) as asking:
        while not list(tmp_path.iterdir()):
            time.sleep(0.01)
        asking.kill()

    until = time.monotonic() + 10
    while left := [one for one in tmp_path.iterdir() if os.path.exists(f"/proc/{one.name}")]:
        assert time.monotonic() < until, left
        time.sleep(0.05)
