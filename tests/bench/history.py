"""What history costs: made from nothing, asked, brought up to date, and reads as of a commit."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from functools import partial
from typing import TYPE_CHECKING

from tests.bench.cases import Figure
from tests.bench.clock import BASE, COORD, against, environment, once, run, same
from tests.bench.stores import issue

from gitcoord.codec.emit import dump
from gitcoord.model.kinds import ISSUE

if TYPE_CHECKING:
    from collections.abc import Iterator

GIT_LOG = ["git", "log", "--raw", "--no-renames", "--", "coord"]
LOG = [COORD, "log", "ISSUE-000005"]


def grow(root: str, commits: int, records: int) -> None:
    """Make a hub whose records came over many commits, each of which also edits two."""
    chance = random.Random(1)
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", root], check=True)
    for key, value in (("user.name", "Bench"), ("user.email", "bench@example.org")):
        subprocess.run(["git", "-C", root, "config", key, value], check=True)
    words = ["git", "-C", root, "fast-import", "--quiet"]
    feed = subprocess.Popen(words, stdin=subprocess.PIPE)
    assert feed.stdin is not None
    known: list[dict[str, object]] = []
    for number in range(commits):
        head = f"committer D{number % 5} <d@x> {1_700_000_000 + number * 600} +0000\ndata 1\nx\n"
        parts = [f"commit refs/heads/main\n{head}"]
        some = [issue(len(known) + n + 1, chance) for n in range(records // commits)]
        known += some
        for data in chance.sample(known, min(2, len(known))):
            data["status"] = chance.choice(ISSUE.statuses)
            data["labels"] = chance.sample(["a", "b", "c", "d"], 2)
            some.append(data)
        for data in some:
            text = dump(data, ISSUE.fields)
            path = f"coord/issues/{data['id']}.yaml"
            parts.append(f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}\n")
        feed.stdin.write("".join(parts).encode())
    feed.stdin.close()
    feed.wait()
    subprocess.run(["git", "-C", root, "reset", "--quiet", "--hard"], check=True)


def history(scratch: str, commits: int = 5_000, records: int = 10_000) -> Iterator[Figure]:
    """Time what history costs in a hub of many commits."""
    root = os.path.join(scratch, "history")
    grow(root, commits, records)
    yield _build(root)
    run([COORD, "list", "--limit", "1"], root)
    for words in (LOG, [COORD, "blame", "ISSUE-000005"]):
        found = against(same(words), same(BASE), root)
        name = f"{commits:,} commits: {' '.join(words[1:2])} ID"
        yield Figure(name, found.ratio, "x B", 2, f"{found.milliseconds:.0f} ms")
    yield _one_more(root)
    yield from _at(root, commits)
    shutil.rmtree(root)


def _drop(root: str, name: str) -> None:
    for tail in ("", "-wal", "-shm"):
        path = os.path.join(root, ".git", "coord", name + tail)
        if os.path.exists(path):
            os.unlink(path)


def _build(root: str) -> Figure:
    """Time the events made from nothing against git's own walk."""
    ours, theirs = [], []
    for _ in range(3):
        _drop(root, "history.db")
        theirs.append(once(partial(run, GIT_LOG, root)))
        ours.append(once(partial(run, LOG, root)))
    return Figure("history made from nothing", min(ours) / min(theirs), "x git log --raw", 2,
                  f"{min(ours):.2f} s")  # fmt: skip


def _one_more(root: str) -> Figure:
    """Time a log after one commit more, against the same log without."""
    plain, more = [], []
    for number in range(11):
        run(LOG, root)
        plain.append(once(partial(run, LOG, root)))
        run([COORD, "issue", "update", "ISSUE-000005", "--assignee", f"a{number}"], root)
        more.append(once(partial(run, LOG, root)))
    # The least of each: what other work on the machine adds is no part of the difference.
    found = (min(more) - min(plain)) * 1000
    return Figure("history: one commit more", found, "ms more", 10)


def _at(root: str, commits: int) -> Iterator[Figure]:
    """Time reads as of a commit, first against an index made anew, then again."""
    cold, first = [], []
    for number in range(3):
        _drop(root, "index.db")
        cold.append(once(partial(run, [COORD, "list", "--limit", "1"], root)))
        words = [COORD, "list", "--limit", "1", "--at", f"HEAD~{number * 5 + 1}"]
        first.append(once(partial(run, words, root)))
    note = f"{min(first):.2f} s"
    yield Figure("--at: first time", min(first) / min(cold), "x index made anew", 1.5, note)
    found = against(same([COORD, "show", "ISSUE-000005", "--at", "HEAD~1"]), same(BASE), root)
    yield Figure("--at: again", found.ratio, "x B", 3, f"{found.milliseconds:.0f} ms")


def main() -> None:
    """Measure this part alone: `python -m tests.bench.history`."""
    import tempfile

    os.environ.update({k: v for k, v in environment().items() if k != "HOME"})
    with tempfile.TemporaryDirectory(prefix="coord-bench-") as scratch:
        for figure in history(scratch):
            print(
                f"{figure.name:36} {figure.value:8.2f} {figure.unit:20} <= {figure.bound} {figure.note}"
            )


if __name__ == "__main__":
    main()
