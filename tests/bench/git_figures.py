"""What git figures cost: read for the first time, merges made again, and asked when nothing changed."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from functools import partial
from typing import TYPE_CHECKING

from tests.bench.cases import Figure
from tests.bench.clock import BASE, COORD, against, environment, once, run, same

from gitcoord.metrics.git import place, remerging

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMITS = 10_000
FILES = 1_500
_EVERY = 20
"""Each so many commits a branch of one commit is merged; every eighth of those conflicts."""


def grow(root: str) -> None:
    """Make a repository of 10,000 commits, 500 of them merges, by 12 people over three years."""
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", root], check=True)
    chance = random.Random(1)
    texts = {
        f"src/part{n % 40}/file{n}.py": [f"line {n} {k}" for k in range(60)] for n in range(FILES)
    }
    feed = [_commit(1, 0, "", "feat: begin", texts)]
    for mark in range(2, COMMITS + 1):
        if mark % _EVERY == 1 and mark > 2:
            feed.append(_merge(mark, texts, chance))
            continue
        side = mark % _EVERY == 0
        parent = mark - 1
        some = chance.sample(sorted(texts), chance.choice((1, 2, 3, 5)))
        if side:
            # Both sides change the same line of one file now and then.
            clash = mark % (8 * _EVERY) == 0
            path = some[0]
            fork = dict(texts)
            fork[path] = [*texts[path]]
            fork[path][0 if clash else -1] = f"side {mark}"
            texts[path] = [*texts[path]]
            texts[path][0] = f"main {mark}"
            feed.append(_commit(mark * 10, mark, f"from :{parent}\n", "side", {path: fork[path]}))
            feed.append(_commit(mark, mark, f"from :{parent}\n", "main", {path: texts[path]}))
            continue
        for path in some:
            texts[path] = [*texts[path]]
            texts[path][chance.randrange(60)] = f"changed {mark}"
        kind = chance.choice(("feat", "fix", "docs", "wip"))
        changed = {path: texts[path] for path in some}
        feed.append(
            _commit(mark, mark, f"from :{parent}\n", f"{kind}(part): change {mark}", changed)
        )
    words = ["git", "-C", root, "fast-import", "--quiet"]
    subprocess.run(words, input="".join(feed).encode(), check=True)
    subprocess.run(["git", "-C", root, "reset", "--quiet", "--hard"], check=True)


def _merge(mark: int, texts: dict[str, list[str]], chance: random.Random) -> str:
    path = chance.choice(sorted(texts))
    links = f"from :{mark - 1}\nmerge :{(mark - 1) * 10}\n"
    return _commit(mark, mark, links, f"Merge side {mark}", {path: texts[path]})


def _commit(mark: int, when: int, links: str, message: str, files: dict[str, list[str]]) -> str:
    who = f"Dev{mark % 12} <dev{mark % 12}@example.org> {1_700_000_000 + when * 9000} +0000"
    parts = [
        f"commit refs/heads/main\nmark :{mark}\ncommitter {who}\ndata {len(message)}\n{message}\n{links}"
    ]
    if mark > COMMITS:
        parts[0] = parts[0].replace("refs/heads/main", "refs/heads/side")
    for path, lines in files.items():
        text = "\n".join(lines) + "\n"
        parts.append(f"M 100644 inline {path}\ndata {len(text)}\n{text}\n")
    return "".join(parts)


def measure(scratch: str) -> Iterator[Figure]:
    """Time git figures of a repository of 10,000 commits."""
    root, hub = os.path.join(scratch, "grown"), os.path.join(scratch, "figures")
    grow(root)
    subprocess.run(["git", "init", "--quiet", hub], check=True)
    run([COORD, "init"], hub)
    run([COORD, "repo", "create", "grown"], hub)
    yield _cold(root, hub)
    yield _remerged(root)
    words = [COORD, "git", "velocity", "--repo", "grown", "--json"]
    run(words, hub)
    found = against(same(words), same(BASE), hub)
    yield Figure("git velocity, nothing new", found.ratio, "x B", 2, f"{found.milliseconds:.0f} ms")
    yield _one_more(root, hub, words)
    found = against(same([COORD, "git", "health", "grown"]), same(BASE), hub)
    yield Figure(
        "git health, nothing new", found.ratio, "x B", None, f"{found.milliseconds:.0f} ms"
    )
    shutil.rmtree(root)
    shutil.rmtree(hub)


def _cold(root: str, hub: str) -> Figure:
    """Time figures made from nothing against what a person would ask git."""
    ours, theirs = [], []
    for _ in range(3):
        shutil.rmtree(os.path.join(hub, ".git", "coord", "git"), ignore_errors=True)
        theirs.append(once(partial(run, ["git", "log", "--numstat"], root)))
        words = [COORD, "git", "velocity", "--repo", "grown", "--no-remerge"]
        ours.append(once(partial(run, words, hub)))
    note = f"{min(ours):.2f} s for {COMMITS:,} commits"
    return Figure(
        "git figures made from nothing", min(ours) / min(theirs), "x git log --numstat", 1.5, note
    )


def _one_more(root: str, hub: str, words: list[str]) -> Figure:
    """Time the figures after one commit more, against the same without."""
    plain, more = [], []
    for number in range(7):
        plain.append(once(partial(run, words, hub)))
        message = [
            "git",
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@y",
            "commit",
            "-q",
            "--allow-empty",
        ]
        run([*message, "-m", f"more {number}"], root)
        more.append(once(partial(run, words, hub)))
    return Figure("git velocity, one commit more", (min(more) - min(plain)) * 1000, "ms more", None)


def _remerged(root: str) -> Figure:
    """Time merges made again against a process for each, shared by the cores."""
    where = place.find(root)
    listed = ["git", "-C", root, "rev-list", "--parents", "--merges", "HEAD"]
    rows = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.splitlines()
    pairs = [row.partition(" ")[2] for row in rows]
    cores = len(os.sched_getaffinity(0))
    ours, theirs = [], []
    for _ in range(3):
        theirs.append(sum(once(partial(run, _plain(pair), root)) for pair in pairs) / cores)
        ours.append(once(partial(remerging.remerge, where, pairs)))
    note = f"{len(pairs) / min(ours):,.0f} merges a second on {cores} cores"
    return Figure(
        "merges made again", min(ours) / min(theirs), "x git merge-tree each / cores", 1.2, note
    )


def _plain(pair: str) -> list[str]:
    return ["git", "merge-tree", "--write-tree", *pair.split(" ")]


def main() -> None:
    """Measure this part alone: `python -m tests.bench.git_figures`."""
    import tempfile

    os.environ.update({k: v for k, v in environment().items() if k != "HOME"})
    with tempfile.TemporaryDirectory(prefix="coord-bench-") as scratch:
        for figure in measure(scratch):
            print(
                f"{figure.name:36} {figure.value:8.2f} {figure.unit:30} <= {figure.bound} {figure.note}"
            )


if __name__ == "__main__":
    main()
