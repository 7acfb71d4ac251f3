"""Find the conflicts that a merge left in records, and decide them field by field."""

from __future__ import annotations

from gitcoord.api import write
from gitcoord.codec import resolving
from gitcoord.codec.resolving import Marked
from gitcoord.codec.threeway import Joined, Unmergeable
from gitcoord.errors import ConflictError, NotFoundError, UsageError
from gitcoord.git import commit as git_commit
from gitcoord.git import merging, objects
from gitcoord.model.merging import Clash
from gitcoord.store import combining, joining, layout
from gitcoord.store.joining import LABELS, Sides

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.api.workspace import Workspace
    from gitcoord.store.transaction import Transaction

_MARKERS = "SELECT DISTINCT path FROM finding WHERE code = 'conflict-markers'"


class Conflicted:
    """A file in conflict: its markers, or two contents of which one is to be chosen."""

    __slots__ = ("id", "marked", "path", "raw", "sides", "text")

    def __init__(self, path: str, raw: bytes | None, sides: Sides | None) -> None:
        self.path = path
        self.id = joining.id_of(path)
        self.sides = sides
        self.marked: Marked | None = resolving.marked(raw)
        self.raw = self.text = raw
        if self.marked is None and sides is not None and sides.theirs and _untouched(raw, sides):
            # git had no driver that worked: merge the stages again.
            joined = _joined(sides)
            self.text = joined.raw
            self.marked = resolving.marked(joined.raw)

    @property
    def clashes(self) -> list[Clash]:
        """What is to be decided."""
        if self.marked is not None:
            return [clash for clashes in self.marked.clashes for clash in clashes]
        if self.sides is None or None not in (self.sides.ours, self.sides.theirs):
            return []
        return [Clash((), joining.data(self.sides.ours), joining.data(self.sides.theirs))]

    def as_dicts(self) -> list[dict[str, Any]]:
        """Return what is to be decided in its documented JSON shape."""
        return [
            {"id": self.id, "field": one.field or None, "ours": one.ours, "theirs": one.theirs}
            for one in self.clashes
        ]


def conflicts(workspace: Workspace, id: str | None = None) -> list[Conflicted]:
    """Return the files in conflict, of one record if named; raise `NotFoundError` for none."""
    stages = _stages(workspace)
    paths = {row[0] for row in workspace.view().execute(_MARKERS)} | stages.keys()
    paths |= {layout.SETTINGS, layout.ROLES}
    with write.transaction(workspace, commit=False, reads=True) as tx:
        found = [
            Conflicted(path, tx.read(path), stages.get(path))
            for path in sorted(paths)
            if id is None or id in (joining.id_of(path), path)
        ]
    found = [one for one in found if one.marked is not None or one.path in stages]
    if id is not None and not found:
        raise NotFoundError(
            f"{id} is in no conflict.", hint="`coord resolve` lists what is to be decided."
        )
    return found


def resolve(
    workspace: Workspace,
    id: str,
    *,
    side: str | None = None,
    field: str | None = None,
    value: str | None = None,
) -> list[Conflicted]:
    """Decide a record's conflicts, of one field if named; return what is left of them.

    A file in which nothing is left is staged. Raises `UsageError` when it is not clear
    what is meant.
    """
    for one in conflicts(workspace, id):
        new = _decided(one, side, field, value)
        with write.transaction(workspace, commit=False) as tx:
            _still(tx, one)
            tx.write(one.path, new)
        if resolving.marked(new) is None:
            git_commit.stage_files(workspace.repo, [one.path])
    workspace.changed()
    return [one for one in conflicts(workspace) if one.id == id]


def _still(tx: Transaction, one: Conflicted) -> None:
    if tx.read(one.path) != one.raw:
        raise ConflictError(f"{one.path} has just changed.", hint="Run the command again.")


def _decided(
    one: Conflicted, side: str | None, field: str | None, value: str | None
) -> bytes | None:
    """Return the file's new content, None when it is to go."""
    if one.marked is None:
        if value is not None or field is not None:
            raise UsageError(
                f"All of {one.id} is in conflict: one side deleted it.",
                hint=f"coord resolve {one.id} --ours, or --theirs.",
            )
        if one.sides is None or None not in (one.sides.ours, one.sides.theirs):
            return one.text
        return one.sides.theirs if side == "theirs" else one.sides.ours
    numbers = one.marked.about(field)
    if not numbers:
        names = ", ".join([clash.field for clash in one.clashes])
        raise NotFoundError(
            f"{one.id}: {field} is in no conflict.", hint=f"To be decided: {names}."
        )
    if value is None:
        return one.marked.take(numbers, theirs=side == "theirs").encode("utf-8", "surrogateescape")
    return _put(one, one.marked, numbers, value)


def _put(one: Conflicted, marked: Marked, numbers: list[int], text: str) -> bytes:
    clashes = [clash for number in numbers for clash in marked.clashes[number]]
    if len(clashes) != 1 or not clashes[0].where:
        names = ", ".join([clash.field for clash in clashes if clash.where])
        raise UsageError(
            f"--value sets one field, and {one.id} has {len(clashes)} to decide.",
            hint=f"Name one with --field: {names}." if names else "Use --ours or --theirs.",
        )
    value: Any = text
    if not any(isinstance(side, str) for side in (clashes[0].ours, clashes[0].theirs)):
        value = write.parse_setting(f"value={text}")[1]
    place = layout.place(one.path)
    new = marked.put(numbers[0], value, place.kind.fields if place is not None else ())
    if new is None:
        raise UsageError(
            f"{clashes[0].field} cannot be set while other fields are open.",
            hint=f"Decide the others first: `coord resolve {one.id} --field F --ours`.",
        )
    return new.encode()


def _stages(workspace: Workspace) -> dict[str, Sides]:
    """Return the contents of the paths that git has in conflict."""
    found = [
        one
        for one in merging.unmerged(workspace.repo, layout.ROOT)
        if joining.is_mergeable(one.path)
    ]
    contents = objects.blobs(workspace.repo, [one.blob for one in found])
    held: dict[str, dict[int, bytes | None]] = {}
    for one, raw in zip(found, contents, strict=True):
        held.setdefault(one.path, {})[one.number] = raw
    return {path: Sides(path, *(raws.get(n) for n in (1, 2, 3))) for path, raws in held.items()}


def _untouched(raw: bytes | None, sides: Sides) -> bool:
    """Say whether a file is as git left it, and nobody has decided anything by hand."""
    if raw is None or sides.ours is None:
        return False
    return raw.replace(b"\r\n", b"\n") == sides.ours.replace(b"\r\n", b"\n")


def _joined(sides: Sides) -> Joined:
    try:
        return joining.join_sides(sides)
    except Unmergeable:
        return combining.by_lines(sides, LABELS)
