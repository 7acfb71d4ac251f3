"""A driver at work: started, stopped from elsewhere, waited for.

It runs as commands of records do, below a keeper that ends with it all that it has started,
but it may take long and print much, what it prints is kept in a file, and it is asked to end before it is killed.
The keeper shares the lease of the todo, so that nobody begins it again while a driver may be at work.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile

from gitcoord.running import command, surroundings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gitcoord.running.command import Ended

KEPT = 256 << 10
GRACE = 5.0
_MOST = 1 << 60  # however much it prints, only the beginning and the end are kept


class Driver:
    """One driver; `wait` returns how it ended, and `stop` has it end."""

    __slots__ = ("_home", "_kept", "stopped")

    def __init__(
        self, argv: Sequence[str], folder: str, *, timeout: float, log: str, avoid: str,
        more: Mapping[str, str], shared: int, grace: float = GRACE,
    ) -> None:  # fmt: skip
        self.stopped = False
        self._home = tempfile.TemporaryDirectory(prefix="coord-", ignore_cleanup_errors=True)
        home = self._home.name
        os.mkdir(os.path.join(home, "tmp"))
        here = surroundings.environment(surroundings.here(), home, avoid=avoid)
        self._kept = subprocess.Popen(
            [sys.executable, "-I", "-S", command.KEEPER, "--log", log, str(grace),
             str(timeout), str(KEPT), str(_MOST), home, folder, *argv],
            env={**here, **more}, cwd="/", start_new_session=True, pass_fds=(shared,),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def wait(self) -> Ended:
        """Wait for its end."""
        with self._kept, self._home:
            said = self._kept.stdout.read() if self._kept.stdout else b""
        return command.read(said, KEPT)

    def stop(self) -> None:
        """Have it end, soon; whoever waits sees it."""
        self.stopped = True
        if self._kept.stdin is not None:
            with contextlib.suppress(OSError):
                self._kept.stdin.close()
