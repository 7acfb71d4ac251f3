"""Folders for one piece of work: gone with it, and with whoever was killed over it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from gitcoord.running import scratch

if TYPE_CHECKING:
    from pathlib import Path

HOLDER = (
    "import sys, time\n"
    "from gitcoord.running import scratch\n"
    "with scratch.folder(sys.argv[1]) as path:\n"
    "    open(path + '/work', 'w').close()\n"
    "    print(path, flush=True)\n"
    "    time.sleep(1000)\n"
)


def _holder(place: Path) -> tuple[subprocess.Popen[str], str]:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(place)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    return child, child.stdout.readline().strip()


def test_a_folder_goes_with_the_work_also_when_that_fails(tmp_path: Path) -> None:
    def work() -> None:
        with scratch.folder(str(tmp_path)) as path:
            os.mkdir(os.path.join(path, "deep"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert os.listdir(tmp_path) == []


def test_what_a_killed_process_left_goes_with_the_next_and_nothing_else(tmp_path: Path) -> None:
    others = ["coord-scratch-of-a-user", "coord-hub", "tmp1"]
    for name in others:
        (tmp_path / name).mkdir()
    dead, left = _holder(tmp_path)
    alive, kept = _holder(tmp_path)
    dead.send_signal(signal.SIGKILL)
    dead.communicate()
    try:
        assert os.path.exists(left)

        with scratch.folder(str(tmp_path)):
            assert not os.path.exists(left)
            assert os.path.exists(os.path.join(kept, "work"))

        assert sorted(os.listdir(tmp_path)) == sorted([*others, os.path.basename(kept)])
    finally:
        alive.kill()
        alive.communicate()


def test_many_at_once_never_take_each_others(tmp_path: Path) -> None:
    def work(number: int) -> bool:
        with scratch.folder(str(tmp_path)) as path:
            name = os.path.join(path, str(number))
            open(name, "w").close()
            return os.path.exists(name) and len(os.listdir(path)) == 2

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(400)))
    assert os.listdir(tmp_path) == []
