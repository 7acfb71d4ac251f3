"""Let HEAD stand on another commit, by our own hand in git's own protocol, or by git.

Either fails when somebody was quicker. By hand as `git update-ref` does it: lock HEAD and the
branch, look whether both still are what was expected, add to both reflogs, rename. Starting git
for that takes longer than all of it. What is unusual (a first commit, a reflog that has to be
begun, a hook that wants to know of it, refs or logs kept in another way) is left to git.
"""

from __future__ import annotations

import os

from gitcoord.errors import ConflictError
from gitcoord.git import process, reffiles
from gitcoord.git.holding import hold, let_go

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.git.commit import Made
    from gitcoord.git.identity import Identity
    from gitcoord.git.repository import Repository

_BRANCH = "ref: refs/heads/"
_HOOK = "reference-transaction"


class Move:
    """HEAD about to stand on another commit, if it still stands on `parent` (None at first).

    Where git is needed for it, it is started at once and told the commit when that is made.
    """

    __slots__ = ("_git", "_parent", "_repo", "_who", "_why")

    def __init__(
        self, repo: Repository, message: str, parent: str | None, identity: Identity
    ) -> None:
        subject = message.split("\n", 1)[0]
        self._why = f"commit: {subject}" if parent else f"commit (initial): {subject}"
        self._who = identity
        self._repo = repo
        self._parent = parent
        by_hand = parent is not None and can_move(repo, identity)
        self._git = None if by_hand else self._start()

    def _start(self) -> process.Listening:
        return process.listen(self._repo.root, "update-ref", "--stdin", "-m", self._why)

    def to(self, made: Made) -> str:
        """Move; raise `ConflictError` where somebody was quicker, and then no ref has moved."""
        parent = self._parent
        if parent and self._moved(made, parent):
            return made.commit
        line = f"update HEAD {made.commit} {parent}" if parent else f"create HEAD {made.commit}"
        if made.private:
            line += f"\ndelete {made.private}"
        self._git = self._git or self._start()
        result = self._git.tell(f"{line}\n".encode())
        if result.code:
            if made.private:
                process.run(self._repo.root, "update-ref", "-d", made.private)
            raise ConflictError(
                "The branch moved while coord was committing.",
                hint="Run the command again. git said: "
                + result.err.decode("utf-8", "replace").strip(),
            )
        return made.commit

    def _moved(self, made: Made, parent: str) -> bool:
        if self._git is not None or made.private:
            return False
        return move(self._repo, made.commit, parent, self._who, self._why)

    def end(self) -> None:
        """Let git go, whether or not it was told anything."""
        if self._git is not None:
            self._git.tell(b"")


def can_move(repo: Repository, who: Identity) -> bool:
    """Whether refs are plain files that nobody wants to hear of."""
    return (
        not who.unusual
        and "core.fsync" not in who.settings
        and reffiles.used(repo)
        and not os.path.islink(os.path.join(repo.git_dir, "HEAD"))
        and not _hears(repo, who)
    )


def move(repo: Repository, new: str, old: str, who: Identity, why: str) -> bool:
    """Let HEAD stand on `new` if it stands on `old`; False where git has to do it, or to say why not.

    Nothing has moved where this is False.
    """
    head, passing, _ = _places(repo)
    said = reffiles.read(head)
    try:
        hold(passing, f"{head}.lock", new)
    except OSError:
        return False
    try:
        # While we hold its lock nobody lets HEAD stand on another branch.
        if said is None or reffiles.read(head) != said:
            return False
        if not said.startswith(_BRANCH):
            return _rename(repo, [head], said, new, old, who, why)
        return _move_branch(repo, said[5:], new, old, who, why)
    finally:
        let_go(passing, f"{head}.lock")


def forget(repo: Repository) -> None:
    """Take away the locks that a killed process of ours has left; nobody else's."""
    head, passing, passing_branch = _places(repo)
    if os.path.exists(passing_branch):
        said = reffiles.read(head) or ""
        let_go(passing_branch, os.path.join(repo.common_dir, f"{said[5:]}.lock"))
    if os.path.exists(passing):
        let_go(passing, f"{head}.lock")


def _places(repo: Repository) -> tuple[str, str, str]:
    """Return where HEAD is, and the files of which the locks of HEAD and its branch are links."""
    ours = os.path.join(repo.git_dir, "coord")
    return (
        os.path.join(repo.git_dir, "HEAD"),
        os.path.join(ours, "HEAD.moving"),
        os.path.join(ours, "branch.moving"),
    )


def _move_branch(repo: Repository, ref: str, new: str, old: str, who: Identity, why: str) -> bool:
    path = os.path.join(repo.common_dir, ref)
    head, _, passing = _places(repo)
    try:
        hold(passing, f"{path}.lock", new)
    except OSError:
        return False
    try:
        now = reffiles.read(path) or reffiles.packed(repo, ref)
        return _rename(repo, [head, path], now, new, old, who, why)
    finally:
        let_go(passing, f"{path}.lock")


def _rename(
    repo: Repository,
    logged: list[str],
    now: str | None,
    new: str,
    old: str,
    who: Identity,
    why: str,
) -> bool:
    """Add to the reflogs and put the last path's lock in its place."""
    logs = [_log(repo, path) for path in logged]
    if now != old or not all(os.path.isfile(log) for log in logs):
        return False
    line = b"%b %b %b\t%b\n" % (
        old.encode(), new.encode(), who.committer.encode("utf-8", "surrogateescape"),
        b" ".join(why.encode("utf-8", "surrogateescape").split()),
    )  # fmt: skip
    try:
        for log in logs:
            with open(log, "ab", buffering=0) as file:
                file.write(line)
        os.rename(f"{logged[-1]}.lock", logged[-1])
    except OSError:
        return False  # such as a folder in its place, which git knows to remove
    return True


def _log(repo: Repository, path: str) -> str:
    base = repo.git_dir if path == os.path.join(repo.git_dir, "HEAD") else repo.common_dir
    return os.path.join(base, "logs", os.path.relpath(path, base))


def _hears(repo: Repository, who: Identity) -> bool:
    """Whether a hook may want to hear of refs that move."""
    told = who.settings.get("core.hookspath")
    if told is None:
        folder = os.path.join(repo.common_dir, "hooks")
    elif told.startswith(("~", "%")):
        return True
    else:
        folder = os.path.join(repo.root, told)
    return os.access(os.path.join(folder, _HOOK), os.X_OK)
