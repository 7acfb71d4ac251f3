"""A tape played over buckets: one row for each bucket, in each group.

The numbers of neighbouring rows add up: open = open before + opened + reopened + entered
- closed - left. A record *enters* when it comes into the selection otherwise than by
being created or reopened (another repository, a label, brought back), and *leaves* when
it goes out of it otherwise than by being closed.
"""

from __future__ import annotations

from bisect import bisect_left

from gitcoord.history.trend.counts import Counts, unknown
from gitcoord.history.trend.facts import ABSENT, ACTIVE, ENDED, OPEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.history.trend.calendar import Bucket
    from gitcoord.history.trend.tape import Tape

    Groups = tuple[int, ...]

_LONG_AGO = -1
"""Stands for the beginning of work that began where the history is cut off."""


def series(
    tape: Tape, buckets: Sequence[Bucket], groups: Sequence[Groups], count: int, now: int
) -> list[list[dict[str, Any]]]:
    """Return the rows of `count` groups; `groups` says for each facts to which they belong."""
    player = _Player(tape, groups, count)
    found: list[list[dict[str, Any]]] = [[] for _ in range(count)]
    start = tape.start
    if start is not None and tape.cut:
        player.play(start + 1)
        player.forget()
    if buckets:
        player.play(buckets[0].start)
    player.turn()
    for bucket in buckets:
        known = start is not None and bucket.end > start and bucket.start <= now
        if tape.cut and start is not None and bucket.start <= start:
            known = False  # what came before in this bucket is not there to be read
        if known:
            player.play(bucket.end)
        for rows, counts in zip(found, player.counts, strict=True):
            partial = bucket.end > now
            rows.append(counts.row(bucket, now) if known else unknown(bucket, partial=partial))
        player.turn()
    return found


class _Player:
    """A place on the tape, how every record stands there, and the counts of the groups."""

    def __init__(self, tape: Tape, groups: Sequence[Groups], count: int) -> None:
        self.tape = tape
        self.groups = groups
        self.counts = [Counts() for _ in range(count)]
        self.position = 0
        lives = len(tape.births)
        self.state = [ABSENT] * lives
        self.inside: list[Groups] = [()] * lives
        self.hours: list[int | None] = [None] * lives
        self.began: dict[int, int] = {}
        self.known = bytearray(lives)

    def turn(self) -> None:
        """Begin a bucket."""
        for counts in self.counts:
            counts.turn()

    def forget(self) -> None:
        """Take it that nobody knows since when the work is in progress that is."""
        self.began = dict.fromkeys(self.began, _LONG_AGO)

    def play(self, end: int) -> None:
        """Take in every step before a moment."""
        tape, position = self.tape, self.position
        stop = self.position = bisect_left(tape.times, end, position)
        groups, hours = self.groups, tape.hours
        state_of, inside, hours_of = self.state, self.inside, self.hours
        counts = self.counts
        for time, life, state, facts in zip(
            tape.times[position:stop], tape.lives[position:stop], tape.states[position:stop],
            tape.which[position:stop], strict=True,
        ):  # fmt: skip
            was, old = state_of[life], inside[life]
            new = groups[facts] if state else ()
            if was == state and old == new and (not new or hours[facts] == hours_of[life]):
                continue
            if state == ACTIVE:
                self.began.setdefault(life, time)
            if old == new and OPEN[was] and OPEN[state] and hours[facts] == hours_of[life]:
                for number in new:
                    counts[number].shift(was, state, hours[facts])
            elif old or new:
                self._move(time, life, (was, old), (state, new), hours[facts])
                inside[life] = new
                hours_of[life] = hours[facts]
            state_of[life] = state
            if state:
                self.known[life] = 1

    def _move(
        self, time: int, life: int, before: tuple[int, Groups], after: tuple[int, Groups],
        hours: int | None,
    ) -> None:  # fmt: skip
        was, old = before
        state, new = after
        birth = self.tape.births[life]
        opens, ends = OPEN[state], ENDED[state]
        closing = ends and OPEN[was]
        for number in old:
            counts = self.counts[number]
            counts.drop(was, birth, self.hours[life])
            if OPEN[was] and not ((opens or ends) and number in new):
                counts.left += 1
        for number in new:
            counts = self.counts[number]
            counts.take(state, birth, hours)
            came = number not in old or not (OPEN[was] or ENDED[was])
            if closing:
                counts.entered += came  # it was closed on its way into the group
                counts.close(time, birth, self.began.get(life, _LONG_AGO))
            elif opens and not self.known[life]:
                counts.opened += 1
            elif opens and ENDED[was]:
                counts.reopened += 1
            elif opens and came:
                counts.entered += 1
