"""Titles that are nearly the same, among very many.

A change may add ten thousand records: comparing each title with each takes minutes.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from gitcoord.search.terms import SHARED, alike

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FEWEST = 3
_LONG = 24


class Title:
    """The title of a record, and the words in it."""

    __slots__ = ("id", "kind", "path", "stems", "title")

    def __init__(self, id: str, kind: str, path: str, title: str, stems: frozenset[str]) -> None:
        self.id = id
        self.kind = kind
        self.path = path
        self.title = title
        self.stems = stems


def nearest(added: Sequence[Title], listed: Sequence[Title]) -> dict[Title, Title]:
    """Return the title that is most like each of those added, where one is like it.

    Two titles that share enough words share two or three of their rarest ones: only titles
    that do are compared.
    """
    counts = Counter(stem for one in listed for stem in one.stems)
    # Three tell more apart than two, but of long titles there are too many threes.
    few = 3 if max((len(one.stems) for one in listed), default=0) <= _LONG else 2
    places: dict[tuple[str, ...], list[Title]] = {}
    for one in added:
        for group in _rarest(one.stems, counts, few):
            places.setdefault(group, []).append(one)
    best: dict[Title, tuple[float, str, str]] = {}
    found: dict[Title, Title] = {}
    for other in listed:
        groups = _rarest(other.stems, counts, few)
        for one in {one for group in groups for one in places.get(group, ())}:
            if one.id == other.id or one.kind != other.kind:
                continue
            rank = (alike(one.stems, other.stems), other.id, other.title)
            if rank[0] > SHARED and rank > best.get(one, (0.0, "", "")):
                best[one], found[one] = rank, other
    return found


def _rarest(stems: frozenset[str], counts: Mapping[str, int], few: int) -> list[tuple[str, ...]]:
    """Return groups of a few words; a title that is like this one has one of its groups too.

    It lacks no more words than what is not needed to be alike: among so many of the rarest,
    and a few more, there are a few that it has.
    """
    needed = max(_FEWEST, int(len(stems) * SHARED) + 1)
    if len(stems) < needed:
        return []
    words = sorted(stems, key=lambda stem: (counts[stem], stem))
    return list(combinations(words[: len(words) - needed + few], few))
