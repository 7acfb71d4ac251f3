"""What the installed hooks add to `git commit`: in the hub, and in one of its repositories."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from functools import partial
from typing import TYPE_CHECKING

from tests.bench.cases import Figure
from tests.bench.clock import BASE, COORD, environment, once, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ROUNDS = 15


def commits(root: str, count: int) -> Iterator[Figure]:
    """Time commits with and without hooks, in turn with each other and with the baseline."""
    added, base = _in_turn(root, ["hooks", "install"], partial(_edit, root, count))
    yield Figure(
        f"{count:,}: git commit, its hooks", added / base, "x B", 2.5, f"{added * 1000:.0f} ms"
    )
    repo = os.path.join(os.path.dirname(root), "repo-1")
    subprocess.run(["git", "init", "--quiet", repo], check=True)
    run([COORD, "repo", "create", "repo-1"], root)  # so that a snapshot is taken of it
    run(["git", "config", "coord.hub", root], repo)
    for key, value in (("user.name", "Bench"), ("user.email", "bench@example.org")):
        run(["git", "config", key, value], repo)
    added, _ = _in_turn(repo, ["hooks", "install"], partial(_touch, repo), settle=1.5)
    yield Figure(f"{count:,}: post-commit of a repository", added * 1000, "ms", 30)


def _in_turn(
    where: str, install: list[str], change: Callable[[int], None], settle: float = 0.0
) -> tuple[float, float]:
    """Return how many seconds the hooks add, and how many the baseline takes."""
    without, with_hooks, base = [], [], []
    for number in range(_ROUNDS):
        change(2 * number)
        without.append(_commit(where))
        run([COORD, *install], where)
        change(2 * number + 1)
        with_hooks.append(_commit(where))
        time.sleep(settle)  # what runs in the background must not slow the next round
        run([COORD, "hooks", "uninstall"], where)
        base.append(once(partial(run, BASE, where)))
    middle = statistics.median
    return middle(with_hooks) - middle(without), middle(base)


def _commit(where: str) -> float:
    words = ["git", "commit", "--quiet", "-m", "x"]
    return once(lambda: subprocess.run(words, cwd=where, env=environment(), check=True))


def _edit(root: str, count: int, number: int) -> None:
    """Change three records, the links of one among them, and stage them."""
    for place in range(3):
        id = (number * 37 + place * (count // 4)) % (count // 2) + count // 4
        path = os.path.join(root, "coord", "issues", f"ISSUE-{id:06d}.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read().replace("title: ", "title: z", 1)
        if place == 0 and "ISSUE-000001" not in text:
            text = text.replace("dependencies:\n", "dependencies:\n  - ISSUE-000001\n", 1)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    run(["git", "add", "--all"], root)


def _touch(repo: str, number: int) -> None:
    with open(os.path.join(repo, f"file{number}"), "w", encoding="utf-8") as file:
        file.write("x")
    run(["git", "add", "--all"], repo)
