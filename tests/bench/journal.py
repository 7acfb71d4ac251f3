"""The journal: how fast one process appends, what many at once lose, what a read costs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from tests.bench.cases import Figure
from tests.bench.clock import COORD, environment, once, run

from gitcoord import journal
from gitcoord.git.repository import discover
from gitcoord.journal import facts
from gitcoord.journal.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitcoord.git.repository import Repository

_SLOWEST = 1000 / 300  # ms a commit
_START = datetime(2026, 1, 1, tzinfo=UTC)
_WRITERS = 8
_EACH = 200
_WRITE = """
import sys
from gitcoord import journal
from gitcoord.git.repository import discover
repo = discover(".")
for number in range(int(sys.argv[2])):
    journal.append(repo, {f"runs/{sys.argv[1]}/{number}": b"x"}, "x")
"""


def appends(scratch: str) -> Iterator[Figure]:
    """Time commits of one fact each: snapshots of 24 repositories, then attempts at one."""
    for kind, repos, count in (("snapshot", 24, 3000), ("attempt", 1, 3000)):
        repo = _made(scratch)
        facts_to_come = [_fact(kind, f"repo-{n % repos}", n) for n in range(count)]
        busy = time.process_time()
        took = once(partial(_append_all, repo, facts_to_come))
        busy = (time.process_time() - busy) * 1000 / count
        note = f"{count / took:,.0f} commits/s, {busy:.1f} ms of CPU each"
        name = f"journal: append, {count:,} {kind}s of {repos}"
        yield Figure(name, took * 1000 / count, "ms", _SLOWEST, note)
        _remove(repo)


def together(scratch: str) -> Figure:
    """Let many processes append at once; count what is lost."""
    repo = _made(scratch)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITE, str(number), str(_EACH)], cwd=repo.root, env=environment()
        )
        for number in range(_WRITERS)
    ]  # fmt: skip
    took = once(lambda: [child.wait() for child in running])
    kept = sum(1 for _ in journal.walk(repo, "runs"))
    lost = _WRITERS * _EACH - kept
    _remove(repo)
    name = f"journal: {_WRITERS} processes at once, lost"
    return Figure(name, lost, "facts", 0, f"{kept / took:,.0f} commits/s")


def reads(scratch: str) -> Iterator[Figure]:
    """Time the last two weeks of one repository out of 50,000 snapshots, and one more fact."""
    repo = _made(scratch)
    files = {}
    for number in range(50_000):
        path, content = facts.write(_fact("snapshot", f"repo-{number % 24}", number))
        files[path] = content
    journal.append(repo, files, "many")
    until = _START + timedelta(minutes=10 * 50_000)
    since = until - timedelta(days=14)
    found = 0

    def read() -> None:
        nonlocal found
        found = sum(1 for _ in journal.walk(repo, "snapshots/repo-3", since, until))

    took = min(once(read) for _ in range(5)) * 1000
    yield Figure("journal: two weeks of 50,000 snapshots", took, "ms", None, f"{found} read")
    words = [COORD, "journal", "add", "run", "--repo", "a", "--data", '{"n": 1}']
    took = min(once(lambda: run(words, repo.root)) for _ in range(9)) * 1000
    yield Figure("journal: `coord journal add`", took, "ms", None)
    _remove(repo)


def _made(scratch: str) -> Repository:
    root = tempfile.mkdtemp(dir=scratch)
    subprocess.run(["git", "init", "--quiet", root], check=True)
    os.makedirs(os.path.join(root, "coord", "issues"))
    found = discover(root)
    assert found is not None
    return found


def _remove(repo: Repository) -> None:
    # A `git gc` may still be tidying up in the background.
    shutil.rmtree(repo.root, ignore_errors=True)


def _fact(kind: str, repo: str, number: int) -> Fact:
    data = {"coverage": {"percent": number % 100}, "commits": number}
    return Fact(kind, repo, _START + timedelta(minutes=10 * number), f"{number:040x}", data)


def _append_all(repo: Repository, all_facts: list[Fact]) -> None:
    for fact in all_facts:
        path, content = facts.write(fact)
        journal.append(repo, {path: content}, f"{fact.kind} of {fact.repo}")
