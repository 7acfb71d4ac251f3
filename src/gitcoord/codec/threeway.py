"""Three versions of a record file become one text, and a list of what clashed.

Comments, order, quotes and line ends are ours, and theirs where only they touched a
field. A clash stands between conflict markers around its own lines; both sides of the
text read back as exactly the merged data, or the merge is refused and git's own, by
lines, has to do.
"""

from __future__ import annotations

from gitcoord.codec import chunks, conflicts
from gitcoord.codec.change import same
from gitcoord.codec.conflicts import Hunk, Part
from gitcoord.codec.read import Malformed, parse
from gitcoord.errors import CoordError
from gitcoord.model.merging import BASE, OURS, THEIRS, Clash, Merged, merge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.model.merging import Where

_MOST_WORK = 5_000_000
_BOM = "\ufeff"


class Unmergeable(Exception):  # noqa: N818 - it names the state of three files
    """One of the versions cannot be read, or their text is too odd to be edited."""


class Joined:
    """The merged file, and what clashed in it."""

    __slots__ = ("clashes", "raw")

    def __init__(self, raw: bytes, clashes: list[Clash]) -> None:
        self.raw = raw
        self.clashes = clashes


def join(
    base: bytes | None,
    ours: bytes,
    theirs: bytes,
    fields: Sequence[str],
    *,
    labels: tuple[str, str] = (OURS, THEIRS),
    size: int = conflicts.SIZE,
    settle: bool = False,
) -> Joined:
    """Return the merged file; with `settle` a clash takes the base's value and no markers.

    Raises `Unmergeable` when the versions cannot be merged as records.
    """
    if ours == theirs or theirs == base:
        return Joined(ours, [])
    if ours == base:
        return Joined(theirs, [])
    try:
        joining = _Joining(base or b"", ours, theirs, fields)
        if settle:
            return Joined(joining.text(joining.merged(winner=BASE).data).encode(), [])
        merged = joining.merged()
        text = joining.text(merged.data)
        if merged.clashes:
            text = joining.marked(text, merged, labels, size)
    except (Malformed, CoordError, LookupError, AssertionError, RecursionError) as fault:
        raise Unmergeable(str(fault)) from fault
    return Joined(text.encode(), merged.clashes)


class _Joining:
    """Three texts with one kind of line end, and their data."""

    __slots__ = ("_data", "_fields", "_texts")

    def __init__(self, base: bytes, ours: bytes, theirs: bytes, fields: Sequence[str]) -> None:
        self._data = (parse(base) if base.strip() else {}, parse(ours), parse(theirs))
        texts = [raw.decode() for raw in (base, ours, theirs)]
        end = "\r\n" if "\r\n" in texts[1] else "\n"
        if texts[1].count("\n") == texts[1].count(end):
            texts = [text.replace("\r\n", "\n").replace("\n", end) for text in texts]
        self._texts = texts
        self._fields = fields

    def merged(self, theirs_at: frozenset[Where] = frozenset(), winner: str = OURS) -> Merged:
        return merge(*self._data, theirs_at=theirs_at, winner=winner)

    def text(self, wanted: dict[str, Any]) -> str:
        """Return a text that holds exactly the wanted data, as close to all three as can be."""
        base, ours, theirs = (text.removeprefix(_BOM) for text in self._texts)
        bom = _BOM if self._texts[1].startswith(_BOM) else ""
        text = ours
        if base.strip():
            # What git would make of it keeps every hand's form, if it says the right thing.
            plain = chunks.by_lines(base, ours, theirs)
            if plain is not None and same(_read(plain), wanted):
                return bom + plain
            text = chunks.by_fields(base, ours, theirs)
        if _read(text) is None:
            text = ours
        return bom + self._edited(text, wanted)

    def marked(self, text: str, merged: Merged, labels: tuple[str, str], size: int) -> str:
        """Return the text with the clashes between markers."""
        if not text.endswith("\n"):
            text = self._edited(f"{text}\n", merged.data)
        places = [clash.where for clash in merged.clashes]
        for groups in ([{place} for place in places], [set(places)]):
            parts = self._hunks(text, groups, labels, size)
            marked = conflicts.written(parts)
            if self._reads_back(marked, merged, frozenset(places)):
                return marked
        raise AssertionError("the text between the markers does not read back as it should")

    def _reads_back(self, marked: str, merged: Merged, places: frozenset[Where]) -> bool:
        parts = conflicts.split(marked)
        if parts is None:
            return False
        other = self.merged(places).data
        return same(_read(conflicts.joined(parts)), merged.data) and same(
            _read(conflicts.joined(parts, theirs=True)), other
        )

    def _edited(self, text: str, wanted: dict[str, Any]) -> str:
        from gitcoord.codec import edit  # most files merge by lines, without positions

        held = parse(text.encode())
        changes = edit.diff_changes(held, wanted)
        if len(text) * len(changes) > _MOST_WORK:
            return _anew(text, held, wanted, self._fields)
        return edit.apply(text.encode(), changes, self._fields).decode()

    def _hunks(
        self, text: str, groups: list[set[Where]], labels: tuple[str, str], size: int
    ) -> list[Part]:
        """Return the text cut into plain stretches and hunks, one for each group of clashes."""
        lines = conflicts.lines(text)
        found: list[tuple[int, int, list[str], set[Where]]] = []
        waiting = list(groups)
        while waiting:
            group = waiting.pop()
            other = conflicts.lines(self._edited(text, self.merged(frozenset(group)).data))
            begin, end = _difference(lines, other)
            new = other[begin : len(other) - (len(lines) - end)]
            near = next((one for one in found if _share(one, begin, end)), None)
            if near is None:
                found.append((begin, end, new, group))
            else:  # they share lines, so they are decided together
                found.remove(near)
                waiting.append(group | near[3])
        parts: list[Part] = []
        at = 0
        for begin, end, new, _ in sorted(found, key=lambda one: one[0]):
            parts.append("".join(lines[at:begin]))
            parts.append(Hunk("".join(lines[begin:end]), "".join(new), labels, size))
            at = end
        return [*parts, "".join(lines[at:])]


def _anew(text: str, held: dict[str, Any], wanted: dict[str, Any], fields: Sequence[str]) -> str:
    """Return a text with each field that changes written anew, where patches would take too long."""
    from gitcoord.codec import edit
    from gitcoord.codec.patching import field_anew

    for name, value in wanted.items():
        if name in held and not same(held[name], value):
            text = field_anew(text, name, value, fields)
    changes = edit.diff_changes(parse(text.encode()), wanted)
    return edit.apply(text.encode(), changes, fields).decode()


def _share(one: tuple[int, int, list[str], set[Where]], begin: int, end: int) -> bool:
    return one[0] == begin or (one[0] < end and begin < one[1])


def _difference(lines: list[str], other: list[str]) -> tuple[int, int]:
    """Return the first and the last line, exclusive, in which a text differs from another."""
    most = min(len(lines), len(other))
    head = 0
    while head < most and lines[head] == other[head]:
        head += 1
    tail = 0
    while tail < most - head and lines[-1 - tail] == other[-1 - tail]:
        tail += 1
    return head, len(lines) - tail


def _read(text: str) -> dict[str, Any] | None:
    try:
        return parse(text.encode())
    except Malformed:
        return None
