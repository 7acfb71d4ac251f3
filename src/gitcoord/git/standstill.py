"""Keep git from starting anything while a change nobody waits for comes about.

A background writer holds git's own lock of the index while it moves HEAD, and only where no
command of the user is at work. What git starts meanwhile ends at that lock, before it has
changed anything. A command that had read the old HEAD already, in the moment between our
looking and our moving, is waited for with the lock in our hands: it must not get half way.
"""

from __future__ import annotations

import os
import time

from gitcoord.errors import ConflictError
from gitcoord.git import working

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.git.repository import Repository

_MARK = b"coord "
_PATIENCE = 3.0  # for a command that began in the wrong moment; it ends at our lock by itself


def busy(repo: Repository) -> str | None:
    """Return what git is doing in the work tree at this moment, None when it rests."""
    found = working.commands(repo)
    if found:
        return f"git {found[0].name}"
    return "git" if os.path.exists(_lock(repo)) and not _ours(repo) else None


class Standstill:
    """The index's lock in our hands, until `end`.

    Raises `ConflictError` where git is at work; nothing has been touched then.
    """

    __slots__ = ("_repo",)

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        try:
            lock = os.open(_lock(repo), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        except FileExistsError:
            raise _occupied("git") from None
        os.write(lock, _MARK + b"%d\n" % os.getpid())
        os.close(lock)
        try:
            self.insist()
        except BaseException:
            forget(repo)
            raise

    def insist(self) -> None:
        """Raise `ConflictError` where a git command of the user is at work by now."""
        found = working.commands(self._repo)
        if found:
            raise _occupied(f"git {found[0].name}")

    def install(self, index: str) -> None:
        """Make another file the index; the lock stays."""
        os.replace(index, os.path.join(self._repo.git_dir, "index"))

    def end(self) -> None:
        """Let git work again, after what had begun too early has come to its end."""
        # A `git pull` looks at HEAD again after it has fetched.
        early = [one for one in working.commands(self._repo) if one.name != "pull"]
        give_up = time.monotonic() + _PATIENCE
        while any(one.alive() for one in early) and time.monotonic() < give_up:
            time.sleep(0.01)
        forget(self._repo)


def forget(repo: Repository) -> None:
    """Take away our lock of the index, also one that a dead coord left; never git's."""
    if _ours(repo):
        os.unlink(_lock(repo))


def _lock(repo: Repository) -> str:
    return os.path.join(repo.git_dir, "index.lock")


def _ours(repo: Repository) -> bool:
    try:
        with open(_lock(repo), "rb") as file:
            return file.read(len(_MARK)) == _MARK
    except OSError:
        return False


def _occupied(what: str) -> ConflictError:
    return ConflictError(
        f"{what} is at work in the hub.", hint="Nothing was written. Run the command again later."
    )
