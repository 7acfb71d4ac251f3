"""Which events belong to one record, through renumbering, deletion and twins.

A record keeps its life when its id changes. Two branches can create two records under
one id: the later one is a life of its own, and the one that is renumbered. A record that
was deleted and comes back under its id is the same one again. What is known at the end of
some events can be kept, and gone on from.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from gitcoord.history.event import Event

    Key = tuple[str, str]
    Held = dict[Key, list[int]]

_FORGOTTEN = object()


class DoubtError(Exception):
    """Only the events before could tell which record this is; nobody outside sees it."""


class Lives:
    """The lives that events tell of; `names` are the ids they bear in the end."""

    __slots__ = ("_born", "_held", "names")

    def __init__(self) -> None:
        self.names: list[str] = []
        self._held: Held = {}
        self._born: dict[int, Any] = {}

    @classmethod
    def kept(cls, names: list[str], held: Held, there: Iterable[int]) -> Lives:
        """Return lives as they stood, but for what the records were created with."""
        found = cls()
        found.names = names
        found._held = held
        found._born = dict.fromkeys(there, _FORGOTTEN)
        return found

    def standing(self) -> tuple[Held, list[int]]:
        """Return what `kept` needs: who holds which id, and who is there."""
        return self._held, list(self._born)

    def take(self, events: Iterable[Event]) -> list[int | None]:
        """Return the life of each event, None for one that repeats another.

        Raises `DoubtError` where that rests on more than was kept.
        """
        return [self._life(event) for event in events]

    def found(self, life: int, *, there: bool) -> None:
        """Take in that a merge brought a record back, or left it out."""
        if there:
            self._born.setdefault(life, None)
        else:
            self._born.pop(life, None)

    def _life(self, event: Event) -> int | None:
        key = (event.kind, event.id)
        if event.event == "renumbered":
            return self._renumber(event.kind, str(event.old), str(event.new))
        held = self._held.get(key)
        if event.event == "created":
            return self._created(key, held, event.new)
        if not held:  # a history that is cut off begins with a change
            return self._new(key)
        if event.event == "removed":
            life = held[-1]
            if len(held) > 1:
                held.pop()
            else:
                self._born.pop(life, None)
            return life
        return held[-1]

    def _created(self, key: Key, held: list[int] | None, data: Any) -> int | None:
        if held and held[-1] not in self._born:  # it was removed, and is back
            self._born[held[-1]] = data
            return held[-1]
        if held and self._born[held[-1]] is _FORGOTTEN:
            raise DoubtError
        if held and self._born[held[-1]] == data:  # the same commit picked on two branches
            return None
        life = self._new(key)
        self._born[life] = data
        return life

    def _new(self, key: Key) -> int:
        life = len(self.names)
        self.names.append(key[1])
        self._held.setdefault(key, []).append(life)
        self._born[life] = None
        return life

    def _renumber(self, kind: str, old: str, new: str) -> int:
        held = self._held.get((kind, old))
        life = held.pop() if held else self._new((kind, new))
        if held is not None and not held:
            del self._held[kind, old]
        self.names[life] = new
        others = self._held.setdefault((kind, new), [])
        if life not in others:
            others.append(life)
        return life


def by_life(of: Sequence[int | None]) -> dict[int, list[int]]:
    """Return the positions of each life's events, in their order."""
    found: dict[int, list[int]] = {}
    for position, life in enumerate(of):
        if life is not None:
            found.setdefault(life, []).append(position)
    return found
