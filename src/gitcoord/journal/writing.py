"""Append to the journal: a commit made with plumbing, next to whatever the user is doing.

Neither a work tree nor an index is touched and no hook runs. Writers queue at a lock that
the kernel releases when its holder dies; the branch then moves by compare-and-swap, for
git may move it at the same time. A kill at any moment leaves the old branch or the new one.
"""

from __future__ import annotations

import os
import time

from gitcoord.errors import ConflictError, InvalidError, SystemRefusedError
from gitcoord.git import branch, identity, process, refs
from gitcoord.git.build import Builder
from gitcoord.journal.paths import LOCK, REF, is_sound
from gitcoord.store.lock import Lock
from gitcoord.store.message import inert

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gitcoord.git.repository import Repository

NOBODY = "coord <coord@localhost>"
"""Who writes where git does not know the user, as on a build machine."""

_PATIENCE = 20.0
_TIDY = 1024
_WRITERS: dict[tuple[str, str], Writer] = {}


class Writer:
    """Writes to one repository's journal; between two appends it keeps the trees it wrote."""

    __slots__ = ("_repo", "build")

    def __init__(self, repo: Repository) -> None:
        self._repo = repo
        self.build = Builder(repo, identity.read_or(identity.start(repo), NOBODY))

    def append(self, files: Mapping[str, bytes], message: str) -> str:
        """Add or replace files in one commit; return it, or the tip when nothing changes."""
        check(files)

        def make(tip: str | None) -> str | None:
            base = self.build.tree_of(tip) if tip else None
            tree = self.build.tree(base, files)
            if tip and tree == base:
                return tip
            return self.build.commit(tree, [tip] if tip else [], inert(message))

        made = self.advance(make, message)
        if int.from_bytes(os.urandom(2), "big") % _TIDY == 0:
            # Plumbing never tidies up. A hook's process appends once, so chance has to count.
            process.run(self._repo.root, "gc", "--auto", "--quiet")
        if made is None:
            raise InvalidError("Nothing was given to append.", hint="Name at least one file.")
        return made

    def advance(self, make: Callable[[str | None], str | None], message: str) -> str | None:
        """Move the branch from its tip to what `make` makes of it, as often as it takes."""
        try:
            with Lock(self._repo.common_dir, LOCK):
                return self._advance(make, message)
        except OSError as error:
            raise _refused(error) from None

    def _advance(self, make: Callable[[str | None], str | None], message: str) -> str | None:
        self._stay_away()
        give_up = time.monotonic() + _PATIENCE
        while True:
            tip = branch.tip(self._repo, REF)
            made = make(tip or begin(self._repo))
            if made is None or made == tip:
                return tip
            told = (self.build.people()[1], f"coord: {message.partition(chr(10))[0]}")
            if branch.move(self._repo, REF, made, tip, told, plain=self.build.plain):
                return made
            if time.monotonic() > give_up:
                raise ConflictError(
                    f"Something keeps {REF} locked or moves it all the time.",
                    hint="Is a git at work on it? If none is, a killed one has left "
                    f"{REF}.lock in the git directory: remove it.",
                )
            time.sleep(0.001 + os.urandom(1)[0] / 10_000)

    def _stay_away(self) -> None:
        """Refuse to move a branch under somebody's feet: their next commit would undo it."""
        where = branch.stands_on(self._repo, REF)
        if where is not None:
            raise ConflictError(
                f"The journal's branch is checked out in the work tree of {where}.",
                hint="Nothing was written. Switch that work tree to another branch: `git switch -`.",
            )


def append(repo: Repository, files: Mapping[str, bytes], message: str) -> str:
    """Add or replace files on the journal in one commit, and return the commit."""
    return writer(repo).append(files, message)


def writer(repo: Repository) -> Writer:
    """Return this process's writer to a repository's journal."""
    key = (repo.common_dir, repo.root)
    found = _WRITERS.get(key)
    if found is None:
        found = _WRITERS[key] = Writer(repo)
    return found


def begin(repo: Repository) -> str | None:
    """Return what a clone's own journal begins with: that of the only remote known to have one."""
    out = process.call(
        repo.root, "for-each-ref", "--format=%(objectname)", f"refs/remotes/*/{refs.JOURNAL}"
    )
    found = set(out.decode().split())
    return found.pop() if len(found) == 1 else None


def tip(repo: Repository) -> str | None:
    """Return the commit that the journal stands on, or None where nothing was written yet."""
    return branch.tip(repo, REF) or begin(repo)


def check(files: Mapping[str, bytes]) -> None:
    """Raise `InvalidError` for a path that cannot be one."""
    for path in files:
        if not is_sound(path):
            raise InvalidError(
                f"{path!r} cannot be a path of the journal.",
                hint="Paths are relative, with slashes, without `.`, `..` and `.git`.",
            )
    for path in files:
        above = path.rpartition("/")[0]
        while above:
            if above in files:
                raise InvalidError(
                    f"{above} cannot be a file and a folder.", hint="Rename one of them."
                )
            above = above.rpartition("/")[0]


def _refused(error: OSError) -> SystemRefusedError:
    return SystemRefusedError(
        f"The journal cannot be written: {error.filename or 'git'}: {error.strerror}.",
        hint="Nothing was changed. Is the disk read-only or full, or the folder another user's?",
    )
