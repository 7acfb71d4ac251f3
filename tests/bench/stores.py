"""Hubs of any size to measure on: realistic issues of about 1 KB with three links each."""

from __future__ import annotations

import os
import random
import subprocess

from tests.bench.clock import COORD, environment

from gitcoord.codec.emit import dump
from gitcoord.model.kinds import ISSUE

WORDS = [
    "memory",
    "leak",
    "session",
    "pool",
    "async",
    "cache",
    "index",
    "parser",
    "token",
    "scheduler",
    "migration",
    "coverage",
    "timeout",
    "retry",
    "worker",
    "queue",
    "schema",
    "config",
    "adapter",
    "release",
    "wheel",
    "hook",
    "branch",
    "merge",
    "snapshot",
    "metric",
]
REPOS = [f"repo-{number}" for number in range(24)]


def issue(number: int, chance: random.Random) -> dict[str, object]:
    """Return the data of one issue; it waits for three earlier ones."""
    data: dict[str, object] = {
        "id": f"ISSUE-{number:06d}",
        "title": f"{' '.join(chance.sample(WORDS, 5))} n{number}",
        "status": chance.choice(["pending", "pending", "in_progress", "resolved", "closed"]),
        "severity": chance.choice(["bug", "feature", "security"]),
        "priority": chance.choice(["critical", "high", "medium", "low"]),
        "created": f"2026-{chance.randint(1, 9):02d}-{chance.randint(1, 28):02d}T10:00:00+00:00",
        "assignee": chance.choice(["lena", "omar", "ines"]),
        "repos": chance.sample(REPOS, 2),
        "labels": chance.sample(WORDS, 2),
        "description": "".join(f"{' '.join(chance.choices(WORDS, k=10))}\n" for _ in range(9)),
    }
    if number > 3:
        near = range(max(1, number - 500), number)
        data["dependencies"] = [f"ISSUE-{other:06d}" for other in sorted(chance.sample(near, 3))]
    return data


def make(root: str, count: int) -> None:
    """Make a hub with a number of issues, committed."""
    chance = random.Random(count)
    os.makedirs(root)
    git = ["git", "-C", root, "-c", "user.name=Bench", "-c", "user.email=bench@example.org"]
    subprocess.run(["git", "init", "--quiet", root], check=True)
    for key, value in (("user.name", "Bench"), ("user.email", "bench@example.org")):
        subprocess.run([*git, "config", key, value], check=True)
    subprocess.run(
        [COORD, "init", root], check=True, env=environment(), stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    for number in range(1, count + 1):
        data = issue(number, chance)
        path = os.path.join(root, "coord", "issues", f"{data['id']}.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(dump(data, ISSUE.fields))
    subprocess.run([*git, "add", "."], check=True)
    words = ["commit", "--quiet", "--allow-empty", "-m", f"{count} issues"]
    subprocess.run([*git, *words], check=True)


def ecosystem(path: str, count: int) -> None:
    """Write an ecosystem.yaml with a number of issues."""
    chance = random.Random(count)
    issues = [issue(number, chance) for number in range(1, count + 1)]
    with open(path, "w", encoding="utf-8") as file:
        file.write(dump({"version": "1.0", "coordination": {"issues": issues}}, ("version",)))
