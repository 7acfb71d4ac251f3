"""Three versions of one file of the store become one.

What a path holds decides how: a record with the fields of its kind, settings and
templates by their keys, anything else not at all. Two records that only share an id
are never mixed: both stand whole in the file, between markers.
"""

from __future__ import annotations

from gitcoord.codec.conflicts import SIZE, Hunk, written
from gitcoord.codec.read import Malformed, parse
from gitcoord.codec.threeway import Joined, Unmergeable, join
from gitcoord.model import origins
from gitcoord.model.kinds import REPO
from gitcoord.model.merging import Clash
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gitcoord.model.kinds import Kind
    from gitcoord.store.layout import Place

LABELS = ("ours", "theirs")


class Sides:
    """The three contents of one path; None where there is no file."""

    __slots__ = ("base", "ours", "path", "theirs")

    def __init__(
        self, path: str, base: bytes | None, ours: bytes | None, theirs: bytes | None
    ) -> None:
        self.path = path
        self.base = base or None
        self.ours = ours
        self.theirs = theirs


def is_mergeable(path: str) -> bool:
    """Whether a path of the store is merged by us."""
    # A name with a line end cannot be asked for in one go, and no record has one.
    return path.startswith(f"{layout.ROOT}/") and path.endswith(".yaml") and "\n" not in path


def id_of(path: str) -> str:
    """Return the id of a path's record; for other files, the path."""
    place = layout.place(path)
    return place.id if place is not None else path


def collide(sides: Sides) -> bool:
    """Say whether the two sides hold different records that share an id."""
    place = layout.place(sides.path)
    if place is None or place.kind is REPO or sides.ours is None or sides.theirs is None:
        return False
    base, ours, theirs = data(sides.base), data(sides.ours), data(sides.theirs)
    if ours is None or theirs is None:
        return False
    if sides.base is None:
        return not origins.same(place.kind, ours, theirs)
    return base is not None and any(
        [_is_another(place.kind, base, side) for side in (ours, theirs)]
    )


def _is_another(kind: Kind, base: dict[str, Any], side: dict[str, Any]) -> bool:
    """Say whether a side has another record than the base, so that their fields never mix."""
    if base.get("id") != side.get("id"):
        # Renamed by hand, or git took a new record for a deleted one that looks like it.
        return not origins.same(kind, base, side)
    return origins.replaced(kind, base, side)


def is_of_path(sides: Sides) -> bool:
    """Say whether all versions are of the record that the path names.

    git may take a deleted record and a new one that looks like it for one that was renamed.
    """
    versions = [data(raw) for raw in (sides.base, sides.ours, sides.theirs) if raw is not None]
    return all(held is not None and held.get("id") == id_of(sides.path) for held in versions)


def data(raw: bytes | None) -> dict[str, Any] | None:
    """Return what a file holds, None when it cannot be read."""
    if raw is None:
        return None
    try:
        return parse(raw)
    except Malformed:
        return None


def join_sides(
    sides: Sides, *, labels: tuple[str, str] = LABELS, size: int = SIZE, settle: bool = False
) -> Joined:
    """Return the merged file where both sides have one; raise `Unmergeable`."""
    if sides.ours is None or sides.theirs is None or not is_mergeable(sides.path):
        raise Unmergeable(sides.path)
    place = layout.place(sides.path)
    base = _headed(sides.base, place)
    ours = _headed(sides.ours, place) or b""
    theirs = _headed(sides.theirs, place) or b""
    if ours != theirs and collide(sides):
        return both(sides, labels=labels, size=size)
    fields = place.kind.fields if place is not None else ()
    return join(base, ours, theirs, fields, labels=labels, size=size, settle=settle)


def both(sides: Sides, *, labels: tuple[str, str] = LABELS, size: int = SIZE) -> Joined:
    """Return a file that holds both sides whole, between markers, as one clash."""
    texts = [(raw or b"").decode("utf-8", "surrogateescape") for raw in (sides.ours, sides.theirs)]
    marked = written([Hunk(texts[0], texts[1], labels, size)])
    clash = Clash((), data(sides.ours), data(sides.theirs))
    return Joined(marked.encode("utf-8", "surrogateescape"), [clash])


def _headed(raw: bytes | None, place: Place | None) -> bytes | None:
    """Return a file with the line for editors that fits its folder, archive or not."""
    if raw is None or place is None:
        return raw
    near, far = b"=../schemas/", b"=../../schemas/"
    line, end, rest = raw.partition(b"\n")
    if not line.startswith(b"#"):
        return raw
    if place.archived and far not in line:
        line = line.replace(near, far)
    elif not place.archived:
        line = line.replace(far, near)
    return line + end + rest
