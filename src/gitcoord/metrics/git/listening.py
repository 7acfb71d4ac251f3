"""What one repository says of a window: when and on what its people worked, in which words.

Commits of programs and merges are left out.
"""

from __future__ import annotations

from gitcoord.metrics.git import counting, people, releases
from gitcoord.metrics.git.window import DAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.metrics.git.measured import Measured
    from gitcoord.metrics.git.window import Window


class Said:
    """What one repository says: its commits of a window, and what each touched."""

    __slots__ = ("commits", "days", "files", "hours", "name", "releases", "subjects", "weekdays")

    def __init__(self, name: str) -> None:
        self.name = name
        self.commits = 0
        self.days: set[int] = set()
        self.hours = [0] * 24
        self.weekdays = [0] * 7
        self.subjects: list[tuple[str, str, str | None, str | None]] = []
        self.files: dict[str, list[int]] = {}
        self.releases: list[int] = []

    def plain(self) -> tuple[Any, ...]:
        """Return all of it but the name as plain data."""
        return tuple(getattr(self, name) for name in self.__slots__ if name != "name")

    @classmethod
    def of(cls, name: str, plain: tuple[Any, ...]) -> Said:
        """Return what was made plain as it was."""
        found = cls(name)
        for key, value in zip([one for one in cls.__slots__ if one != "name"], plain, strict=True):
            setattr(found, key, value)
        return found


def listen(name: str, measured: Measured, window: Window) -> Said:
    """Return what a repository says of a window."""
    said = Said(name)
    where, values = window.condition()
    rows = measured.connection.execute(
        f"SELECT c, oid, {window.column}, made, zone, kind, scope, subject, name, mail"
        f" FROM commits JOIN person USING (who) WHERE parents < 2 AND {where}",
        values,
    ).fetchall()
    days = {}
    for c, oid, time, made, zone, kind, scope, subject, *person in rows:
        if people.is_bot((person[0], person[1])):
            continue
        said.commits += 1
        days[c] = window.day(time)
        clock = made + zone * 60
        said.hours[clock % DAY // 3600] += 1
        said.weekdays[(clock // DAY + 3) % 7] += 1  # 1970 began on a Thursday
        said.subjects.append((oid, subject, kind, scope))
    said.days = set(days.values())
    query = f"SELECT c, name FROM change JOIN path USING (p) JOIN commits USING (c) WHERE {where}"
    for c, path in measured.connection.execute(query, values):
        if c in days:
            said.files.setdefault(path, []).append(days[c])
    tags = [tag for tag in measured.tags if releases.is_release(tag.name)]
    said.releases = sorted({window.day(tag.time) for tag in tags if window.holds(tag.time)})
    return said


def days_of(measured: Measured, window: Window) -> int:
    """Return how many days a window has; from an open start, since the first commit."""
    return round(window.days(counting.first(measured.connection, window)) or 0)
