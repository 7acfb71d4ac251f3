"""Make a transaction happen that nobody waits for, without coming between a command of git's.

All that takes time, the commit and the index with its paths, is made ready first, beside the
real ones. Then, in a standstill of git, the files, the index and HEAD follow in a few
milliseconds; or nothing does, where git is at work or something has changed meanwhile.
"""

from __future__ import annotations

import os
import shutil

from gitcoord.errors import ConflictError
from gitcoord.git import commit as git_commit
from gitcoord.git import headfiles, process, refs
from gitcoord.git.standstill import Standstill
from gitcoord.store import committing, files, intent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.git.identity import Identity
    from gitcoord.git.repository import Repository
    from gitcoord.store.committing import Versions
    from gitcoord.store.intent import Intent


class Ready:
    """A commit on top of HEAD and the index that goes with it, not in force yet."""

    __slots__ = ("_index", "_made", "_move", "_repo", "_stamp")

    def __init__(
        self, repo: Repository, plan: Intent, edits: dict[str, list[Any]], who: Identity
    ) -> None:
        special = committing.versions(repo, plan.writes, edits)
        if special.found:
            _commit_found(repo, special, who)
        self._repo = repo
        self._stamp = _stamp(repo)
        parent = refs.head(repo)
        self._move = headfiles.Move(repo, plan.message, parent, who)
        try:
            contents = _contents(repo, plan, special, who)
            self._made = git_commit.make(repo, contents, plan.message, who, parent)
            self._index = _index(repo, self._made.commit, plan, special)
        except BaseException:
            self._move.end()
            raise

    def put_in_force(self, still: Standstill) -> str:
        """Let index and HEAD follow, files already have; return the commit."""
        still.install(self._index)
        return self._move.to(self._made)

    def stands(self) -> bool:
        """Whether HEAD and the index are still those that this was made for."""
        return _stamp(self._repo) == self._stamp

    def end(self) -> None:
        """Let git go, whether or not this came into force."""
        self._move.end()
        files.remove(self._index)


def carry_out(
    repo: Repository, plan: Intent, edits: dict[str, list[Any]], who: Identity | None
) -> str | None:
    """Make an intent happen and return the commit, None for one that is not to be committed.

    Raises `ConflictError` where git is at work in the hub, or was meanwhile.
    """
    ready = Ready(repo, plan, edits, who) if who is not None else None
    try:
        intent.save(repo.git_dir, plan)
        try:
            return _in_a_standstill(repo, plan, ready)
        finally:
            intent.drop(repo.git_dir)
    finally:
        if ready is not None:
            ready.end()


def _in_a_standstill(repo: Repository, plan: Intent, ready: Ready | None) -> str | None:
    still = Standstill(repo)
    try:
        if ready is not None and not ready.stands():
            raise _changed("The branch or what is staged")
        foreign = intent.carry_out(repo.root, plan)
        if foreign:
            raise _changed(foreign[0])
        still.insist()
        return ready.put_in_force(still) if ready is not None else None
    except BaseException:
        committing.take_back_files(repo, plan)
        raise
    finally:
        still.end()


def _changed(what: str) -> ConflictError:
    return ConflictError(
        f"{what} changed while coord was working on it.",
        hint="Nothing was written. Run the command again.",
    )


def _commit_found(repo: Repository, special: Versions, who: Identity) -> None:
    still = Standstill(repo)
    try:
        committing.commit_found(repo, special, who)
    finally:
        still.end()


def _stamp(repo: Repository) -> tuple[str | None, int, int]:
    """Return what changes when HEAD or the index does."""
    try:
        index = os.stat(os.path.join(repo.git_dir, "index"))
    except FileNotFoundError:
        return refs.head(repo), 0, 0
    return refs.head(repo), index.st_mtime_ns, index.st_ino


def _contents(
    repo: Repository, plan: Intent, special: Versions, who: Identity
) -> dict[str, bytes | str | None]:
    contents: dict[str, bytes | str | None] = {write.path: write.new for write in plan.writes}
    contents.update(special.committed)
    if git_commit.filters(repo, who):
        for path, content in contents.items():
            if isinstance(content, bytes):
                contents[path] = git_commit.store_blob(repo, content, path)
    return contents


def _index(repo: Repository, commit: str, plan: Intent, special: Versions) -> str:
    """Write the index as it will be into a file beside the real one; return its path."""
    path = os.path.join(repo.git_dir, "coord", "index.next")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    files.remove(path)
    staged = os.path.join(repo.git_dir, "index")
    if os.path.exists(staged):
        shutil.copyfile(staged, path)
    paths = [write.path for write in plan.writes if write.path not in special.staged]
    entries = dict.fromkeys(paths, f"0 {'0' * len(commit)}")
    out = process.call(repo.root, "ls-tree", "-r", "-z", commit, "--", *paths) if paths else b""
    for line in out.split(b"\0"):
        head, _, name = line.decode("utf-8", "surrogateescape").partition("\t")
        if name:
            mode, _, blob = head.split(" ")
            entries[name] = f"{mode} {blob}"
    for name, text in special.staged.items():
        entries[name] = f"100644 {git_commit.store_blob(repo, text, name)}"
    fed = "".join(f"{entry}\t{name}\0" for name, entry in entries.items())
    process.call(
        repo.root, "update-index", "-z", "--index-info",
        stdin=fed.encode("utf-8", "surrogateescape"), env={"GIT_INDEX_FILE": path},
    )  # fmt: skip
    return path
