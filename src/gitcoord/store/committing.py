"""From written files to one commit that holds our change and nobody else's.

Where a file also carries edits that the user has not committed, our change is applied
to three versions of it: the work tree's, the staged one and HEAD's. The commit then
holds only what we changed, and the user's edits stay as uncommitted as they were.
"""

from __future__ import annotations

import os

from gitcoord.errors import ConflictError, CoordError
from gitcoord.git import commit as git_commit
from gitcoord.git import headfiles, objects, process, refs
from gitcoord.git import identity as git_identity
from gitcoord.store import files, layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gitcoord.git.commit import Packing
    from gitcoord.git.identity import Identity
    from gitcoord.git.repository import Repository
    from gitcoord.store.intent import Intent, Write

_MANY = 100
_TRIES = 3


class Versions:
    """What to commit and to stage for the paths that carry edits of the user's own."""

    __slots__ = ("committed", "found", "staged")

    def __init__(self) -> None:
        self.committed: dict[str, bytes] = {}
        self.staged: dict[str, bytes] = {}
        self.found: dict[str, bytes | str | None] = {}
        """Files written by hand that no commit has yet, as they were found."""


def identity(repo: Repository) -> Identity:
    """Return who commits; raise `GitError` before anything is written when git does not know."""
    return git_identity.read(git_identity.start(repo))


def versions(repo: Repository, writes: list[Write], edits: dict[str, list[Any]]) -> Versions:
    """Find the edited files that differ between work tree, index and HEAD, and edit each version."""
    found = Versions()
    edited = [write for write in writes if write.path in edits and write.old is not None]
    if not edited:
        return found
    where = [write.path for write in edited] if len(edited) <= _MANY else [layout.ROOT]
    staged = _staged(repo, where)
    heads = objects.at(repo, "HEAD", layout.ROOT, [write.path for write in edited])
    for write, head in zip(edited, heads, strict=True):
        ours = objects.blob_id(write.old or b"")
        in_index = staged.get(write.path)
        if head is None:
            found.found[write.path] = write.old
            continue
        if in_index is None:
            continue
        if in_index == objects.blob_id(head) and _same_text(head, write.old):
            continue
        changes = edits[write.path]
        committed = _edit(head, changes, write.path)
        if committed is None:
            continue
        found.committed[write.path] = committed
        if in_index != ours:
            (base,) = objects.blobs(repo, [in_index])
            again = _edit(base or b"", changes, write.path)
            if again is not None:
                found.staged[write.path] = again
        else:
            found.staged[write.path] = write.new or b""
    return found


def commit_found(repo: Repository, special: Versions, who: Identity) -> None:
    """Commit hand-written files as they were found, so that undoing our change keeps them."""
    if not special.found:
        return
    places = [layout.place(path) for path in special.found]
    ids = ", ".join(place.id for place in places if place is not None)
    message = f"{ids}: add as written by hand"
    parent = refs.head(repo)
    made = git_commit.make(repo, special.found, message, who, parent)
    headfiles.Move(repo, message, parent, who).to(made)


def commit(
    repo: Repository,
    plan: Intent,
    special: Versions | None,
    who: Identity,
    packed: Packing | None = None,
    meanwhile: Callable[[], object] | None = None,
) -> str:
    """Stage and commit the paths of an intent that is carried out; return the commit.

    `meanwhile` is done while git is at work.
    """
    special = special or Versions()
    plain = [write.path for write in plan.writes if write.path not in special.staged]
    # Blobs of a large commit go into one pack first: staging then finds them all there,
    # and need not write each as a file of its own.
    many = len(plain) > _MANY
    staging = git_commit.Staging(repo, [] if many else plain)
    contents: dict[str, bytes | str | None] = {write.path: write.new for write in plan.writes}
    if git_commit.filters(repo, who):
        git_commit.stage_files(repo, plain if many else [])
        staging.finish()
        contents.update(_staged(repo, plain if len(plain) <= _MANY else [layout.ROOT], plain))
    contents.update(special.committed)
    for attempt in range(_TRIES):
        parent = refs.head(repo)
        move = headfiles.Move(repo, plan.message, parent, who)
        try:
            made = git_commit.make(repo, contents, plan.message, who, parent, packed)
            if meanwhile is not None:
                meanwhile()
            staging.finish()
            if many:
                git_commit.stage_files(repo, plain)
            _stage_special(repo, special)
            return move.to(made)
        except ConflictError:
            if attempt == _TRIES - 1:
                raise
        finally:
            move.end()
    raise AssertionError("unreachable")


def _stage_special(repo: Repository, special: Versions) -> None:
    blobs = {path: git_commit.store_blob(repo, text) for path, text in special.staged.items()}
    if blobs:
        git_commit.stage_blobs(repo, blobs)


def take_back(repo: Repository, plan: Intent) -> None:
    """Undo the files of a transaction that could not be completed, and their staging."""
    take_back_files(repo, plan)
    if plan.commits:
        try:
            git_commit.stage_files(repo, [write.path for write in plan.writes])
        except CoordError:
            return  # the index is as git left it; the files are what counts


def take_back_files(repo: Repository, plan: Intent) -> None:
    """Undo the files of a transaction that could not be completed."""
    for write in plan.writes:
        path = os.path.join(repo.root, write.path)
        if files.read(path, 1 << 24) != write.new:
            continue
        if write.old is None:
            files.remove(path)
        else:
            files.replace(path, write.old)


def _edit(raw: bytes, changes: list[Any], path: str) -> bytes | None:
    """Apply our change to another version of the file; None when it does not fit there."""
    from gitcoord.codec import edit, read  # only for files with the user's own edits

    place = layout.place(path)
    if place is None:
        return None
    try:
        read.parse(raw)
        return edit.apply(raw, changes, place.kind.fields)
    except (read.Malformed, CoordError, LookupError, AssertionError):
        return None


def _same_text(one: bytes, other: bytes | None) -> bool:
    return other is not None and one.replace(b"\r\n", b"\n") == other.replace(b"\r\n", b"\n")


def _staged(repo: Repository, where: list[str], only: list[str] | None = None) -> dict[str, str]:
    wanted = None if only is None else set(only)
    out = process.call(repo.root, "ls-files", "-s", "-z", "--", *where)
    found = {}
    for line in out.split(b"\0"):
        head, tab, path = line.partition(b"\t")
        name = path.decode("utf-8", "surrogateescape")
        if tab and (wanted is None or name in wanted):
            found[name] = head.split(b" ")[1].decode()
    return found
