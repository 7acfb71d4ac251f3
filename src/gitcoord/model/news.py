"""What two looks at the same records differ in: findings that are new, mended, or elsewhere.

A finding whose line moved because something was written above it is the same finding:
it is neither new nor mended.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gitcoord.model.findings import Finding

    Place = tuple[int | None, int | None]


class News:
    """Findings that came, findings that went, and those that stand elsewhere, with where they stood."""

    __slots__ = ("mended", "moved", "new")

    def __init__(
        self, new: list[Finding], mended: list[Finding], moved: list[tuple[Finding, Place]]
    ) -> None:
        self.new = new
        self.mended = mended
        self.moved = moved

    def __bool__(self) -> bool:
        return bool(self.new or self.mended)


def between(before: Sequence[Finding], after: Sequence[Finding]) -> News:
    """Compare two lists of findings, each in the order of places."""
    gone, came = _only(before, after), _only(after, before)
    left: dict[object, list[Finding]] = {}
    for one in gone:
        left.setdefault(_key(one), []).append(one)
    new, moved = [], []
    for one in came:
        same = left.get(_key(one))
        if same:
            old = same.pop(0)
            moved.append((one, (old.line, old.column)))
        else:
            new.append(one)
    rest = {id(one) for same in left.values() for one in same}
    return News(new, [one for one in gone if id(one) in rest], moved)


def _only(these: Iterable[Finding], those: Iterable[Finding]) -> list[Finding]:
    """Return what only the first has, as often as it has it more often."""
    count: dict[object, int] = {}
    for one in those:
        count[_whole(one)] = count.get(_whole(one), 0) + 1
    found = []
    for one in these:
        if count.get(_whole(one), 0):
            count[_whole(one)] -= 1
        else:
            found.append(one)
    return found


def _whole(one: Finding) -> object:
    return (*_key(one), one.line, one.column, one.hint)


def _key(one: Finding) -> tuple[str | None, ...]:
    return (one.path, one.id, one.field, one.code, one.severity, one.message)
