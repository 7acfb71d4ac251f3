"""What differs between two states of the hub, record by record."""

from __future__ import annotations

import os

from gitcoord.api.workspace import commit_of
from gitcoord.codec.read import MAX_BYTES, Malformed, parse
from gitcoord.errors import UsageError
from gitcoord.git import objects, process, refs, walk
from gitcoord.model import difference
from gitcoord.model.difference import Difference, Version
from gitcoord.store import files, layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.model.renumbering import Key

    Blobs = dict[str, str]
    """The blobs of record files by their paths."""

__all__ = ["STAGED", "WORK_TREE", "Difference", "between", "sides"]

WORK_TREE = ":work-tree"
STAGED = ":staged"
"""States that are no commit; a colon cannot stand in a revision's name at that place."""


def between(workspace: Workspace, a: str, b: str) -> list[Difference]:
    """Return what differs from one state to another, by kind and id.

    A state is a revision, a date, a tree (that of a merge not yet made, perhaps), `STAGED` or
    `WORK_TREE`; "" is that of no records.
    """
    old, new = _differing(workspace, _named(workspace, a), _named(workspace, b))
    before = _versions(_contents(workspace, a, old))
    return difference.between(before, _versions(_contents(workspace, b, new)))


def sides(workspace: Workspace, words: str | None, *, staged: bool = False) -> tuple[str, str]:
    """Return the two states that the words of a command mean.

    `A..B`, `A...B` (B against where it left A), `A` (against the work tree, or what is
    staged); without words HEAD.
    """
    if words and ".." in words:
        if staged:
            raise UsageError(
                "--staged compares with one revision.", hint="coord diff --staged main"
            )
        dots = "..." if "..." in words else ".."
        a, _, b = words.partition(dots)
        a, b = commit_of(workspace, a or "HEAD"), commit_of(workspace, b or "HEAD")
        return (refs.merge_base(workspace.repo, a, b) if dots == "..." else a), b
    a = commit_of(workspace, words) if words else refs.head(workspace.repo) or ""
    return a, STAGED if staged else WORK_TREE


def _named(workspace: Workspace, state: str) -> str:
    """Return a state, a revision as the tree it has."""
    if state in ("", STAGED, WORK_TREE):
        return state
    return refs.resolve_tree(workspace.repo, state) or commit_of(workspace, state)


def _differing(workspace: Workspace, a: str, b: str) -> tuple[Blobs, Blobs]:
    """Return the record files that differ, as they are in the two states."""
    special = ("", STAGED, WORK_TREE)
    if a not in special and b not in special:
        touches = walk.touched(workspace.repo, a, b, layout.ROOT)
        old = {touch.path: touch.old[0] for touch in touches if touch.old[0] is not None}
        new = {touch.path: touch.new for touch in touches if touch.new is not None}
    else:
        left, right = _blobs(workspace, a), _blobs(workspace, b)
        old = {path: blob for path, blob in left.items() if right.get(path) != blob}
        new = {path: blob for path, blob in right.items() if left.get(path) != blob}
    return _records(old), _records(new)


def _blobs(workspace: Workspace, state: str) -> Blobs:
    if not state:
        return {}
    if state == WORK_TREE:
        rows = workspace.view().execute("SELECT path, digest FROM file")
        return {path: digest or _digest(workspace, path) for path, digest in rows}
    if state == STAGED:
        entries = objects.staged(workspace.repo, layout.ROOT)
    else:
        entries = objects.tree(workspace.repo, state, layout.ROOT)
    return {one.path: one.blob if one.mode.startswith("100") else walk.NO_FILE for one in entries}


def _digest(workspace: Workspace, path: str) -> str:
    """Return the blob of a file that the index has not read: too large, or no plain file."""
    whole = os.path.join(workspace.repo.root, path)
    if os.path.islink(whole) or not os.path.isfile(whole):
        return walk.NO_FILE
    out = process.call(workspace.repo.root, "hash-object", "--no-filters", "--", path)
    return out.decode().strip()


def _records(blobs: Blobs) -> Blobs:
    return {path: blob for path, blob in blobs.items() if layout.place(path) is not None}


def _contents(workspace: Workspace, state: str, blobs: Blobs) -> Iterable[tuple[str, bytes | None]]:
    if state == WORK_TREE:
        for path in blobs:
            raw = files.read(os.path.join(workspace.repo.root, path), MAX_BYTES + 1)
            yield path, raw
        return
    wanted = [blob for blob in blobs.values() if blob != walk.NO_FILE]
    found = objects.contents(workspace.repo, wanted, MAX_BYTES)
    for path, blob in blobs.items():
        yield path, None if blob == walk.NO_FILE else next(found)


def _versions(contents: Iterable[tuple[str, bytes | None]]) -> dict[Key, Version]:
    found: dict[Key, Version] = {}
    for path, raw in contents:
        place = layout.place(path)
        if place is not None:
            key = (place.kind.name, place.id)
            if key not in found or found[key].archived:
                found[key] = Version(_data(raw), place.archived)
    return found


def _data(raw: bytes | None) -> dict[str, Any] | None:
    try:
        return None if raw is None else parse(raw)
    except Malformed:
        return None
