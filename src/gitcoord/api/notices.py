"""How a change of the store's files is noticed: by the kernel's notices, or by looking.

Both only tell that it is worth looking; what is right or wrong is always read from the
files. The kernel's notices come by way of `watchfiles`, an extra. Where it is missing, where
the system has no watch left to give, and where others can change the files unseen, the
files are looked at again and again, the less often the longer that takes.
"""

from __future__ import annotations

import os
import time
from importlib.util import find_spec

from gitcoord.api import sightings
from gitcoord.index import mounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from gitcoord.api.sightings import Sightings
    from gitcoord.git.repository import Repository

    class Notices(Protocol):
        """What tells of changes."""

        why: str

        def wait(self, seconds: float) -> bool:
            """Wait until something may have changed and is quiet again, at most so long."""

        def changed(self) -> set[str]:
            """Return what has changed since this was last asked, as paths of the hub."""

        def is_current(self) -> bool:
            """Whether all folders that are there are watched."""

        def close(self) -> None:
            """Let the kernel forget what was watched."""


_STEP = 40  # ms: when nothing comes for so long, whatever it was is over
_LONGEST = 1_600  # ms: a burst that does not end is told in parts
_MANY = 500
_PAUSE = 0.5
_SHARE = 30  # looking may take so small a part of one processor's time


class Kernel:
    """The kernel's notices; `why` is empty: nothing has to be explained."""

    why = ""

    def __init__(self, repo: Repository, seen: Sightings) -> None:
        from watchfiles._rust_notify import RustNotify  # an extra

        self._repo = repo
        self._folders = sightings.folders(repo)
        self._notify = RustNotify(list(self._folders), False, False, 0, False, False)
        self._sightings = seen
        self._named: set[str] | None = None  # what changed before, nobody has noticed
        self._broken = False

    def wait(self, seconds: float) -> bool:
        """Wait for notices of what matters, and until no more come."""
        if self._broken:
            time.sleep(seconds)  # until somebody begins anew
            return False
        try:
            said = self._notify.watch(_LONGEST, _STEP, max(1, int(seconds * 1000)), None)
        except RuntimeError:  # over a file name that is not UTF-8, for one
            self._broken, self._named = True, None
            return True
        if said == "signal":
            raise KeyboardInterrupt
        if not isinstance(said, set):
            self._named = None  # notices that come just when the time is up are lost
            return False
        found = {path for _, path in said if sightings.matters(self._repo, path)}
        if self._named is not None:
            self._named |= found
            if len(self._named) > _MANY:
                self._named = None  # the kernel drops notices that are too many
        return bool(found)

    def changed(self) -> set[str]:
        """Return which files look different."""
        named, self._named = self._named, set()
        return self._sightings.look(named)

    def is_current(self) -> bool:
        """Whether all folders that are there are watched."""
        return not self._broken and self._folders == sightings.folders(self._repo)

    def close(self) -> None:
        """Let the kernel forget what was watched."""
        self._notify.close()


class Looking:
    """Looks at all files; `why` says why that is necessary."""

    def __init__(self, repo: Repository, seen: Sightings, why: str) -> None:
        self.why = why
        self._notes = os.path.join(repo.git_dir, "coord", sightings.NOTES)
        self._noted = os.path.exists(self._notes)
        self._sightings = seen
        self._changed: set[str] = set()

    def wait(self, seconds: float) -> bool:
        """Look until something changes, and until nothing changes any more."""
        end = time.monotonic() + seconds
        while True:
            begin, work = time.monotonic(), time.thread_time()
            if self._look():
                while self._look_again() and time.monotonic() - begin < _LONGEST / 1000:
                    pass
                return True
            pause = max(_PAUSE, _SHARE * (time.thread_time() - work))
            if begin >= end:
                return False
            time.sleep(max(0.0, min(pause, end - time.monotonic())))

    def _look_again(self) -> bool:
        time.sleep(_STEP / 1000)
        return self._look()

    def _look(self) -> bool:
        changed, noted = self._sightings.look(), os.path.exists(self._notes)
        self._changed |= changed
        differs, self._noted = noted != self._noted, noted
        return bool(changed) or differs

    def changed(self) -> set[str]:
        """Return which files looked different."""
        found, self._changed = self._changed | self._sightings.look(), set()
        return found

    def is_current(self) -> bool:
        """Whether all folders are looked at: always."""
        return True

    def close(self) -> None:
        """Do nothing: nothing is kept."""


def begin(repo: Repository, seen: Sightings, *, poll: bool = False) -> Notices:
    """Begin to notice changes, in the best way there is; `poll` says to look instead.

    `seen` is how the files looked last.
    """
    if poll:
        return Looking(repo, seen, "as asked")
    if find_spec("watchfiles") is None:
        return Looking(repo, seen, "the kernel's notices need: pip install 'gitcoord[watch]'")
    if _is_far_away(repo.root):
        return Looking(repo, seen, "a shared file system tells nothing of what others change")
    while True:
        try:
            return Kernel(repo, seen)
        except FileNotFoundError:
            continue  # a folder went at this very moment
        except (ImportError, OSError, RuntimeError) as error:
            return Looking(repo, seen, f"the system grants no watch: {error}")


def _is_far_away(root: str) -> bool:
    try:
        return mounts.is_far_away(root)
    except OSError:
        return False  # a system that does not list its mounts
