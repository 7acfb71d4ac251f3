"""From events to the tape: the past lived once more, in order of time.

All that one commit did to the records happens at once, so a record that is closed and
moved by one commit is never seen half-way. What merges decided is put right at the last
of them; after it the history is one line, and can be gone on with when more is added.
"""

from __future__ import annotations

from gitcoord.history.trend.clocks import settled
from gitcoord.history.trend.identity import Lives, by_life
from gitcoord.history.trend.recording import Recorder
from gitcoord.history.trend.world import Seen, World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.history.event import Event
    from gitcoord.history.trend.ending import Ending, Key
    from gitcoord.history.trend.tape import Tape
    from gitcoord.index.versions import Question

_ARCHIVE = "coord/archive/"
_NOTHING, _STATE, _FACTS = range(3)
"""What an event can change: nothing that counts, a state, or facts as well."""


class Past:
    """All that happened: whose events they were, how the records stand, and the tape.

    `start` is the time of the first event, `latest` that of the last event or step; `skewed`
    says that a commit told of the future.
    """

    __slots__ = ("latest", "lives", "skewed", "start", "tape", "world")

    def __init__(self, question: Question | None = None) -> None:
        self.lives = Lives()
        self.world = World(question)
        self.tape = Recorder(self.lives.names)
        self.start: int | None = None
        self.latest = 0
        self.skewed = False

    def live(self, events: Sequence[Event], now: int) -> tuple[list[int | None], list[int]]:
        """Let events happen that come after all before; return their lives and times."""
        self.skewed |= any([event.time > now for event in events])
        of = self.lives.take(events)
        times = self._times(events, of, now)
        order = sorted(range(len(events)), key=times.__getitem__)
        if order:
            first = times[order[0]]
            self.start = first if self.start is None else min(first, self.start)
            self.latest = max(self.latest, times[order[-1]])
        self._play(events, of, times, order)
        return of, times

    def _times(self, events: Sequence[Event], of: list[int | None], now: int) -> list[int]:
        found = [event.time for event in events]
        for life, positions in by_life(of).items():
            own = [found[position] for position in positions]
            last = self.tape.last.get(life)
            if own != sorted(own) or own[-1] > now or (last is not None and own[0] < last):
                for position, time in zip(positions, settled(own, now, last), strict=True):
                    found[position] = time
        return found

    def _play(
        self, events: Sequence[Event], of: list[int | None], times: list[int], order: list[int]
    ) -> None:
        """Let all events happen, those of one commit at once."""
        touched: set[int] = set()
        restated: set[int] = set()
        previous: tuple[int, str] | None = None
        for position in order:
            life = of[position]
            if life is None:
                continue
            event, time = events[position], times[position]
            if previous is not None and previous != (time, event.commit):
                self.tape.note(self.world, touched, restated, previous[0])
                touched, restated = set(), set()
            previous = (time, event.commit)
            weight = _apply(self.world, life, event)
            if weight == _STATE:
                restated.add(life)
            elif weight:
                touched |= self.world.settle(life)
        if previous is not None:
            self.tape.note(self.world, touched, restated, previous[0])

    def mend(self, came: dict[int, int], ending: Ending) -> None:
        """Let records stand as the last merge left them, from the moments on when they came.

        Of several that bear one id the last is the one that is there.
        """
        world, last = self.world, self.tape.last
        bearers: dict[Key, list[int]] = {}
        for life, seen in sorted(world.seen.items()):
            bearers.setdefault((seen.kind, seen.id), []).append(life)
        for key, end in ending.records.items():
            if end is not None and key not in bearers:  # a merge took a renumbering back
                bearers[key] = [life := self.lives.add(key)]
                world.seen[life] = Seen(*key)
            for life in bearers.get(key, []):
                seen = world.at(life)
                holds = end is not None and life == bearers[key][-1]
                seen.there = holds
                self.lives.found(life, there=holds)
                if end is not None and holds:
                    seen.data, seen.archived = world.kept(end[0]), end[1]
                time = came.get(life) or ending.brought(key, last.get(life, 0))
                self.tape.note(world, world.settle(life), set(), time)
        self.latest = max([self.latest, *self.tape.columns[0]])

    def done(self, now: int, hits: set[int] | None = None) -> Tape:
        """Return the tape; `hits` are the versions that a query finds."""
        found = self.tape.done(self.world, self.start, hits)
        found.skewed = self.skewed or self.latest > now
        return found


def past(
    events: Sequence[Event],
    now: int,
    question: Question | None = None,
    ending: Ending | None = None,
) -> Past:
    """Return all that happened by some events.

    `question` is a query asked of the versions of records, `ending` how the records stood
    after the last merge that were changed on several branches.
    """
    found = Past(question)
    if ending is None:
        found.live(events, now)
        return found
    before, after = ending.parted(events)
    of, times = found.live(before, now)
    found.mend(ending.came(before, of, times), ending)
    found.live(after, now)
    found.tape.sort()
    return found


def replay(events: Sequence[Event], now: int) -> Tape:
    """Return the tape of all records' lives, as far as events alone tell."""
    return past(events, now).done(now)


def _apply(world: World, life: int, event: Event) -> int:
    """Let an event change its record; return whether that can matter, and how much."""
    seen = world.record(life)
    if seen is None:
        seen = world.seen[life] = Seen(event.kind, event.id)
        seen.there = True
    field, verb = event.field, event.event
    if verb == "created":
        seen.data = world.kept(event.new if isinstance(event.new, dict) else {})
        seen.id, seen.there, seen.archived = event.id, True, False
    elif verb == "removed":
        seen.there = False
    elif verb == "renumbered":
        seen.id = str(event.new)
    elif verb == "moved":
        seen.archived = isinstance(event.new, str) and event.new.startswith(_ARCHIVE)
    elif field is None or (world.fields is not None and field not in world.fields):
        return _NOTHING
    else:
        _set(seen.data, field, event.new)
        if field == "status" and world.question is None:
            return _STATE
    return _FACTS


def _set(data: dict[str, Any], field: str, value: Any) -> None:
    """Set a field; one below `metadata` by its path, without touching what others share."""
    name, dot, rest = field.partition(".")
    if dot:
        inner = data.get(name)
        inner = dict(inner) if isinstance(inner, dict) else {}
        _set(inner, rest, value)
        data[name] = inner
    elif value is None:
        data.pop(name, None)
    else:
        data[name] = value
