"""Three versions of a sequence of lines, merged: what only one of two sides changed is taken.

Changes that lie beside each other are both taken; changes that overlap, and two
insertions at one place, are handed back as they are on either side.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    _Region = tuple[int, int, int, int]

_MOST_PAIRS = 1_000_000


class Stretch:
    """Neighbouring lines as both sides have them; the same object where they agree."""

    __slots__ = ("base", "ours", "theirs")

    def __init__(self, base: list[str], ours: list[str], theirs: list[str]) -> None:
        self.base = base
        self.ours = ours
        self.theirs = theirs

    @property
    def agreed(self) -> bool:
        """Whether one text serves both sides."""
        return self.ours == self.theirs


def merge(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> list[Stretch]:
    """Return the merged sequence as stretches, those that conflict with both versions."""
    stretches = []
    at, ours_at, theirs_at = 0, 0, 0
    for mine, other in _clusters(_changes(base, ours), _changes(base, theirs)):
        begin = min(region[0] for region in (*mine, *other))
        end = max(region[1] for region in (*mine, *other))
        same = list(base[at:begin])
        stretches.append(Stretch(same, same, same))
        ours_from, ours_to = _mapped(mine, begin, end, ours_at + begin - at)
        theirs_from, theirs_to = _mapped(other, begin, end, theirs_at + begin - at)
        stretches.append(
            _settled(
                list(base[begin:end]),
                list(ours[ours_from:ours_to]),
                list(theirs[theirs_from:theirs_to]),
                (bool(mine), bool(other)),
            )
        )
        at, ours_at, theirs_at = end, ours_to, theirs_to
    same = list(base[at:])
    stretches.append(Stretch(same, same, same))
    return stretches


def _settled(
    base: list[str], ours: list[str], theirs: list[str], changed: tuple[bool, bool]
) -> Stretch:
    if not changed[1]:
        return Stretch(base, ours, ours)
    if not changed[0]:
        return Stretch(base, theirs, theirs)
    return Stretch(base, ours, theirs)


def _changes(base: Sequence[str], side: Sequence[str]) -> list[_Region]:
    """Return where a side differs from the base: begin and end in the base, then in the side."""
    most = min(len(base), len(side))
    head = 0
    while head < most and base[head] == side[head]:
        head += 1
    tail = 0
    while tail < most - head and base[-1 - tail] == side[-1 - tail]:
        tail += 1
    old, new = base[head : len(base) - tail], side[head : len(side) - tail]
    if not old and not new:
        return []
    if not old or not new or len(old) == len(new) == 1 or _pairs(old, new) > _MOST_PAIRS:
        return [(head, len(base) - tail, head, len(side) - tail)]
    from difflib import SequenceMatcher  # most changes are of one stretch, and need it not

    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        (head + b0, head + b1, head + s0, head + s1)
        for op, b0, b1, s0, s1 in matcher.get_opcodes()
        if op != "equal"
    ]


def _pairs(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many pairs of equal lines there are, which is what comparing them costs."""
    counts: dict[str, int] = {}
    for line in old:
        counts[line] = counts.get(line, 0) + 1
    return sum([counts.get(line, 0) for line in new])


def _clusters(
    ours: list[_Region], theirs: list[_Region]
) -> Iterator[tuple[list[_Region], list[_Region]]]:
    """Yield changes in order, those that meet together."""
    mine, other = list(ours), list(theirs)
    while mine or other:
        taken: tuple[list[_Region], list[_Region]] = ([], [])
        first = 0 if mine and (not other or mine[0] <= other[0]) else 1
        queues = (mine, other)
        taken[first].append(queues[first].pop(0))
        grown = True
        while grown:
            grown = False
            for side in (0, 1):
                while queues[side] and _meets(queues[side][0], taken[1 - side]):
                    taken[side].append(queues[side].pop(0))
                    grown = True
        yield taken


def _meets(region: _Region, others: list[_Region]) -> bool:
    """Say whether a change overlaps one of the other side's, or inserts where that one ends."""
    begin, end = region[:2]
    for from_, to, _, _ in others:
        if begin < to and from_ < end:
            return True
        if (begin == end or from_ == to) and begin <= to and from_ <= end:
            return True
    return False


def _mapped(regions: list[_Region], begin: int, end: int, unchanged: int) -> tuple[int, int]:
    """Return where a side has what the base has from `begin` to `end`."""
    if not regions:
        return unchanged, unchanged + end - begin
    first, last = regions[0], regions[-1]
    return first[2] - (first[0] - begin), last[3] + (end - last[1])
