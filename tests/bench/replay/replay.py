"""One merge replayed: its records written as our files, merged, and judged one by one."""

from __future__ import annotations

import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.replay.in_git import in_git
from tests.bench.replay.judge import judge
from tests.bench.replay.oracle import Expected, are_two, both_whole, expected, same

from gitcoord.codec.emit import dump
from gitcoord.codec.read import Malformed, parse
from gitcoord.store import combining, versions
from gitcoord.store.layout import header
from gitcoord.store.renumbering import Trees

if TYPE_CHECKING:
    from tests.bench.replay.meetings import Meeting
    from tests.bench.replay.tracker import Data, Tracker


BOTH = "records changed on both sides"


class Report:
    """What was counted, and the mistakes in words."""

    def __init__(self, *, lines: bool = True, in_git: int = 0) -> None:
        self.lines = lines
        self.in_git = in_git
        self.counts: Counter[str] = Counter()
        self.examples: list[str] = []

    def count(self, name: str, number: int = 1) -> None:
        self.counts[name] += number


def path_of(tracker: Tracker, id: str) -> str:
    return f"coord/{tracker.kind.folder}/{id}.yaml"


def written(tracker: Tracker, data: Data) -> bytes:
    """Return a record as our file."""
    head = header(tracker.kind.name)
    return dump(data, tracker.kind.fields, header=head).encode("utf-8", "surrogatepass")


def replay(meeting: Meeting, report: Report) -> None:
    """Merge all records of a meeting with our own function, and judge what comes out."""
    tracker = meeting.tracker
    sides: list[dict[str, bytes]] = [{}, {}, {}]
    for id, three in meeting.records.items():
        for side, data in zip(sides, three, strict=True):
            if data is not None:
                side[path_of(tracker, id)] = written(tracker, data)
    combined = combining.combine(Trees(*[versions.tree(side) for side in sides]))
    conflicts = {conflict.sides.path for conflict in combined.conflicts}
    report.count("merges in which both sides changed the store")
    judged = report.counts[BOTH]
    for id in meeting.records:
        path = path_of(tracker, id)
        _record(report, meeting, id, combined.files.get(path), path in conflicts)
    if report.counts[BOTH] > judged:
        report.count("merges in which both sides changed one record")
        if report.in_git and int(meeting.name[:8], 16) % report.in_git == 0:
            for what, wrong in in_git(sides):
                report.count(f"in a real hub: {what}")
                if wrong:
                    mistake(report, f"{what} makes something else", f"{meeting.name} {wrong}")


def _record(
    report: Report, meeting: Meeting, id: str, result: bytes | None, conflict: bool
) -> None:
    base, ours, theirs = meeting.records[id]
    where = f"{meeting.name} {id}"
    if ours is None or theirs is None:
        _gone(report, where, base, ours or theirs, result, conflict)
    elif same(base, theirs) or same(base, ours) or same(ours, theirs):
        alike = not same(base, theirs) and not same(base, ours)
        report.count(f"records {'both changed to the same' if alike else 'one side changed'}")
        if result is None or not same(parse(result), theirs if same(base, ours) else ours):
            mistake(report, "one side's record is not what came out", where)
    else:
        _both(report, where, meeting, (base, ours, theirs), result or b"")
        if report.lines and base is not None:
            _lines(report, meeting.tracker, (base, ours, theirs))


def mistake(report: Report, what: str, where: str) -> None:
    report.count(f"MISTAKE {what}")
    report.examples.append(f"{where}: {what}")


def _gone(
    report: Report,
    where: str,
    base: Data | None,
    left: Data | None,
    result: bytes | None,
    conflict: bool,
) -> None:
    """One side has no such record: it is new, or it was deleted."""
    if base is not None and left is not None and not same(base, left):
        report.count("records deleted on one side, changed on the other")
        if not conflict or result is None or not same(parse(result), left):
            mistake(report, "a record that was deleted and changed is no conflict", where)
    elif (result is None) != (base is not None or left is None):
        mistake(report, "a deleted record is back, or a new one is gone", where)


def _both(
    report: Report,
    where: str,
    meeting: Meeting,
    three: tuple[Data | None, Data, Data],
    result: bytes,
) -> None:
    if are_two(*three, meeting.tracker.kind.title):
        report.count("two records under one id")
        wanted = both_whole(*three[1:])
    else:
        wanted = expected(*three)
        report.count("records created on both sides" if three[0] is None else BOTH)
        report.count("records with a true conflict", bool(wanted.conflicts))
        report.count("fields in true conflict", len(wanted.conflicts))
        report.count("texts of several lines that both changed", len(wanted.texts))
        report.count("lists that both changed", len(wanted.lists))
    faults, notes = judge(result, wanted)
    report.counts += notes
    for what in {fault.what for fault in faults}:
        report.count(f"MISTAKE {what}")
    report.examples += [f"{where}: {fault}" for fault in faults]


def _lines(report: Report, tracker: Tracker, three: tuple[Data, Data, Data]) -> None:
    """Count what git makes of the same files by lines alone; `updated` would always conflict."""
    plain = [
        written(tracker, {key: value for key, value in data.items() if key != "updated"})
        for data in three
    ]
    wanted = expected(*[{k: v for k, v in data.items() if k != "updated"} for data in three])
    with tempfile.TemporaryDirectory(prefix="coord-bench-") as folder:
        for name, raw in zip(("base", "ours", "theirs"), plain, strict=True):
            Path(folder, name).write_bytes(raw)
        done = subprocess.run(
            ["git", "merge-file", "-p", "ours", "base", "theirs"],
            cwd=folder, capture_output=True, check=False,
        )  # fmt: skip
    clean = done.returncode == 0
    if wanted.conflicts:
        report.count(f"lines alone: true conflict, {'NO marker' if clean else 'markers'}")
    elif clean:
        right = _reads(done.stdout, wanted)
        report.count(f"lines alone: no conflict, merged {'right' if right else 'WRONG'}")
    else:
        report.count("lines alone: no conflict, yet markers")


def _reads(raw: bytes, wanted: Expected) -> bool:
    try:
        return same(parse(raw), wanted.ours)
    except Malformed:
        return False
