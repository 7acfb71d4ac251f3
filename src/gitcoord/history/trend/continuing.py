"""A tape written on with the commits that were added to its history, as if made anew.

That holds where each of them stands behind all that were there, one after another and not
earlier by its clock, where no record got another id, and where what it did to the records
can be told without the events before. Whatever else there is, the tape is made anew.
"""

from __future__ import annotations

from gitcoord.history import read
from gitcoord.history.trend.facts import FIELDS, TOLD
from gitcoord.history.trend.identity import DoubtError, Lives
from gitcoord.history.trend.recording import Recorder
from gitcoord.history.trend.replay import Past
from gitcoord.history.trend.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.git.repository import Repository
    from gitcoord.history.event import Event
    from gitcoord.history.trend.memory import Left
    from gitcoord.history.trend.tape import Tape


def kept(past: Past) -> tuple[Any, ...]:
    """Return what has to be kept of the past, beside its tape."""
    return past.latest, past.lives.standing(), past.world.packed(len(past.lives.names))


def continued(
    repo: Repository, left: Left, commit: str, now: int
) -> tuple[Tape, tuple[Any, ...]] | None:
    """Return the tape of a commit and what to keep with it, or None where there is a doubt."""
    events = read.added(repo, left.commit, commit, fields=FIELDS | TOLD)
    past = None if events is None else lived_on(left.tape, left.rest, events, now)
    return None if past is None else (past.done(now), kept(past))


def lived_on(tape: Tape, rest: Any, events: Sequence[Event], now: int) -> Past | None:
    """Return what was kept with the events that came after it, or None where there is a doubt."""
    latest, standing, world = rest
    if tape.start is None or latest > now:
        return None
    if any(one.event == "renumbered" or not latest <= one.time <= now for one in events):
        return None
    past = Past()
    past.lives = Lives.kept(tape.names, *standing)
    past.world = World.unpacked(world)
    past.tape = Recorder.going_on(tape)
    past.start, past.latest = tape.start, latest
    try:
        past.live(events, now)
    except DoubtError:
        return None
    return past
