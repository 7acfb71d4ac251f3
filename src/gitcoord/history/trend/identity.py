"""Which events belong to one record, through renumbering, deletion and twins.

A record keeps its life when its id changes. Two branches can create two records under
one id: the later one is a life of its own, and the one that is renumbered. A record that
was deleted and comes back under its id is the same one again.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from gitcoord.history.event import Event

    Key = tuple[str, str]


class Lives:
    """The lives that events tell of; `of` has one for each event, None for one that repeats another."""

    __slots__ = ("_born", "_held", "names", "of")

    def __init__(self, events: Iterable[Event]) -> None:
        self.of: list[int | None] = []
        self.names: list[str] = []
        self._held: dict[Key, list[int]] = {}
        self._born: dict[int, Any] = {}
        for event in events:
            self.of.append(self._life(event))

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


def by_life(of: Sequence[int | None], count: int) -> list[list[int]]:
    """Return the positions of each life's events, in their order."""
    found: list[list[int]] = [[] for _ in range(count)]
    for position, life in enumerate(of):
        if life is not None:
            found[life].append(position)
    return found
