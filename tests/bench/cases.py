"""What is measured, and the bound that each figure is held against."""

from __future__ import annotations

import json
import os
import subprocess
import time
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import yaml
from tests.bench import stores
from tests.bench.clock import BASE, COORD, PASS, against, environment, once, peak, run, same

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Figure(NamedTuple):
    """One measured value with its unit and its bound (None: for information)."""

    name: str
    value: float
    unit: str
    bound: float | None
    note: str = ""

    @property
    def ok(self) -> bool:
        """Whether the value keeps its bound."""
        return self.bound is None or self.value <= self.bound


READS = {
    "issue list --status --repo": ["issue", "list", "--status", "pending", "--repo", "repo-3"],
    "issue list … --json": ["issue", "list", "--status", "pending", "--repo", "repo-3", "--json"],
    "show ID": ["show", "ISSUE-000500"],
    "ready": ["ready", "--limit", "50"],
    'list "free text"': ["list", "memory leak"],
}
OTHERS = {
    "blocked": ["blocked"],
    "status": ["status"],
    "role list": ["role", "list"],
    "graph ID": ["graph", "ISSUE-000900"],
    "plan list": ["plan", "list"],
    "--help": ["--help"],
}


def reads(root: str, count: int, bound: float) -> Iterator[Figure]:
    """Time the questions that are asked most often."""
    for _ in range(3):  # an index that is fresh, and settled
        run([COORD, "list", "memory"], root)
        time.sleep(0.3)
    for name, words in READS.items():
        found = against(same([COORD, *words]), same(PASS), root)
        yield Figure(
            f"{count:,}: {name}", found.ratio, "x P", bound, f"{found.milliseconds:.0f} ms"
        )


def others(root: str, count: int) -> Iterator[Figure]:
    """Time everything else that only reads."""
    for name, words in OTHERS.items():
        found = against(same([COORD, *words]), same(BASE), root, rounds=9)
        yield Figure(f"{count:,}: {name}", found.ratio, "x B", 2, f"{found.milliseconds:.0f} ms")


def after_a_change(root: str, count: int) -> Figure:
    """Time a list after one file was changed by hand, against the same list before."""
    path = os.path.join(root, "coord", "issues", f"ISSUE-{count // 2:06d}.yaml")

    def change(_: int) -> None:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        # Settle the index first, so that only this change is new in the measured run.
        run(words, root)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("title: ", "title: z", 1))
        time.sleep(0.1)

    words = [COORD, *READS["issue list --status --repo"]]
    plain, changed = [], []
    for number in range(11):
        plain.append(once(lambda: run(words, root)))
        change(number)
        changed.append(once(lambda: run(words, root)))
    more = (sorted(changed)[5] / sorted(plain)[5] - 1) * 100
    return Figure(f"{count:,}: one file changed by hand", more, "% more", 20)


def cold(root: str, count: int) -> Figure:
    """Time an index made anew against PyYAML's C loader parsing the same files."""
    folder = os.path.join(root, "coord", "issues")
    paths = [os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".yaml")]

    def parse() -> None:
        for path in paths:
            with open(path, "rb") as file:
                yaml.load(file, Loader=yaml.CSafeLoader)

    def build() -> None:
        for tail in ("", "-wal", "-shm"):
            index = os.path.join(root, ".git", "coord", f"index.db{tail}")
            if os.path.exists(index):
                os.unlink(index)
        run([COORD, "list", "--limit", "1"], root)

    theirs = min(once(parse) for _ in range(3))
    ours = min(once(build) for _ in range(3))
    return Figure(f"{count:,}: index made anew", ours / theirs, "x PyYAML", 0.5, f"{ours:.2f} s")


def memory(root: str, count: int) -> Iterator[Figure]:
    """Measure the peak memory of whole lists."""
    for words in (["list", "--limit", "0"], ["list", "--limit", "0", "--json"]):
        found = peak([COORD, *words], root)
        yield Figure(f"{count:,}: {' '.join(words)}", found, "MiB", 120)


def creates(root: str, count: int) -> Iterator[Figure]:
    """Time a create with its commit, against P and against git's own add and commit."""

    def create(number: int) -> list[str]:
        return [COORD, "issue", "create", "--title", f"new {number}", "--priority", "high"]

    def add(number: int) -> list[str]:
        with open(os.path.join(root, f"file{number}"), "w", encoding="utf-8") as file:
            file.write(f"{number}\n" * 100)
        return ["sh", "-c", f"git add file{number} && git commit --quiet -m x"]

    found = against(create, same(PASS), root)
    yield Figure(f"{count:,}: issue create", found.ratio, "x P", 5, f"{found.milliseconds:.0f} ms")
    found = against(lambda n: create(n + 100), lambda n: add(time.time_ns()), root)
    yield Figure(f"{count:,}: issue create", found.ratio, "x git add + commit", 3)


def imports(scratch: str) -> Iterator[Figure]:
    """Time whole imports in one transaction: 1,000, 10,000 and 100,000 records.

    Nothing is deleted in between: ext4 avoids inodes freed a moment ago, and looking for
    others makes each new file ten times as slow.
    """
    for count, bound in ((1_000, 1.5), (10_000, 2.0), (100_000, 20.0)):
        root, path = os.path.join(scratch, f"import{count}"), os.path.join(scratch, f"{count}.yaml")
        stores.make(root, 0)
        stores.ecosystem(path, count)
        took = once(partial(run, [COORD, "import", "ecosystem", path], root))
        stored = len(os.listdir(os.path.join(root, "coord", "issues"))) - 1
        note = f"{stored / took:,.0f} records/s" if stored == count else f"only {stored} stored"
        yield Figure(f"import of {count:,}", took, "s", bound if stored == count else 0, note)


def together(scratch: str) -> Iterator[Figure]:
    """Let many create, and many edit one record, at once; count what is lost."""
    for many in (12, 100):
        root = os.path.join(scratch, f"together{many}")
        stores.make(root, 1)
        start = [
            subprocess.Popen(
                [COORD, "issue", "create", "--title", f"t{number}"], cwd=root, env=environment(),
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            for number in range(many)
        ]  # fmt: skip
        failed = sum(child.wait() != 0 for child in start)
        kept = len(json.loads(_out([COORD, "list", "--limit", "0", "--json"], root))) - 1
        yield Figure(f"{many} creates at once: lost", many - kept, "records", 0, f"{failed} failed")
        start = [
            subprocess.Popen(
                [COORD, "issue", "update", "ISSUE-000001", "--add-label", f"l{number}"], cwd=root,
                env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            for number in range(many)
        ]  # fmt: skip
        failed = sum(child.wait() != 0 for child in start)
        labels = json.loads(_out([COORD, "show", "ISSUE-000001", "--json"], root))["labels"]
        lost = many - sum(label[:1] == "l" and label[1:].isdigit() for label in labels)
        yield Figure(f"{many} edits of one at once: lost", lost, "edits", 0, f"{failed} failed")


def _out(words: Sequence[str], cwd: str) -> bytes:
    return subprocess.run(words, cwd=cwd, env=environment(), capture_output=True, check=True).stdout


def dependency_scans(scratch: str) -> Iterator[Figure]:
    """Time `dep scan` over 24 repositories with locks: nothing remembered, then unchanged."""
    folder = os.path.join(scratch, "ecosystem")
    root = os.path.join(folder, "hub")
    stores.make(root, 0)
    stores.repositories(folder, root, 24)
    memory = os.path.join(root, ".git", "coord", "manifests.json")
    words = [COORD, "dep", "scan", "--json"]
    run(words, root)  # the index is not what is measured
    cold, warm = [], []
    for _ in range(5):
        os.unlink(memory)
        cold.append(once(partial(run, words, root)))
        warm.append(once(partial(run, words, root)))
    yield Figure("dep scan of 24 repositories", min(cold), "s", 1.5)
    yield Figure("dep scan, nothing changed", min(warm) / min(cold), "x cold", 0.5, f"{min(warm):.2f} s")  # fmt: skip
