"""Which two commits met: in a merge that is made, or in one that waits to be finished here."""

from __future__ import annotations

import os

from gitcoord.errors import NotFoundError, UsageError
from gitcoord.git import merging, objects, process, refs
from gitcoord.store import collisions, layout
from gitcoord.store.collisions import Note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.git.repository import Repository

_PICKED = ("CHERRY_PICK_HEAD", "REBASE_HEAD")


class Meeting:
    """Two commits that met: a merge that is made, or one that waits to be finished."""

    __slots__ = ("base", "made", "ours", "rebased", "theirs")

    def __init__(
        self,
        ours: str,
        theirs: str,
        *,
        made: str | None = None,
        base: str | None = None,
        rebased: bool = False,
    ) -> None:
        self.ours = ours
        self.theirs = theirs
        self.made = made
        """The merge commit; None while it is unfinished."""
        self.base = base
        """The parent of a commit that is picked; None for a merge."""
        self.rebased = rebased
        """Whether `theirs` was put on top of `ours`, whose ids then stay as they are."""


def waiting(repo: Repository) -> list[Note]:
    """Return the notes of merges, made or under way here, that are not mended yet."""
    other = _unfinished(repo)
    return [
        note
        for note in collisions.load(repo)
        if note.theirs == other or _made(repo, note) is not None
    ]


def of_commit(repo: Repository, name: str) -> Meeting:
    """Return the meeting that a merge commit is; raise for anything else."""
    commit = refs.resolve(repo, name)
    if commit is None:
        raise NotFoundError(f"There is no commit {name!r}.", hint="`git log --merges` lists them.")
    parents = _parents(repo, commit)
    if len(parents) != 2:
        raise UsageError(
            f"{name} is no merge of two branches.", hint="`git log --merges` lists merges."
        )
    return Meeting(*parents, made=commit)


def under_way(repo: Repository, notes: list[Note]) -> list[Meeting]:
    """Return the merge that is unfinished here, else those that notes tell of."""
    head = refs.head(repo)
    if head is None:
        return []
    other = _unfinished(repo)
    if other is not None:
        return [Meeting(head, other)]
    for name in _PICKED:
        picked = _first_line(repo, name)
        if picked is not None and merging.unmerged(repo, layout.ROOT):
            return [Meeting(head, picked, base=_parents(repo, picked)[0])]
    if merging.unmerged(repo, layout.ROOT):
        stash = refs.resolve(repo, "refs/stash")
        return [Meeting(head, stash, base=_parents(repo, stash)[0])] if stash else []
    found = []
    for note in {(note.ours, note.theirs): note for note in notes}.values():
        made = _made(repo, note)
        if made is not None:
            rebased = note.path == collisions.REBASED
            found.append(Meeting(note.ours, note.theirs, made=made, rebased=rebased))
        elif note.ours == head and os.path.exists(os.path.join(repo.git_dir, "SQUASH_MSG")):
            found.append(Meeting(note.ours, note.theirs))
    parents = _parents(repo, head)
    if not found and len(parents) == 2 and _archived_twice(repo, head):
        found.append(Meeting(*parents, made=head))
    return found


def _archived_twice(repo: Repository, commit: str) -> bool:
    """Say whether an id is both in the archive and out of it: git cannot see that they collide."""
    archived = objects.tree(repo, commit, layout.ARCHIVE)
    wanted = [f"{commit}:{one.path.replace(layout.ARCHIVE, layout.ROOT, 1)}" for one in archived]
    return any(size >= 0 for size in objects.sizes(repo, wanted))


def _made(repo: Repository, note: Note) -> str | None:
    """Return the commit in HEAD's history that joins two commits."""
    if note.path == collisions.REBASED:
        head = refs.head(repo)
        over = merging.under_way(repo) is None and head != note.theirs
        return head if over and _is_ancestor(repo, note.ours, "HEAD") else None
    done = process.run(
        repo.root, "rev-list", "--merges", "--parents", "--ancestry-path", f"{note.ours}..HEAD"
    )
    for line in done.out.decode().split("\n"):
        made, *parents = line.split() or [""]
        if parents == [note.ours, note.theirs]:
            return made
    return None


def of_rebase(repo: Repository, notes: list[Note]) -> list[Note]:
    """Return a note of the rebase that is under way: commits to come may name the old ids."""
    onto, tip = (_first_line(repo, f"rebase-merge/{name}") for name in ("onto", "orig-head"))
    if onto is None or tip is None or any(note.path == collisions.REBASED for note in notes):
        return []
    return [Note(onto, tip, collisions.REBASED)]


def still_open(repo: Repository, note: Note) -> bool:
    """Say whether a note may be needed later: its merge is neither mended nor given up."""
    if note.path == collisions.REBASED:
        return merging.under_way(repo) == "rebase"
    if _made(repo, note) is not None:
        return False
    # What is unfinished here has just been mended; what was given up needs nothing.
    return refs.head(repo) != note.ours


def _unfinished(repo: Repository) -> str | None:
    """Return the commit that is being merged; git still names it to the hook after a merge."""
    other = _first_line(repo, "MERGE_HEAD")
    if other is None:
        return None
    return None if _is_ancestor(repo, other, "HEAD") else other


def _is_ancestor(repo: Repository, one: str, other: str) -> bool:
    return process.run(repo.root, "merge-base", "--is-ancestor", one, other).code == 0


def _parents(repo: Repository, commit: str) -> list[str]:
    out = process.call(repo.root, "rev-list", "--parents", "-n", "1", commit)
    return out.decode().split()[1:]


def _first_line(repo: Repository, name: str) -> str | None:
    try:
        with open(os.path.join(repo.git_dir, name), encoding="utf-8") as file:
            return file.readline().strip() or None
    except FileNotFoundError:
        return None
