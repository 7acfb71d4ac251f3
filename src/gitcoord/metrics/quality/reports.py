"""Where a repository's test reports lie: where the hub's settings say, or where they usually do."""

from __future__ import annotations

import fnmatch
import os
import stat
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FOLDERS = ("", "reports", "report", "test-results", "test-reports", "test_results", "test_reports",
            "build/test-results", "build/reports", "target/surefire-reports",
            "target/failsafe-reports", ".reports", "artifacts")  # fmt: skip
_NAMES = ("junit*.xml", "*junit.xml", "test-results*.xml", "test-report*.xml", "test_results*.xml",
          "test_report*.xml", "pytest*.xml", "TEST-*.xml", "tests.xml", "report.xml", "results.xml")  # fmt: skip
_MOST_FILES = 2000
MOST_BYTES = 64 << 20


class File(NamedTuple):
    """A report's path below the repository, its size, and when it was written (nanoseconds)."""

    path: str
    size: int
    written: int


def find(folder: str, patterns: Sequence[str]) -> list[File]:
    """Return the reports, the newest first; `patterns` replace the usual places."""
    found = {}
    for path in _named(folder, patterns) if patterns else _usual(folder):
        try:
            seen = os.lstat(os.path.join(folder, path))
        except OSError:
            continue
        if stat.S_ISREG(seen.st_mode) and 0 < seen.st_size <= MOST_BYTES:
            found[path] = File(path, seen.st_size, seen.st_mtime_ns)
    return sorted(found.values(), key=lambda one: (-one.written, one.path))


def run_of(files: Sequence[File]) -> list[File]:
    """Return the files of the latest run: the newest, with the others of its set.

    Tools that write a file for each class name them TEST-NAME.xml, and empty the folder first.
    """
    first = files[0]
    folder, name = os.path.split(first.path)
    if not name.startswith("TEST-"):
        return [first]
    return [one for one in files if os.path.dirname(one.path) == folder
            and os.path.basename(one.path).startswith("TEST-")]  # fmt: skip


def _usual(folder: str) -> Iterator[str]:
    for below in _FOLDERS:
        yield from _matching(folder, below, _NAMES)
        if below:
            for inner in _names(os.path.join(folder, below)):
                yield from _matching(folder, f"{below}/{inner}", _NAMES)


def _named(folder: str, patterns: Sequence[str]) -> Iterator[str]:
    """Return what patterns such as `reports/*.xml` name; only the last part may hold a `*`."""
    for pattern in patterns:
        below, _, name = os.path.normpath(pattern).rpartition("/")
        if not below.startswith(("..", "/")) and name not in ("", "..", "."):
            yield from _matching(folder, below, (name,))


def _matching(folder: str, below: str, names: Sequence[str]) -> Iterator[str]:
    where = os.path.join(folder, below)
    if os.path.realpath(where) != os.path.join(os.path.realpath(folder), below).rstrip("/"):
        return  # a link leads elsewhere
    for name in _names(where):
        if any(fnmatch.fnmatchcase(name, one) for one in names):
            yield f"{below}/{name}" if below else name


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))[:_MOST_FILES]
    except OSError:
        return []
