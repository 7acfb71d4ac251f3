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

    def take(self, events: Sequence[Event]) -> list[int | None]:
        """Return the life of each event, None for one that repeats another.

        Raises `DoubtError` where that rests on more than was kept.
        """
        apart = {event.commit for event in events if event.event == "renumbered"}
        moved: dict[int, int] = {}
        found: list[int | None] = []
        commit = ""
        for at, event in enumerate(events):
            if event.commit != commit and event.commit in apart:
                moved |= self._before(events, at)
            commit = event.commit
            found.append(moved[at] if at in moved else self._life(event))
        return found

    def found(self, life: int, *, there: bool) -> None:
        """Take in that a merge brought a record back, or left it out."""
        if there:
            self._born.setdefault(life, None)
        else:
            self._born.pop(life, None)

    def _life(self, event: Event) -> int | None:
        if event.event == "renumbered":
            return self._renumbered([event])[0]
        key = (event.kind, event.id)
        held = self._held.get(key)
        if event.event == "created":
            return self._created(key, held, event.new)
        if not held:  # a history that is cut off begins with a change
            return self.add(key)
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
        life = self.add(key)
        self._born[life] = data
        return life

    def add(self, key: Key) -> int:
        """Return a new life that holds an id."""
        life = len(self.names)
        self.names.append(key[1])
        self._held.setdefault(key, []).append(life)
        self._born[life] = None
        return life

    def _before(self, events: Sequence[Event], start: int) -> dict[int, int]:
        """Renumber those whose ids the same commit gives to others."""
        places, taken = [], set()
        for at in range(start, len(events)):
            event = events[at]
            if event.commit != events[start].commit:
                break
            if event.event in ("created", "renumbered"):
                taken.add((event.kind, event.id))
                places.append(at)
        places = [at for at in places if events[at].event == "renumbered"]
        places = [at for at in places if (key := _left(events[at])) in taken and self._there(key)]
        lives = self._renumbered([events[at] for at in places])
        return dict(zip(places, lives, strict=True))

    def _there(self, key: Key) -> bool:
        held = self._held.get(key, [])
        return bool(held) and held[-1] in self._born

    def _renumbered(self, events: Sequence[Event]) -> list[int]:
        """Return the lives that are renumbered, all at once: two can change places."""
        found = []
        for event in events:
            held = self._held.get(_left(event))
            found.append(held.pop() if held else self.add((event.kind, str(event.new))))
            if held is not None and not held:
                del self._held[_left(event)]
        for event, life in zip(events, found, strict=True):
            new = self.names[life] = str(event.new)
            others = self._held.setdefault((event.kind, new), [])
            if life not in others:
                others.append(life)
        return found


def _left(event: Event) -> Key:
    return event.kind, str(event.old)


def by_life(of: Sequence[int | None]) -> dict[int, list[int]]:
    """Return the positions of each life's events, in their order."""
    found: dict[int, list[int]] = {}
    for position, life in enumerate(of):
        if life is not None:
            found.setdefault(life, []).append(position)
    return found
