"""From events to the tape: the past lived once more, in order of time.

All that one commit did to the records happens at once, so a record that is closed and
moved by one commit is never seen half-way.
"""

from __future__ import annotations

from gitcoord.history.trend import facts
from gitcoord.history.trend.clocks import settled
from gitcoord.history.trend.identity import Lives, by_life
from gitcoord.history.trend.tape import made
from gitcoord.history.trend.world import Seen, World
from gitcoord.index.rows import moment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.history.event import Event
    from gitcoord.history.trend.ending import Ending
    from gitcoord.history.trend.facts import Facts
    from gitcoord.history.trend.tape import Tape
    from gitcoord.index.versions import Question

_ARCHIVE = "coord/archive/"
_NOTHING, _STATE, _FACTS = range(3)
"""What an event can change: nothing that counts, a state, or facts as well."""


def replay(
    events: Sequence[Event],
    now: int,
    question: Question | None = None,
    ending: Ending | None = None,
) -> Tape:
    """Return the tape of all records' lives.

    `question` is a query asked of their versions, `ending` how the records end that
    were changed on several branches.
    """
    lives = Lives(events)
    times = _times(events, lives, now)
    order = sorted(range(len(events)), key=times.__getitem__)
    world = World(question)
    tape = _Recorder(lives.names)
    _play(world, tape, events, lives, times, order)
    if ending is not None:
        _mend(world, tape, events, lives, times, ending)
    hits = None
    if question is not None:
        from gitcoord.index.versions import matching  # most trends have no query

        hits = matching(world.versions, question)
    found = tape.done(world, times[order[0]] if order else None, hits)
    found.skewed = any([event.time > now for event in events])
    return found


def _play(
    world: World, tape: _Recorder, events: Sequence[Event], lives: Lives, times: list[int],
    order: list[int],
) -> None:  # fmt: skip
    """Let all events happen, those of one commit at once."""
    touched: set[int] = set()
    restated: set[int] = set()
    previous: tuple[int, str] | None = None
    for position in order:
        life = lives.of[position]
        if life is None:
            continue
        event, time = events[position], times[position]
        if previous is not None and previous != (time, event.commit):
            tape.note(world, touched, restated, previous[0])
            touched, restated = set(), set()
        previous = (time, event.commit)
        weight = _apply(world, life, event)
        if weight == _STATE:
            restated.add(life)
        elif weight:
            touched |= world.settle(life)
    if previous is not None:
        tape.note(world, touched, restated, previous[0])


def _mend(
    world: World, tape: _Recorder, events: Sequence[Event], lives: Lives, times: list[int],
    ending: Ending,
) -> None:  # fmt: skip
    """Let records that stand elsewhere than they ended become so when they were merged."""
    came: dict[int, int] = {}
    for event, life, time in zip(events, lives.of, times, strict=True):
        if life is not None and ending.beside(event):
            came[life] = ending.merged(time)
    last = dict(zip(tape.columns[1], tape.columns[0], strict=True))
    holder = {(seen.kind, seen.id): life for life, seen in sorted(world.seen.items())}
    for life, time in came.items():
        seen = world.seen[life]
        key = (seen.kind, seen.id)
        if key not in ending.records:
            continue
        end = ending.records[key] if holder[key] == life else None
        seen.there = end is not None
        if end is not None:
            seen.data, seen.archived = world.kept(end[0]), end[1]
        tape.note(world, world.settle(life), set(), max(time, last.get(life, time)))
    tape.sort()


def _times(events: Sequence[Event], lives: Lives, now: int) -> list[int]:
    found = [event.time for event in events]
    for positions in by_life(lives.of, len(lives.names)):
        own = [found[position] for position in positions]
        if own != sorted(own) or own[-1] > now:
            for position, time in zip(positions, settled(own, now), strict=True):
                found[position] = time
    return found


def _apply(world: World, life: int, event: Event) -> int:
    """Let an event change its record; return whether that can matter, and how much."""
    seen = world.seen.get(life)
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


class _Recorder:
    """Writes the tape: a step wherever state or facts of a record became others."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.columns: tuple[list[int], list[int], list[int], list[int]] = ([], [], [], [])
        self.facts: dict[Facts, int] = {}
        self.now: dict[int, tuple[int, int]] = {}
        self.first: dict[int, int] = {}

    def note(self, world: World, touched: set[int], restated: set[int], time: int) -> None:
        """Write down how the records stand that a commit touched, or gave just another state."""
        for life in sorted(touched | restated):
            seen = world.seen[life]
            state = facts.ABSENT
            if not seen.there and life not in self.now:  # no commit ever showed it
                continue
            if seen.there:
                state = facts.state_of(seen.kind, seen.data, seen.archived)
            if life in touched or life not in self.now:
                which = self.facts.setdefault(world.facts_of(life, self.names), len(self.facts))
            else:
                which = self.now[life][1]
            step = (state, which)
            if self.now.get(life) != step:
                self.now[life] = step
                self.first.setdefault(life, time)
                for column, value in zip(self.columns, (time, life, *step), strict=True):
                    column.append(value)

    def sort(self) -> None:
        """Bring steps that were written late to their place in time."""
        times = self.columns[0]
        order = sorted(range(len(times)), key=times.__getitem__)
        times, lives, states, which = [[column[at] for at in order] for column in self.columns]
        self.columns = (times, lives, states, which)

    def done(self, world: World, start: int | None, hits: set[int] | None) -> Tape:
        """Return the tape; `hits` are the versions that a query finds."""
        births = [0] * len(self.names)
        for life, time in self.first.items():
            said = moment(world.seen[life].data.get("created"))
            births[life] = time if said is None else min(said, time)
        found = list(self.facts)
        if hits is not None:
            found = [(*one[:-1], int(one[facts.HIT] in hits)) for one in found]
        return made(start, self.names, births, found, self.columns)
