"""Test results: passed, failed, errors and skipped of the latest run that left a report.

No test is run. A report that is older than the code it lies beside is stale, says so, and
leaves the score.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any, NamedTuple

from gitcoord.metrics.quality import flaky, junit, reports
from gitcoord.metrics.quality.measure import (
    KEPT,
    By,
    Measure,
    UnmeasuredError,
    digest,
    shown,
    taken,
)
from gitcoord.store import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gitcoord.metrics.quality.junit import Report
    from gitcoord.metrics.quality.place import Place
    from gitcoord.metrics.quality.reports import File

_HINT = "pytest --junitxml=junit.xml"
_CODE = (".py", ".pyi", ".toml", ".cfg", ".ini", ".js", ".ts", ".tsx", ".jsx", ".go", ".rs", ".java",
         ".kt", ".c", ".h", ".cc", ".cpp", ".rb")  # fmt: skip


class Found(NamedTuple):
    """The measure, and the memory of outcomes with this run in it."""

    measure: Measure
    memory: dict[str, Any]


def collect(place: Place, patterns: Sequence[str], memory: Mapping[str, Any]) -> Found:
    """Return the latest run's results and what is flaky by all reports seen so far."""
    found = reports.find(place.folder, patterns)
    if not found:
        raise UnmeasuredError("there is no test report (JUnit XML)", _HINT)
    read, broken = _read(place, found)
    if not read:
        path, why = broken[0]
        raise UnmeasuredError(f"{shown(path)} is no test report: {why}", _HINT)
    state = digest(
        place.commit, [(one, place.files.get(one)) for one in place.changed if one.endswith(_CODE)]
    )
    newest = next(file for file in found if file in read)
    latest = [file for file in reports.run_of(found) if file in read] or [newest]
    doubts = {file: _stale(place, file, report) for file, report in read.items()}
    kept: Mapping[str, Any] = memory
    for file in reversed(list(read)):  # the oldest first
        kept = flaky.remember(kept, digest(file, read[file].counts), None if doubts[file] else state,
                              read[file].tests)  # fmt: skip
    lost = [path for path, _ in broken if any(path == one.path for one in reports.run_of(found))]
    doubt = f"{shown(lost[0])} cannot be read" if lost else doubts[latest[0]]
    return Found(
        _measure([(one, read[one]) for one in latest], flaky.find(kept), doubt, not lost),
        dict(kept),
    )


def _read(place: Place, found: Sequence[File]) -> tuple[dict[File, Report], list[tuple[str, str]]]:
    read, broken = {}, []
    for file in found:
        try:
            read[file] = junit.read(_content(place, file))  # fmt: skip
        except junit.NoReportError as fault:
            broken.append((file.path, str(fault)))
    return read, broken


def _content(place: Place, file: File) -> bytes:
    return files.read(os.path.join(place.folder, file.path), reports.MOST_BYTES) or b""


def _measure(
    run: Sequence[tuple[File, Report]], unsteady: Sequence[str], doubt: str | None, whole: bool
) -> Measure:
    counts = {name: sum([report.counts[name] for _, report in run])
              for name in (junit.PASSED, junit.FAILED, junit.ERROR, junit.SKIPPED)}  # fmt: skip
    failing = sorted([name for _, report in run for name, outcomes in report.tests.items()
                      if {junit.FAILED, junit.ERROR} & set(outcomes)])  # fmt: skip
    when = max([_written(file, report) for file, report in run])
    figures = {
        "passed": counts[junit.PASSED],
        "failed": counts[junit.FAILED],
        "errors": counts[junit.ERROR],
        "skipped": counts[junit.SKIPPED],
        "tests": sum(counts.values()),
        "seconds": round(sum([report.seconds for _, report in run]), 3),
        "run_at": when.isoformat(timespec="seconds"),
        "flaky": len(unsteady),
        "flaky_tests": [shown(one) for one in unsteady[:KEPT]],
        "first": [shown(one) for one in failing[:KEPT]],
    }
    first = run[0][0].path
    by = By("junit", "1", shown(first if len(run) == 1 else os.path.dirname(first)))
    return taken(by, len(run), figures, doubt=doubt, stale=doubt is not None and whole,
                 hint=_HINT if doubt else None)  # fmt: skip


def _written(file: File, report: Report) -> datetime:
    return report.written or datetime.fromtimestamp(file.written / 1e9, UTC)


def _stale(place: Place, file: File, report: Report) -> str | None:
    """Return why a report does not speak of the code that lies there.

    It does if nothing changed since it was written, or if the commit is older than it and
    nothing is changed in the work tree: then only a checkout touched the files.
    """
    when = _written(file, report)
    newest = max([(seen[1], path) for path, seen in place.files.items() if path.endswith(_CODE)],
                 default=(0, ""))  # fmt: skip
    # A report says when the run began; what changed during the run is not in it.
    if newest[0] <= max(when.timestamp() * 1e9, 0):
        return None
    clean = not any(path.endswith(_CODE) for path in place.changed)
    if clean and place.committed is not None and place.committed <= when.timestamp():
        return None
    told = when.isoformat(timespec="minutes")
    return f"the report is of {told}, and {shown(newest[1], 80)} changed later"
