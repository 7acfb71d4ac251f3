"""Merge one file for git: what the merge driver does.

Git hands over three files and takes the result from one of them. Whatever cannot be
merged as a record is merged by lines, as git itself would; nothing is ever lost.
"""

from __future__ import annotations

from gitcoord.codec.conflicts import SIZE
from gitcoord.codec.threeway import Unmergeable
from gitcoord.git import refs, textmerge
from gitcoord.git.repository import discover
from gitcoord.store import collisions, joining
from gitcoord.store.collisions import Note
from gitcoord.store.joining import Sides

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.codec.threeway import Joined


class Files:
    """What git hands over: three files, the path they stand for, and how to mark conflicts."""

    __slots__ = ("base", "labels", "ours", "path", "size", "theirs")

    def __init__(
        self,
        base: str,
        ours: str,
        theirs: str,
        path: str,
        size: int = SIZE,
        labels: tuple[str, str] = joining.LABELS,
    ) -> None:
        self.base = base
        self.ours = ours
        self.theirs = theirs
        self.path = path
        self.size = size
        self.labels = labels


def merge_file(files: Files, *, settle: bool = False) -> list[str] | None:
    """Leave the merged content in our file; return a line for each conflict, None for by lines.

    With `settle` the file is a common ancestor that git makes up: no conflicts there.
    """
    sides = Sides(files.path, *(_read(name) for name in (files.base, files.ours, files.theirs)))
    try:
        if settle and joining.collide(sides):
            _write(files.ours, b"")  # no record is the ancestor of both
            return []
        joined = joining.join_sides(sides, labels=files.labels, size=files.size, settle=settle)
    except Unmergeable:
        if settle:
            _write(files.ours, sides.base or b"")
            return []
        return None
    _write(files.ours, joined.raw)
    if joined.clashes and not joined.clashes[0].where and not joining.is_of_path(sides):
        id = joining.id_of(files.path)
        abort = "`git merge --abort`, then `coord merge`, which knows records by their ids."
        return [f"git took another record for {id}, because they look alike; {abort}"]
    return told(files.path, joined)


def keep_ours(files: Files, theirs: str | None) -> str | None:
    """Leave our record alone where both sides have one of their own, if that will be mended.

    Returns what to tell; None when it has to be a conflict: outside a merge, or without a
    hook that brings the other record back afterwards.
    """
    sides = Sides(files.path, *(_read(name) for name in (files.base, files.ours, files.theirs)))
    two = theirs is not None and joining.collide(sides) and joining.is_of_path(sides)
    repo = discover(".") if two else None
    head = refs.head(repo) if repo is not None else None
    if repo is None or theirs is None or head is None or not collisions.will_be_mended(repo):
        return None
    try:
        collisions.add(repo, Note(head, theirs, files.path))
    except OSError:
        return None
    return f"{joining.id_of(files.path)} is two records; one of them gets another id."


def by_lines(files: Files) -> bool:
    """Merge as git does without a driver, leaving markers; False when something conflicts."""
    base, ours, theirs = (_read(name) or b"" for name in (files.base, files.ours, files.theirs))
    merged = textmerge.merge(base, ours, theirs, labels=files.labels, size=files.size)
    _write(files.ours, merged.raw)
    return merged.clean


def told(path: str, joined: Joined) -> list[str]:
    """Return what to tell a person about each conflict."""
    id = joining.id_of(path)
    found = []
    for clash in joined.clashes:
        if not clash.where:
            found.append(
                f"{id}: both sides created a record with this id; `coord renumber` keeps both."
            )
            continue
        shown = " and ".join([_shown(value) for value in (clash.ours, clash.theirs)])
        found.append(
            f"{id}: {clash.field} was changed on both sides, to {shown};"
            f" `coord resolve {id} --field {clash.field}` with --ours, --theirs or --value V."
        )
    return found


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else str(value)
    line = text.strip().split("\n", 1)[0]
    line = "".join([char if char.isprintable() else "?" for char in line])
    return f"“{line[:60]}…”" if len(line) > 60 or "\n" in text.strip() else f"“{line}”"


def _read(name: str) -> bytes | None:
    try:
        with open(name, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def _write(name: str, content: bytes) -> None:
    with open(name, "wb") as file:
        file.write(content)
