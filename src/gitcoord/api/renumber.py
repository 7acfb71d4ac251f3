"""After a merge: bring back a record whose id both sides had given away, under a new id.

Works while a merge, rebase or cherry-pick is stopped at such a record, and after a
merge that went through because our merge driver left a note of it. What named the
record on its side follows; nothing else changes. Doing it again changes nothing.
"""

from __future__ import annotations

import os

from gitcoord.api import write
from gitcoord.api.merge import record_stages
from gitcoord.codec.threeway import Unmergeable
from gitcoord.errors import NotFoundError, UsageError
from gitcoord.git import commit as git_commit
from gitcoord.git import merging, process, refs
from gitcoord.store import collisions, combining, joining, layout
from gitcoord.store.allocate import Allocator
from gitcoord.store.collisions import Note
from gitcoord.store.combining import Combined
from gitcoord.store.joining import Sides
from gitcoord.store.lineage import Merger

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.workspace import Workspace
    from gitcoord.git.repository import Repository
    from gitcoord.store.transaction import Transaction

_PICKED = ("CHERRY_PICK_HEAD", "REBASE_HEAD")


class Meeting:
    """Two commits that met: a merge that is made, or one that waits to be finished."""

    __slots__ = ("base", "made", "ours", "theirs")

    def __init__(
        self, ours: str, theirs: str, *, made: str | None = None, base: str | None = None
    ) -> None:
        self.ours = ours
        self.theirs = theirs
        self.made = made
        """The merge commit; None while it is unfinished."""
        self.base = base
        """The parent of a commit that is picked; None for a merge."""


class Change:
    """What a meeting should have come to, beside what it came to without renumbering."""

    __slots__ = ("plain", "renumbered", "wanted")

    def __init__(self, plain: Combined, wanted: Combined) -> None:
        self.plain = plain
        self.wanted = wanted
        self.renumbered = wanted.renumbered

    def paths(self) -> list[str]:
        """Return the paths that renumbering changes."""
        paths = self.plain.files.keys() | self.wanted.files.keys()
        return sorted(
            path for path in paths if self.plain.files.get(path) != self.wanted.files.get(path)
        )


def pending(repo: Repository) -> bool:
    """Say, at the cost of one look, whether a merge left a record to bring back."""
    return os.path.exists(collisions.file_of(repo))


def renumber(
    workspace: Workspace, merge: str | None = None, *, preview: bool = False, commit: bool = True
) -> dict[str, str]:
    """Renumber what collided, here or in a named merge commit; return new ids by old ones."""
    repo = workspace.repo
    found: dict[str, str] = {}
    if merge is not None:
        meeting = _of_commit(repo, merge)
        return _settle(workspace, meeting, preview, commit)
    notes = collisions.load(repo)
    for meeting in _meetings(repo, notes):
        found |= _settle(workspace, meeting, preview, commit)
    if found and not preview:
        notes += _of_rebase(repo, notes)
    if notes and not preview:
        collisions.keep(repo, [note for note in notes if _still_open(repo, note)])
    return found


def waiting(repo: Repository) -> list[Note]:
    """Return the notes of merges, made or under way here, that are not mended yet."""
    other = _unfinished(repo)
    return [
        note
        for note in collisions.load(repo)
        if note.theirs == other or _made(repo, note) is not None
    ]


def _settle(workspace: Workspace, meeting: Meeting, preview: bool, commit: bool) -> dict[str, str]:
    change, allocator = _change(workspace.repo, meeting)
    paths = change.paths()
    if not paths or preview:
        return change.renumbered if paths else {}
    if meeting.made is None:
        _finish_stage(workspace, change, paths)
    elif not _amend(workspace, change, paths, commit):
        return {}
    allocator.save(None)
    workspace.changed()
    return change.renumbered


def _change(repo: Repository, meeting: Meeting) -> tuple[Change, Allocator]:
    allocator = Allocator(repo)
    merger = Merger(repo, allocator, known=meeting.made)
    trees = merger.trees(meeting.ours, meeting.theirs, base=meeting.base)[0]
    plain = combining.combine(trees)
    merger.align(trees, meeting.ours, meeting.theirs, picked=meeting.base is not None)
    return Change(plain, combining.combine(trees)), allocator


def _amend(workspace: Workspace, change: Change, paths: list[str], commit: bool) -> bool:
    """Make what the merge lacks a commit of its own; False when it lacks nothing."""
    with write.transaction(workspace, commit=commit) as tx:
        for path in paths:
            _bring(tx, path, change)
        names = ", ".join([f"{old} → {new}" for old, new in change.renumbered.items()])
        tx.message = f"Renumber {names}\n\nBoth branches had created a record with that id."
        return bool(tx.paths())


def _bring(tx: Transaction, path: str, change: Change) -> None:
    """Bring one file to what it should be, with what happened to it since the merge."""
    now, plain, want = tx.read(path), change.plain.files.get(path), change.wanted.files.get(path)
    for conflict in change.plain.conflicts:
        if conflict.sides.path == path:
            plain = conflict.sides.ours  # what the driver left there
    if now == plain or (now is None and want is None):
        tx.write(path, want)
    if now == plain or None in (now, plain, want):
        return
    place = layout.place(path)
    held = tx.find(place.kind, place.id) if place is not None else None
    try:
        joined = joining.join_sides(Sides(path, plain, now, want))
    except Unmergeable:
        return
    data = joining.data(joined.raw)
    if held is not None and not joined.clashes and data is not None:
        tx.put(held, data)


def _finish_stage(workspace: Workspace, change: Change, paths: list[str]) -> None:
    """Put what should be into work tree and index of a merge that is unfinished."""
    repo = workspace.repo
    conflicts = {one.sides.path: one for one in change.wanted.conflicts}
    with write.transaction(workspace, commit=False) as tx:
        for path in paths:
            tx.write(path, change.wanted.files.get(path))
    clean = [path for path in paths if path not in conflicts]
    git_commit.stage_files(repo, clean)
    merging.stage(
        repo, record_stages(repo, [conflicts[path] for path in paths if path in conflicts])
    )


def _of_commit(repo: Repository, name: str) -> Meeting:
    commit = refs.resolve(repo, name)
    if commit is None:
        raise NotFoundError(f"There is no commit {name!r}.", hint="`git log --merges` lists them.")
    parents = _parents(repo, commit)
    if len(parents) != 2:
        raise UsageError(
            f"{name} is no merge of two branches.", hint="`git log --merges` lists merges."
        )
    return Meeting(*parents, made=commit)


def _meetings(repo: Repository, notes: list[Note]) -> list[Meeting]:
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
            found.append(Meeting(note.ours, note.theirs, made=made))
        elif note.ours == head and os.path.exists(os.path.join(repo.git_dir, "SQUASH_MSG")):
            found.append(Meeting(note.ours, note.theirs))
    return found


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


def _of_rebase(repo: Repository, notes: list[Note]) -> list[Note]:
    """Return a note of the rebase that is under way: commits to come may name the old ids."""
    onto, tip = (_first_line(repo, f"rebase-merge/{name}") for name in ("onto", "orig-head"))
    if onto is None or tip is None or any(note.path == collisions.REBASED for note in notes):
        return []
    return [Note(onto, tip, collisions.REBASED)]


def _still_open(repo: Repository, note: Note) -> bool:
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
