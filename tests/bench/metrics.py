"""How quick the report over 24 repositories and a trend over 10,000 snapshots are."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.bench.cases import Figure
from tests.bench.clock import BASE, COORD, against, once, run, same

from gitcoord import journal
from gitcoord.git.repository import discover
from gitcoord.journal import facts
from gitcoord.journal.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

_REPOS = 24
_SNAPSHOTS = 10_000
_START = datetime(2024, 1, 1, tzinfo=UTC)
_AGAIN = {
    "report": ["report"], "report --json": ["report", "--json"],
    "trend, 10,000 points": ["trend", "repo-0"], "trend --json": ["trend", "repo-0", "--json"],
    "trend of a role": ["trend", "tool"], "gate check": [],
    "alerts of all": ["alerts", "--no-note"],
}  # fmt: skip


def measure(scratch: str) -> Iterator[Figure]:
    """Yield the time of the first question and of those after it."""
    root = os.path.join(scratch, "metrics")
    make(root)
    first = once(lambda: run([COORD, "metrics", "report"], root))
    yield Figure("metrics: first report over 10,000 snapshots", first, "s", None)
    for name, words in _AGAIN.items():
        whole = [COORD, "metrics", *words] if words else [COORD, "gate", "check"]
        found = against(same(whole), same(BASE), root, rounds=9)
        yield Figure(
            f"metrics: {name}",
            found.ratio,
            "x B",
            None if "alerts" in name else 3,
            f"{found.milliseconds:.0f} ms",
        )

    def grow(number: int) -> None:
        _append(root, [_fact(0, _SNAPSHOTS + number)])

    found = against(same([COORD, "metrics", "report"]), same(BASE), root, rounds=5, before=grow)
    note = f"{found.milliseconds:.0f} ms"
    yield Figure("metrics: report after one more snapshot", found.ratio, "x B", 3, note)


def make(root: str) -> None:
    """Make a hub with 24 repositories, one of them measured 10,000 times."""
    subprocess.run(["git", "init", "--quiet", root], check=True)
    run([COORD, "init"], root)
    folder = os.path.join(root, "coord", "repos")
    os.makedirs(folder, exist_ok=True)
    for number in range(_REPOS):
        with open(os.path.join(folder, f"repo-{number}.yaml"), "w", encoding="utf-8") as file:
            file.write(f"name: repo-{number}\nrole: {'tool' if number % 2 else 'app'}\n")
    with open(os.path.join(root, "coord", "coord.yaml"), "a", encoding="utf-8") as file:
        file.write("gates:\n  - coverage >= 20\n")
    found = [_fact(0, number) for number in range(_SNAPSHOTS)]
    found += [_fact(repo, number) for repo in range(1, _REPOS) for number in range(40)]
    _append(root, found)


def _append(root: str, found: list[Fact]) -> None:
    repo = discover(root)
    assert repo is not None
    journal.append(repo, dict(facts.write(fact) for fact in found), "many")


def _fact(repo: int, number: int) -> Fact:
    time = _START + timedelta(hours=2 * number)
    commit = f"{number + 1:040x}"
    lowest = [{"path": f"pkg/module_{n}.py", "statements": 90, "missing": n, "percent": 90.0 - n}
              for n in range(20)]  # fmt: skip
    section: dict[str, Any] = {
        "percent": 80 + number % 17 / 3, "statements": 4000, "missing": 700, "excluded": 12, "branches": 900,
        "missing_branches": 100, "partial_branches": 40, "branch": True, "code": f"{number:016x}",
        "lowest": lowest, "source": ".coverage", "tool": "coverage.py", "version": "7.17.3", "commit": commit,
        "measured_at": time.isoformat(), "files": 61, "partial": number % 50 == 7, "stale": False,
        "reason": None, "definition": "d", "others": [], "digest": f"{number:016x}",
    }  # fmt: skip
    return Fact("snapshot", f"repo-{repo}", time, commit, {"coverage": section})
