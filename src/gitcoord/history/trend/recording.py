"""The tape while it is written: a step wherever state or facts of a record become others."""

from __future__ import annotations

from gitcoord.history.trend import facts
from gitcoord.history.trend.tape import made
from gitcoord.index.rows import moment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gitcoord.history.trend.facts import Facts
    from gitcoord.history.trend.tape import Tape
    from gitcoord.history.trend.world import World


class Recorder:
    """Writes the tape; `last` says when the last step of a life was."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.columns: tuple[list[int], list[int], list[int], list[int]] = ([], [], [], [])
        self.last: dict[int, int] = {}
        self._facts: dict[Facts, int] = {}
        self._now: dict[int, tuple[int, int]] = {}
        self._first: dict[int, int] = {}
        self._births: list[int] = []

    @classmethod
    def going_on(cls, tape: Tape) -> Recorder:
        """Return what writes on where a tape ends."""
        found = cls(tape.names)
        times, lives, states, which = (
            list(tape.times), list(tape.lives), list(tape.states), list(tape.which)
        )  # fmt: skip
        found.columns = (times, lives, states, which)
        found.last = dict(zip(lives, times, strict=True))
        found._facts = {one: number for number, one in enumerate(tape.facts)}
        found._now = dict(zip(lives, zip(states, which, strict=True), strict=True))
        found._first = dict(zip(reversed(lives), reversed(times), strict=True))
        found._births = list(tape.births)
        return found

    def note(self, world: World, touched: set[int], restated: set[int], time: int) -> None:
        """Write down how the records stand that a commit touched, or gave just another state.

        A step is never before the last one of its life.
        """
        now, last = self._now, self.last
        for life in sorted(touched | restated):
            seen = world.at(life)
            state = facts.ABSENT
            if not seen.there and life not in now:  # no commit ever showed it
                continue
            if seen.there:
                state = facts.state_of(seen.kind, seen.data, seen.archived)
            if life in touched or life not in now:
                which = self._facts.setdefault(world.facts_of(life, self.names), len(self._facts))
            else:
                which = now[life][1]
            step = (state, which)
            if now.get(life) != step:
                now[life] = step
                when = last[life] = max(time, last.get(life, time))
                self._first.setdefault(life, when)
                for column, value in zip(self.columns, (when, life, *step), strict=True):
                    column.append(value)

    def sort(self) -> None:
        """Bring steps that were written late to their place in time."""
        times = self.columns[0]
        order = sorted(range(len(times)), key=times.__getitem__)
        times, lives, states, which = [[column[at] for at in order] for column in self.columns]
        self.columns = (times, lives, states, which)

    def done(self, world: World, start: int | None, hits: set[int] | None = None) -> Tape:
        """Return the tape; `hits` are the versions that a query finds."""
        births = [*self._births, *[0] * (len(self.names) - len(self._births))]
        for life, seen in world.seen.items():
            time = self._first.get(life)
            if time is not None:
                said = moment(seen.data.get("created"))
                births[life] = time if said is None else min(said, time)
        found = list(self._facts)
        if hits is not None:
            found = [(*one[:-1], int(one[facts.HIT] in hits)) for one in found]
        return made(start, self.names, births, found, self.columns)
