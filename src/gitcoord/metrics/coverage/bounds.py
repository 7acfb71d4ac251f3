"""What can be checked of a measured file in any language: its lines end, and so do its branches.

For Python `statements` proves more. Here a report is only caught where it tells of what cannot be
in the file, so its time has to speak for the commit as well.
"""

from __future__ import annotations

from gitcoord.metrics.coverage.counts import Counts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def is_proven(path: str) -> bool:
    """Whether the lines of a file can be proven to be statements: those of Python can."""
    return path.endswith(".py")


def impossible(content: bytes, lines: Iterable[int], counts: Counts | None) -> str | None:
    """Return what a report says of a file that cannot be, None where all of it can."""
    last = content.count(b"\n") + (not content.endswith(b"\n") and bool(content))
    highest = max(lines, default=0)
    if highest > last:
        return f"line {highest} was measured, and it has {last}"
    if counts and counts.branches > max(len(content), 1):
        return f"{counts.branches} branches were measured in {len(content)} bytes"
    return None


def doubt(paths: Iterable[str], *, timed: bool) -> str | None:
    """Return what has to be said where not all of a report's files can be proven."""
    held = list(paths)
    loose = [path for path in held if not is_proven(path)]
    if not loose:
        return None
    files = "its files are" if len(loose) == len(held) else f"{len(loose)} of its files are"
    time = "its time" if timed else "the time of the file"
    return f"{files} no Python, so only their length and {time} tell the commit"
