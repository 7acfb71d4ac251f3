"""Compare git figures of real repositories with plain git: `python -m tests.bench.git_equality FOLDER…`.

Three windows of each: all, the later half, the middle third. Whatever differs is printed.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.plain_git import PlainGit

from gitcoord.metrics.git.measured import STALE, Measured
from gitcoord.metrics.git.window import DAY, Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    Compared = tuple[str, Any, Any]


def compare(folder: str, now: datetime) -> Iterator[Compared]:
    """Yield what each figure is called, ours, and that of plain git."""
    plain = PlainGit(folder)
    times = sorted(int(time) for time in plain.lines("log", "--format=%ct"))
    third = len(times) // 3
    spans = [(None, None), (times[len(times) // 2], times[-1]), (times[third], times[2 * third])]
    with Measured(folder, now) as measured:
        for since, until in spans:
            wanted = plain.velocity(since, until)
            found = measured.velocity(Window(now, since, until))
            for name, value in wanted.items():
                yield f"{name} {since}..{until}", found[name], value
        yield "total", measured.total(), len(times)
        yield "stale", measured.branches()["stale_branches"], _stale(plain, measured, now)
        yield from _hotspots(plain, measured, now)


def _stale(plain: PlainGit, measured: Measured, now: datetime) -> int:
    default = measured.branches()["default_branch"]
    cut = int(now.timestamp()) - STALE * DAY
    form = "--format=%(committerdate:unix) %(refname) %(symref)"
    rows = [row.split() for row in plain.lines("for-each-ref", form, "refs/heads", "refs/remotes")]
    names = [
        row[1].split("/", 2 if "/heads/" in row[1] else 3)[-1] for row in rows if len(row) == 2
    ]
    old = [int(row[0]) < cut for row in rows if len(row) == 2]
    return sum(is_old for name, is_old in zip(names, old, strict=True) if name != default)


def _hotspots(plain: PlainGit, measured: Measured, now: datetime) -> Iterator[Compared]:
    """Compare the files that never had another name; `git log` has no word for the others."""
    exact = measured.about()["partial"]
    renames = plain.lines(
        "log", "--no-merges", "-M100%" if exact else "-M", "-l1000", "--diff-filter=R", "--format=",
        "--name-status",
    )  # fmt: skip
    moved = {row.split("\t")[2] for row in renames if row[0] == "R"}
    for one in measured.touched(Window(now))["hotspots"]:
        if one["path"] not in moved:
            words = ("log", "--full-history", "--no-merges", "--format=%H", "--", one["path"])
            yield f"hotspot {one['path']}", one["changes"], len(plain.lines(*words))


def main(folders: list[str]) -> int:
    """Compare all; exit with 1 when anything differs."""
    now = datetime.now(UTC)
    figures = different = commits = merges = 0
    for folder in folders:
        for name, ours, theirs in compare(folder, now):
            figures += 1
            commits += ours if name == "total" else 0
            merges += ours if name == "merges None..None" else 0
            if ours != theirs:
                different += 1
                print(f"{folder}: {name}: {ours}, git says {theirs}", flush=True)
    print(
        f"{len(folders)} repositories, {commits:,} commits, {merges:,} merges: {figures} figures, {different} differ."
    )
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
