"""Time commands against baselines that run in turn with them.

Other work on the machine slows all of them alike, so ratios of medians hold where
milliseconds do not.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PASS = [sys.executable, "-c", "pass"]
BASE = [sys.executable, "-c", "import click, sqlite3, json"]
COORD = os.path.join(os.path.dirname(sys.executable), "coord")


class Ratio(NamedTuple):
    """The median time of something, in milliseconds, and how often the baseline fits into it."""

    milliseconds: float
    ratio: float


def environment() -> dict[str, str]:
    """Return the environment of measured programs: bytecode is used, hosts' settings are not."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    for name in ("PYTHONDONTWRITEBYTECODE", "CI", "COORD_WATCH"):
        env.pop(name, None)
    return env


def run(words: Sequence[str], cwd: str) -> None:
    """Run a command to its end, its output thrown away."""
    subprocess.run(
        words,
        cwd=cwd,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


def same(words: Sequence[str]) -> Callable[[int], Sequence[str]]:
    """Return what gives the same command in every round."""
    return lambda _: words


def once(action: Callable[[], object]) -> float:
    """Return how many seconds something takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def against(
    words: Callable[[int], Sequence[str]],
    baseline: Callable[[int], Sequence[str]],
    cwd: str,
    *,
    rounds: int = 15,
    before: Callable[[int], object] | None = None,
) -> Ratio:
    """Time a command and a baseline in turn; `before` prepares each round unmeasured."""
    ours, theirs = [], []
    run(words(-1), cwd)
    for number in range(rounds):
        if before is not None:
            before(number)
        theirs.append(once(partial(run, baseline(number), cwd)))
        ours.append(once(partial(run, words(number), cwd)))
    middle = statistics.median(ours)
    return Ratio(middle * 1000, middle / statistics.median(theirs))


_PEAK = """
import os, subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, _, usage = os.wait4(child.pid, 0)
print(usage.ru_maxrss / 1024)
os._exit(0)
"""


def peak(words: Sequence[str], cwd: str) -> float:
    """Return the peak memory of a command, in MiB.

    A small process starts it: until it is a program of its own, a child counts the memory of
    the one that made it.
    """
    done = subprocess.run(
        [sys.executable, "-c", _PEAK, *words], cwd=cwd, env=environment(), capture_output=True,
        check=True,
    )  # fmt: skip
    return float(done.stdout)
