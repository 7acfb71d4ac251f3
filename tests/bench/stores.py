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


def repositories(folder: str, hub: str, count: int) -> None:
    """Make repositories that need each other, each with a manifest and a lock of 300 packages."""
    for number in range(count):
        name = f"repo-{number}"
        root = os.path.join(folder, name)
        needs = [f"repo-{other}>=1.{other},<2" for other in range(max(0, number - 4), number)]
        listed = "".join(
            f'  "{one}",\n' for one in [*needs, *(f"package-{n}>=2" for n in range(30))]
        )
        pins = "".join(
            f'[[package]]\nname = "package-{n}"\nversion = "2.{n}"\nwheels = [\n'
            + f'  {{ url = "https://example.org/{n}.whl", hash = "sha256:{n:064x}" }},\n' * 6
            + "]\n\n"
            for n in range(300)
        )
        os.makedirs(root)
        with open(os.path.join(root, "pyproject.toml"), "w", encoding="utf-8") as file:
            file.write(
                f'[project]\nname = "{name}"\nversion = "1.{number}"\ndependencies = [\n{listed}]\n'
            )
        with open(os.path.join(root, "uv.lock"), "w", encoding="utf-8") as file:
            file.write(f"version = 1\n\n{pins}")
        for words in (["init", "-q"], ["add", "-A"],
                      ["-c", "user.name=b", "-c", "user.email=b@example.org", "commit", "-q", "-m", "x"]):  # fmt: skip
            subprocess.run(["git", "-C", root, *words], check=True)
        record = os.path.join(hub, "coord", "repos", f"{name}.yaml")
        os.makedirs(os.path.dirname(record), exist_ok=True)
        with open(record, "w", encoding="utf-8") as file:
            file.write(f"name: {name}\n")
