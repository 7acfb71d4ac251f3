"""A driver at work: started, stopped from elsewhere, waited for.

It runs as commands of records do, below a keeper that ends with it all that it has started,
but it may take long and print much, what it prints is kept in a file, and it is asked to end before it is killed.
The keeper shares the lease of the todo, so that nobody begins it again while a driver may be at work.
"""

from __future__ import annotations

import contextlib
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

    __slots__ = ("_home", "_kept")

    def __init__(
        self, argv: Sequence[str], folder: str, *, timeout: float, log: str, avoid: str,
        more: Mapping[str, str], shared: int, grace: float = GRACE,
    ) -> None:  # fmt: skip
        self._home = tempfile.TemporaryDirectory(prefix="coord-", ignore_cleanup_errors=True)
        home = self._home.name
        here = surroundings.environment(surroundings.here(), home, avoid=avoid)
        limits = (str(timeout), str(KEPT), str(_MOST))
        words = ["--log", log, str(grace), *limits, home, folder, *argv]
        self._kept = command.keeper(words, home, {**here, **more}, shared=(shared,))

    def wait(self) -> Ended:
        """Wait for its end."""
        with self._kept, self._home:
            said = self._kept.stdout.read() if self._kept.stdout else b""
        return command.read(said, KEPT)

    def stop(self) -> None:
        """Have it end, soon; whoever waits sees it."""
        if self._kept.stdin is not None:
            with contextlib.suppress(OSError):
                self._kept.stdin.close()
