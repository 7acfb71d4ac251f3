"""Compare git figures of real repositories with plain git: `python -m tests.bench.git_equality FOLDER…`.

Three windows of each: all, the later half, the middle third. Whatever differs is printed. `--quick`
leaves out what makes merges again, a process for each.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tests.plain_health import PlainHealth

from gitcoord.metrics.git import people
from gitcoord.metrics.git.measured import STALE, Measured
from gitcoord.metrics.git.window import DAY, Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    Compared = tuple[str, Any, Any]

_ZONES = ("America/Los_Angeles", "Asia/Kolkata", "Pacific/Apia")


def compare(folder: str, now: datetime, *, quick: bool = False) -> Iterator[Compared]:
    """Yield what each figure is called, ours, and that of plain git."""
    plain = PlainHealth(folder)
    times = sorted(int(time) for time in plain.lines("log", "--format=%ct"))
    third = len(times) // 3
    spans = [(None, None), (times[len(times) // 2], times[-1]), (times[third], times[2 * third])]
    with Measured(folder, now) as measured:
        for since, until in spans:
            wanted = plain.velocity(since, until, remerge=not quick)
            span = plain.span(since, until)
            wanted["conventional"] = plain.conventional(*span)
            if not quick:
                wanted["conflict_rate"] = plain.conflict_rate(*span)
            found = measured.velocity(Window(now, since, until), remerge=not quick)
            for name, value in wanted.items():
                yield f"{name} {since}..{until}", found[name], value
        yield "total", measured.total(), len(times)
        yield from _dates(plain, measured, now, times)
        yield "stale", measured.branches()["stale_branches"], _stale(plain, measured, now)
        yield from _releases(plain, measured, now)
        yield from _files(plain, measured, now)
        if not quick:
            yield from _conflicts(plain, measured, now)


def _dates(
    plain: PlainHealth, measured: Measured, now: datetime, times: list[int]
) -> Iterator[Compared]:
    """Compare days of other zones, windows on the author's date, and people."""
    for zone in _ZONES:
        found = measured.velocity(Window(now, zone=ZoneInfo(zone)), remerge=False)
        yield f"active days in {zone}", found["active_days"], plain.days(zone)
    since, until = times[len(times) // 4], times[len(times) // 2]
    found = measured.velocity(Window(now, since, until, authored=True), remerge=False)
    yield "commits by author's date", found["commits"], plain.authored(since, until)
    found = measured.velocity(Window(now, authored=True), remerge=False)
    yield "active days by author's date", found["active_days"], plain.days("UTC", "%ad")
    yield "people of git shortlog", found["authors"], plain.people()
    rows = [row.split("\t") for row in plain.lines("shortlog", "-sne", "--no-merges", "HEAD")]
    names = [
        (int(number), name.partition(" <")[0], name.rpartition("<")[2][:-1])
        for number, name in rows
    ]
    humans: dict[str, int] = {}
    programs = {mail for _, name, mail in names if people.is_bot((name, mail))}
    for number, _, mail in names:
        if mail not in programs:
            humans[mail] = humans.get(mail, 0) + number
    if not programs:
        yield "bus factor", measured.bus_factor(Window(now)), _half(list(humans.values()))


def _half(numbers: list[int]) -> int | None:
    ranked = sorted(numbers, reverse=True)
    return next((n for n in range(1, len(ranked) + 1) if 2 * sum(ranked[:n]) > sum(ranked)), None)


def _releases(plain: PlainHealth, measured: Measured, now: datetime) -> Iterator[Compared]:
    found = measured.release()
    ours = tuple(found[name] for name in ("release", "days_since_release", "commits_since_release"))
    branch = measured.branches()["default_branch"]
    listed = plain.lines("for-each-ref", f"--no-merged={branch}", "refs/pull/*/head")
    unmerged = measured.pull_requests()["unmerged_pull_requests"]
    yield "unmerged pull requests", unmerged or 0, len(listed)
    yield "release", ours if ours[0] else None, plain.release(int(now.timestamp()))


def _conflicts(plain: PlainHealth, measured: Measured, now: datetime) -> Iterator[Compared]:
    """Compare the files that conflict, and the branches that would."""
    counts = plain.conflicting_files()
    for one in measured.conflicting(Window(now)):
        yield f"conflicts of {one['path']}", one["conflicts"], counts.pop(one["path"], 0)
    told = measured.conflicting(Window(now))
    least = told[-1]["conflicts"] if len(told) >= 10 else 0
    yield "other files with more conflicts", 0, sum(n > least for n in counts.values())
    default = measured.branches()["default_branch"]
    ours = measured.would_conflict()
    if default is not None and ours is not None:
        refs = {ref.short: ref.commit for ref in measured.refs}
        wanted = plain.would_conflict(default, int(now.timestamp()) - STALE * DAY)
        yield "branches that would conflict", sorted(refs[name] for name in ours), wanted


def _stale(plain: PlainHealth, measured: Measured, now: datetime) -> int:
    default = measured.branches()["default_branch"]
    cut = int(now.timestamp()) - STALE * DAY
    form = "--format=%(committerdate:unix) %(refname) %(symref)"
    rows = [row.split() for row in plain.lines("for-each-ref", form, "refs/heads", "refs/remotes")]
    names = [
        row[1].split("/", 2 if "/heads/" in row[1] else 3)[-1] for row in rows if len(row) == 2
    ]
    old = [int(row[0]) < cut for row in rows if len(row) == 2]
    return sum(is_old for name, is_old in zip(names, old, strict=True) if name != default)


def _files(plain: PlainHealth, measured: Measured, now: datetime) -> Iterator[Compared]:
    """Compare the files that never had another name; `git log` has no word for the others."""
    how = "-M100%" if measured.about()["partial"] else "-M"
    renames = plain.lines(
        "log", "--no-merges", how, "-l1000", "--diff-filter=R", "--format=",
        "--name-status",
    )  # fmt: skip
    moved = {name for row in renames if row[0] == "R" for name in row.split("\t")[1:]}
    touched = measured.touched(Window(now))
    for one in touched["hotspots"]:
        if one["path"] not in moved:
            words = ("log", "--full-history", "--no-merges", "--format=%H", "--", one["path"])
            yield f"hotspot {one['path']}", one["changes"], len(plain.lines(*words))
    pairs = [pair for pair in touched["coupled"] if not moved & set(pair["paths"])]
    together = plain.together(sorted({path for pair in pairs for path in pair["paths"]}), how)
    for pair in pairs:
        yield f"coupled {pair['paths']}", pair["together"], together[tuple(sorted(pair["paths"]))]


def main(words: list[str]) -> int:
    """Compare all; exit with 1 when anything differs."""
    now = datetime.now(UTC)
    quick = "--quick" in words
    folders = [word for word in words if word != "--quick"]
    figures = different = commits = merges = 0
    for folder in folders:
        for name, ours, theirs in compare(folder, now, quick=quick):
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
