"""One call of the program: its values, its terminal, its clock."""

from __future__ import annotations

import os
import sys
import time

from gitcoord.api.workspace import Workspace, open_workspace, travel
from gitcoord.model.moments import UTC, datetime, timedelta, tzinfo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.cli.spec import Values


class Run:
    """What a command is given: values of its options, the hub, and where to print."""

    __slots__ = ("_journal", "_workspace", "json", "name", "values")

    def __init__(self, name: str, values: Values) -> None:
        self.name = name
        self.values = values
        self.json: bool = values["json"]
        self._workspace: Workspace | None = None
        self._journal: Workspace | None = None

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    @property
    def workspace(self) -> Workspace:
        """The hub, opened on first use."""
        if self._workspace is None:
            self._workspace = open_workspace(self.folder, now(), watch=may_watch())
        return self._workspace

    @property
    def journal(self) -> Workspace:
        """The hub for what lies on its journal, opened on first use; it may be a bare repository."""
        if self._journal is None:
            from gitcoord.api.journal import open_journal  # most commands ask for records

            self._journal = open_journal(self.folder, now())
        return self._journal

    @property
    def folder(self) -> str:
        """The folder in which to look for the hub."""
        return self.values["hub"] or os.environ.get("COORD_HUB") or os.getcwd()

    def close(self) -> None:
        """Close what was opened."""
        for one in (self._workspace, self._journal):
            if one is not None:
                one.close()

    def travel(self) -> None:
        """Let the hub answer as of `--at`, if it was given."""
        if self.values["at"] is not None:
            travel(self.workspace, self.values["at"])

    def out(self, text: str) -> None:
        """Print data."""
        sys.stdout.write(text + "\n")

    def note(self, text: str) -> None:
        """Tell the person something that is not data."""
        sys.stderr.write(f"coord: {text}\n")

    def ask(self, question: str) -> bool:
        """Ask a yes-or-no question on the terminal; no terminal means no."""
        if not sys.stdin.isatty():
            return False
        sys.stderr.write(f"{question} [y/N] ")
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() in ("y", "yes")


class Local(tzinfo):
    """The user's time zone, as the C library knows it: right on both sides of a clock change.

    `astimezone()` gives the offset of this very moment, and `zoneinfo` would have to be
    told the zone's name and costs as much as a query.
    """

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """Return how far local time is ahead of UTC."""
        return timedelta(seconds=self._found(moment).tm_gmtoff)

    def dst(self, moment: datetime | None) -> timedelta:
        """Return how far the clock is put forward."""
        return timedelta(hours=1 if self._found(moment).tm_isdst > 0 else 0)

    def tzname(self, moment: datetime | None) -> str:
        """Return the zone's name."""
        return self._found(moment).tm_zone

    def fromutc(self, moment: datetime) -> datetime:
        """Return a UTC time (carrying this zone) as local time."""
        seconds = (moment.replace(tzinfo=UTC) - _EPOCH).total_seconds()
        return moment + timedelta(seconds=time.localtime(int(seconds)).tm_gmtoff)

    @staticmethod
    def _found(moment: datetime | None) -> time.struct_time:
        if moment is None:
            return time.localtime()
        parts = (*moment.replace(tzinfo=None).timetuple()[:8], -1)
        try:
            return time.localtime(time.mktime(parts))
        except (OverflowError, ValueError):
            return time.localtime()


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """Return the time in the user's zone."""
    return datetime.now(Local())


def may_watch() -> bool:
    """Whether a watcher may be started: not on a build machine, not when told so."""
    return not os.environ.get("CI") and os.environ.get("COORD_WATCH", "") not in (
        "0",
        "false",
        "no",
    )
