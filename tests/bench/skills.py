"""How quick questions about the use of skills are, over a hundred repositories of 100,000 uses each.

python -m tests.bench.skills [REPOSITORIES [USES]]

Beside each question DuckDB counts and groups the same files in the same way of starting: what
nobody can be quicker than who reads them at all.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from tests.bench import stores
from tests.bench.cases import Figure
from tests.bench.clock import COORD, environment, once, peak, run

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUESTIONS = {
    "report": ["report"],
    "report of one, 30 days": ["report", "--repo", "repo-1", "--since", "30d"],
    "trend --all by week": ["trend", "--all"],
    "trend of one by day": ["trend", "skill-3", "--every", "day"],
    "compare": ["compare"],
    "graph": ["graph"],
    "workflows": ["workflows", "--sessions"],
    "next after two": ["next", "skill-1", "skill-2", "--repo", "repo-1"],
    "recommend": ["recommend", "--repo", "repo-1"],
    "check": ["check"],
}
_BASE = """
import duckdb, sys
one = duckdb.connect()
print(one.execute("SELECT repo, skill, count(*) FROM read_parquet(?) GROUP BY ALL", [sys.argv[1]]).fetchall()[:1])
"""


def measure(scratch: str, repositories: int = 20, uses: int = 20_000) -> Iterator[Figure]:
    """Time collecting and every question."""
    folder = os.path.join(scratch, "skills")
    root = os.path.join(folder, "hub")
    stores.make(root, 0)
    size = _make(folder, root, repositories, uses)
    name = f"skills, {repositories} x {uses:,}"
    words = [COORD, "skill"]
    subprocess.run(
        [*words, "register", "--all"], cwd=root, env=environment(), check=True, capture_output=True
    )
    took = once(partial(run, [*words, "collect"], root))
    rows = repositories * uses
    yield Figure(
        f"{name}: collect", took, "s", None, f"{rows / took:,.0f} rows/s, {size >> 20} MiB of JSON"
    )
    again = once(partial(run, [*words, "collect"], root))
    yield Figure(f"{name}: collect, nothing new", again, "s", 2)
    glob = os.path.join(root, ".git/coord/skills/*/*/rows.parquet")
    for title, question in _QUESTIONS.items():
        ours, theirs = [], []
        for _ in range(3):
            theirs.append(once(partial(run, [sys.executable, "-c", _BASE, glob], root)))
            ours.append(once(partial(run, [*words, *question, "--json"], root)))
        found, base = sorted(ours)[1], sorted(theirs)[1]
        memory = peak([*words, *question, "--json"], root)
        yield Figure(
            f"{name}: {title}",
            found,
            "s",
            1,
            f"{found / base:.1f} x one grouping, {memory:.0f} MiB",
        )
    took = once(partial(run, [*words, "evaluate"], root))
    yield Figure(f"{name}: evaluate", took, "s", 10)


def _make(folder: str, root: str, repositories: int, uses: int) -> int:
    """Make repositories with habits of their own; return how many bytes their files have."""
    size = 0
    for number in range(repositories):
        place = os.path.join(folder, f"repo-{number}")
        subprocess.run(["git", "init", "-q", place], check=True)
        record = os.path.join(root, "coord", "repos", f"repo-{number}.yaml")
        os.makedirs(os.path.dirname(record), exist_ok=True)
        with open(record, "w", encoding="utf-8") as file:
            file.write(f"name: repo-{number}\n")
        manifest = (
            ("pyproject.toml", '[project]\nname = "x"\n')
            if number % 2
            else ("package.json", "{}\n")
        )
        with open(os.path.join(place, manifest[0]), "w", encoding="utf-8") as file:
            file.write(manifest[1])
        size += _write(os.path.join(place, ".session-buddy"), number, uses)
    return size


def _write(folder: str, seed: int, uses: int) -> int:
    chance, moment, rows = random.Random(seed), datetime(2025, 11, 1), []
    names = [f"skill-{at}" for at in range(40)]
    at = session = 0
    step = timedelta(days=360) / uses
    for _ in range(uses):
        moment += step * chance.random() * 2
        if chance.random() < 0.12:
            session += 1
        at = (at + seed % 7 + 1) % 40 if chance.random() < 0.5 else int(40 * chance.random() ** 2.2)
        row = {
            "skill_name": names[at], "invoked_at": moment.isoformat(), "completed": chance.random() < 0.9,
            "workflow_path": chance.choice(["quick", "full", None]),
            "duration_seconds": round(chance.expovariate(0.02), 2),
            "follow_up_actions": ["commit"] * chance.randrange(3), "error_type": None,
        }  # fmt: skip
        if seed % 3 == 0:
            row |= {"session_id": f"s-{session}", "user_query": "please do that again " * 3}
        rows.append(row)
    os.makedirs(folder)
    path = os.path.join(folder, "skill_metrics.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"invocations": rows, "skills": {}}, file)
    return os.path.getsize(path)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:3]]
    with tempfile.TemporaryDirectory(prefix="coord-bench-") as where:
        os.environ["HOME"] = where
        for one in measure(where, *(given or (100, 100_000))):
            print(f"{one.name:44} {one.value:8.2f} {one.unit}  {one.note}", flush=True)
