"""After a merge: bring back a record whose id both sides had given away, under a new id.

Works while a merge, rebase or cherry-pick is stopped at such a record, and after a
merge that went through because our merge driver left a note of it. What named the
record on its side follows; nothing else changes. Doing it again changes nothing.
"""

from __future__ import annotations

import os

from gitcoord.api import meetings, write
from gitcoord.api.merge import record_stages
from gitcoord.codec.threeway import Unmergeable
from gitcoord.git import commit as git_commit
from gitcoord.git import merging
from gitcoord.store import collisions, combining, joining, layout
from gitcoord.store.allocate import Allocator
from gitcoord.store.combining import Combined
from gitcoord.store.joining import Sides
from gitcoord.store.lineage import STAGED, Merger
from gitcoord.store.lock import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.api.meetings import Meeting
    from gitcoord.api.workspace import Workspace
    from gitcoord.git.repository import Repository
    from gitcoord.store.transaction import Transaction


class Change:
    """What a meeting should have come to, beside what it came to without renumbering."""

    __slots__ = ("done", "plain", "renumbered", "wanted")

    def __init__(self, plain: Combined, wanted: Combined, fresh: set[str]) -> None:
        self.plain = plain
        self.wanted = wanted
        self.renumbered = wanted.renumbered
        self.done = bool(self.renumbered) and fresh.isdisjoint(self.renumbered.values())
        """Whether every record that needs another id has it already."""

    def paths(self) -> list[str]:
        """Return the paths that renumbering changes."""
        paths = self.plain.files.keys() | self.wanted.files.keys()
        return sorted(
            path for path in paths if self.plain.files.get(path) != self.wanted.files.get(path)
        )


def pending(repo: Repository) -> bool:
    """Say, at the cost of one look, whether a merge left a record to bring back."""
    return os.path.exists(collisions.file_of(repo))


def left_out(repo: Repository) -> list[str]:
    """Return the paths of which a merge, made or under way, kept only one of two records."""
    if not pending(repo):
        return []
    return sorted({note.path for note in meetings.waiting(repo)} - {collisions.REBASED})


def renumber(
    workspace: Workspace, merge: str | None = None, *, preview: bool = False, commit: bool = True
) -> dict[str, str]:
    """Renumber what collided, here or in a named merge commit; return new ids by old ones."""
    # A hook and a person may ask at once: who comes second finds it done.
    with Lock(workspace.repo.common_dir, "renumber"):
        return _renumber(workspace, merge, preview, commit)


def _renumber(
    workspace: Workspace, merge: str | None, preview: bool, commit: bool
) -> dict[str, str]:
    repo = workspace.repo
    found: dict[str, str] = {}
    if merge is not None:
        meeting = meetings.of_commit(repo, merge)
        return _settle(workspace, meeting, preview, commit)
    notes = collisions.load(repo)
    for meeting in meetings.under_way(repo, notes):
        found |= _settle(workspace, meeting, preview, commit)
    if found and not preview:
        notes += meetings.of_rebase(repo, notes)
    if notes and not preview:
        collisions.keep(repo, [note for note in notes if meetings.still_open(repo, note)])
    return found


def _settle(workspace: Workspace, meeting: Meeting, preview: bool, commit: bool) -> dict[str, str]:
    change, allocator = _change(workspace.repo, meeting)
    paths = change.paths()
    if not paths or preview:
        return change.renumbered if paths else {}
    if meeting.made is None and change.done:
        return {}
    if meeting.made is None:
        _finish_stage(workspace, change, paths)
    elif not _amend(workspace, change, paths, commit):
        return {}
    allocator.save(None)
    workspace.changed()
    return change.renumbered


def _change(repo: Repository, meeting: Meeting) -> tuple[Change, Allocator]:
    allocator = Allocator(repo)
    merger = Merger(repo, allocator, known=meeting.made or STAGED)
    trees = merger.trees(meeting.ours, meeting.theirs, base=meeting.base)[0]
    plain = combining.combine(trees)
    picked = meeting.base is not None or meeting.rebased
    merger.align(trees, meeting.ours, meeting.theirs, picked=picked)
    return Change(plain, combining.combine(trees), merger.fresh), allocator


def _amend(workspace: Workspace, change: Change, paths: list[str], commit: bool) -> bool:
    """Make what the merge lacks a commit of its own; False when it lacks nothing."""
    with write.transaction(workspace, commit=commit) as tx:
        for path in paths:
            _bring(tx, path, change)
        names = ", ".join([f"{old} → {new}" for old, new in change.renumbered.items()])
        tx.message = f"Renumber {names}\n\nBoth branches had created a record with that id."
        if not names:
            tx.message = "Follow records that were renumbered before"
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
