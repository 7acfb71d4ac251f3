"""Check the records again whenever their files change, and tell what that made better or worse.

Each answer is what a check says at that moment: the index takes in what changed, and
the rest is known. What git or an editor does in one go is one burst, told at its end.
"""

from __future__ import annotations

import os
import sqlite3

from gitcoord.api import checking, notices, settling
from gitcoord.api.sightings import Sightings
from gitcoord.api.workspace import is_hub
from gitcoord.errors import CoordError, NoHubError, SystemRefusedError
from gitcoord.model import news
from gitcoord.model.findings import ERROR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.model.findings import Finding
    from gitcoord.model.moments import datetime

_HEARTBEAT = 60.0
"""So often all is looked at even without a notice: one that gets lost is made good."""
_AGAIN = 2.0


class Burst:
    """What a burst of changes led to.

    `found` are all findings; None says that the store cannot be checked just now, and
    `error` why.
    """

    __slots__ = ("changed", "error", "found", "news", "time")

    def __init__(
        self,
        time: datetime,
        changed: list[str],
        found: list[Finding] | None,
        difference: news.News,
        error: CoordError | None = None,
    ) -> None:
        self.time = time
        self.changed = changed
        self.found = found
        self.news = difference
        self.error = error

    def as_dict(self) -> dict[str, Any]:
        """Return the burst in its documented JSON shape."""
        found, error = self.found, self.error
        errors = None if found is None else sum(one.severity == ERROR for one in found)
        return {
            "time": self.time.isoformat(timespec="seconds"),
            "changed": self.changed,
            "findings": [one.as_dict() for one in self.news.new],
            "mended": [one.as_dict() for one in self.news.mended],
            "moved": [
                one.as_dict() | {"was": {"line": line, "column": column}}
                for one, (line, column) in self.news.moved
            ],
            "errors": errors,
            "warnings": None if found is None or errors is None else len(found) - errors,
            "error": error and {"code": error.code, "message": error.message, "hint": error.hint},
        }


class Watch:
    """A store that is watched."""

    def __init__(
        self,
        workspace: Workspace,
        now: Callable[[], datetime],
        paths: list[str] | None = None,
        *,
        poll: bool = False,
    ) -> None:
        self._workspace = workspace
        self._repo = workspace.repo
        self._now = now
        self._poll = poll
        self._wanted = checking.places(workspace, paths) if paths else None
        self._sightings = Sightings(self._repo)
        self._notices = notices.begin(self._repo, self._sightings, poll=poll)
        self._known: list[Finding] = []
        self._trouble = ""
        self._first = True

    @property
    def why(self) -> str:
        """Why all files are looked at again and again; "" where the kernel tells."""
        return self._notices.why

    def bursts(self) -> Iterator[Burst]:
        """Tell what is wrong now, and then what each change makes of it, for ever.

        Raises `NoHubError` when the hub's work tree goes.
        """
        changed: set[str] = set()
        while True:
            settled = settling.settle(self._repo, self._notices)
            self._follow()
            changed |= self._notices.changed()
            moment = self._now()
            found, error = self._checked(moment)
            if settled and settling.is_half_way(self._repo):
                continue  # git began meanwhile, and this may be one half of what it writes
            if not self._notices.is_current():
                continue  # a folder came, and what is in it may have changed unseen
            burst = self._burst(moment, changed, found, error)
            if burst is not None:
                yield burst
            changed = self._sleep()

    def close(self) -> None:
        """End watching."""
        self._notices.close()
        self._workspace.changed()

    def _sleep(self) -> set[str]:
        """Wait until it is worth checking again; return what changed as far as that is known."""
        while True:
            if self._notices.wait(_AGAIN if self._trouble else _HEARTBEAT) or self._trouble:
                return set()
            changed = self._notices.changed()
            if changed or not self._notices.is_current():
                return changed

    def _follow(self) -> None:
        """Watch the folders that are there now, if they are others than before."""
        while not self._notices.is_current():
            if self._is_gone():
                break
            self._notices.close()
            self._notices = notices.begin(self._repo, self._sightings, poll=self._poll)
        if self._is_gone():
            raise NoHubError(
                f"The hub {self._repo.root} is gone.", hint="There is nothing left to watch."
            )

    def _is_gone(self) -> bool:
        # Some program may make a folder in a git directory just after it was deleted.
        head = os.path.join(self._repo.git_dir, "HEAD")
        return not (os.path.isdir(self._repo.root) and os.path.lexists(head))

    def _checked(self, moment: datetime) -> tuple[list[Finding] | None, CoordError | None]:
        """Return all findings, or why there can be none."""
        self._workspace.changed()
        self._workspace.now = moment
        try:
            if not is_hub(self._repo.root):
                raise NoHubError(
                    "There are no records here now.",
                    hint="Watching goes on: a checkout may bring them.",
                )
            found = checking.check(self._workspace)
            return found if self._wanted is None else checking.within(found, self._wanted), None
        except (CoordError, OSError, sqlite3.Error) as error:
            if self._first:
                raise
            if isinstance(error, CoordError):
                return None, error
            return None, SystemRefusedError(f"{error}.", hint="Watching goes on.")

    def _burst(
        self,
        moment: datetime,
        changed: set[str],
        found: list[Finding] | None,
        error: CoordError | None,
    ) -> Burst | None:
        """Return what there is to tell; None for nothing."""
        difference = news.between(self._known, self._known if found is None else found)
        trouble = error.message if error is not None else ""
        shown = {path for path in changed if self._is_wanted(path)}
        if difference or difference.moved:
            shown = changed  # what broke here may have been changed elsewhere
        if not (self._first or shown or difference or difference.moved or trouble != self._trouble):
            return None
        if self._first:
            shown = set()
        self._first, self._trouble = False, trouble
        self._known = self._known if found is None else found
        return Burst(moment, sorted(map(_readable, shown)), found, difference, error)

    def _is_wanted(self, path: str) -> bool:
        return self._wanted is None or checking.is_within(path, self._wanted)


def _readable(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")
