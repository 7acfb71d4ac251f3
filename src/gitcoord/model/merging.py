"""Three versions of a record's data, merged field by field.

Single values by field, mappings by key, lists as sets that keep their order, lists of
mappings by what names their items, texts of several lines by line. Where both sides
changed one value differently there is a clash: the result has our side's value there,
and the clash tells both. Values that differ in form only (nothing written and an empty
list, 4 and 4.0) are equal.
"""

from __future__ import annotations

from gitcoord.model import diff3
from gitcoord.model.likeness import ABSENT, equal, is_nothing, label, named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from gitcoord.model.likeness import Named

    Where = tuple[str, ...]

OURS, THEIRS, BASE = "ours", "theirs", "base"


class Clash:
    """One value that both sides changed differently; None on the side that removed it."""

    __slots__ = ("ours", "theirs", "where")

    def __init__(self, where: Where, ours: Any, theirs: Any) -> None:
        self.where = where
        self.ours = None if ours is ABSENT else ours
        self.theirs = None if theirs is ABSENT else theirs

    @property
    def field(self) -> str:
        """The name of the value, with dots: `milestones.M1.status`."""
        return ".".join(self.where)

    def __repr__(self) -> str:
        return f"Clash({self.field} {self.ours!r} {self.theirs!r})"


class Merged:
    """What comes out: the data, and what clashed."""

    __slots__ = ("clashes", "data")

    def __init__(self, data: dict[str, Any], clashes: list[Clash]) -> None:
        self.data = data
        self.clashes = clashes


def merge(
    base: dict[str, Any],
    ours: dict[str, Any],
    theirs: dict[str, Any],
    *,
    theirs_at: Collection[Where] = (),
    winner: str = OURS,
) -> Merged:
    """Return the merged data; a clash goes to `winner`, those at `theirs_at` to their side."""
    merging = _Merging(frozenset(theirs_at), winner)
    return Merged(merging.mapping((), base, ours, theirs), merging.clashes)


class _Merging:
    """One merge under way; collects the clashes."""

    __slots__ = ("_theirs_at", "_winner", "clashes")

    def __init__(self, theirs_at: frozenset[Where], winner: str) -> None:
        self._theirs_at = theirs_at
        self._winner = winner
        self.clashes: list[Clash] = []

    def mapping(
        self, where: Where, base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]
    ) -> dict[str, Any]:
        result = {}
        for key in dict.fromkeys([*ours, *theirs]):
            one, other = ours.get(key, ABSENT), theirs.get(key, ABSENT)
            value = self.value((*where, key), base.get(key, ABSENT), one, other)
            if value is not ABSENT:
                result[key] = value
        return result

    def value(self, where: Where, base: Any, ours: Any, theirs: Any, *, item: bool = False) -> Any:
        if equal(ours, theirs) or equal(base, theirs):
            return ours
        if equal(base, ours):
            return theirs
        pair = (ours, theirs)
        if where[-1] == "updated" and all(isinstance(one, str) for one in pair):
            return max(pair)
        if _all_of(dict, pair, item):
            return self.mapping(where, _or(dict, base), _or(dict, ours), _or(dict, theirs))
        if _all_of(list, pair, item):
            return self.sequence(where, _or(list, base), _or(list, ours), _or(list, theirs))
        if isinstance(ours, str) and isinstance(theirs, str) and "\n" in f"{ours}{theirs}":
            return self.text(where, base, ours, theirs)
        return self.clash(where, base, ours, theirs)

    def sequence(self, where: Where, base: list[Any], ours: list[Any], theirs: list[Any]) -> Any:
        was, mine, other = named(base), named(ours), named(theirs)
        result: Named = {}
        for name, one in mine.items():
            old, new = was.get(name, ABSENT), other.get(name, ABSENT)
            value = self.value((*where, label(name)), old, one, new, item=True)
            if value is not ABSENT:
                result[name] = value
        return self._with_new(where, was, mine, other, result)

    def _with_new(
        self, where: Where, was: Named, mine: Named, other: Named, result: Named
    ) -> list[Any]:
        """Return a list with what only they have, each before what follows it on their side."""
        before: dict[tuple[str, ...] | None, list[Any]] = {}
        follower: tuple[str, ...] | None = None
        for name in reversed(other):
            if name in result:
                follower = name
            elif name not in mine:
                old = was.get(name, ABSENT)
                value = self.value((*where, label(name)), old, ABSENT, other[name], item=True)
                if value is not ABSENT:
                    before.setdefault(follower, []).append(value)
        found = []
        for name, value in result.items():
            found += [*reversed(before.get(name, ())), value]
        return found + before.get(None, [])[::-1]

    def text(self, where: Where, base: Any, ours: str, theirs: str) -> Any:
        old = base.split("\n") if isinstance(base, str) else []
        stretches = diff3.merge(old, ours.split("\n"), theirs.split("\n"))
        mine = "\n".join([line for stretch in stretches for line in stretch.ours])
        other = "\n".join([line for stretch in stretches for line in stretch.theirs])
        if mine == other:
            return mine
        was = [s.ours if s.agreed else s.base for s in stretches]
        return self.clash(where, "\n".join([line for lines in was for line in lines]), mine, other)

    def clash(self, where: Where, base: Any, ours: Any, theirs: Any) -> Any:
        self.clashes.append(Clash(where, ours, theirs))
        if where in self._theirs_at or self._winner == THEIRS:
            return theirs
        return base if self._winner == BASE else ours


def _all_of(kind: type, values: tuple[Any, ...], item: bool) -> bool:
    """Say whether values are of a kind; nothing at all is an empty one, except as an item."""
    return all(isinstance(one, kind) or (not item and is_nothing(one)) for one in values)


def _or(kind: type, value: Any) -> Any:
    return value if isinstance(value, kind) else kind()


def differences(one: Any, other: Any, where: Where = ()) -> list[Clash]:
    """Return where two versions of data differ, as deep as values have names."""
    if equal(one, other):
        return []
    if isinstance(one, dict) and isinstance(other, dict):
        found = []
        for key in dict.fromkeys([*one, *other]):
            found += differences(one.get(key, ABSENT), other.get(key, ABSENT), (*where, key))
        return found
    if isinstance(one, list) and isinstance(other, list) and _are_mappings([*one, *other]):
        mine, theirs = named(one), named(other)
        found = []
        for name in dict.fromkeys([*mine, *theirs]):
            pair = mine.get(name, ABSENT), theirs.get(name, ABSENT)
            found += differences(*pair, (*where, label(name)))
        return found
    return [Clash(where, one, other)]


def place(data: Any, where: Where) -> tuple[str | int, ...]:
    """Return the path, with positions for the items of lists, to a named value in data."""
    path: list[str | int] = []
    for step in where:
        if isinstance(data, list):
            labels = [label(name) for name in named(data)]
            at = labels.index(step) if step in labels else len(data)
            path.append(at)
            data = data[at] if step in labels else None
        else:
            path.append(step)
            data = data.get(step) if isinstance(data, dict) else None
    return tuple(path)


def _are_mappings(items: list[Any]) -> bool:
    return all(isinstance(item, dict) for item in items)
