"""The tape of a commit, by the least it takes: as it was kept, written on, or made anew."""

from __future__ import annotations

import gc
from contextlib import contextmanager

from gitcoord.history.trend import memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitcoord.git.repository import Repository
    from gitcoord.history.trend.replay import Past
    from gitcoord.history.trend.tape import Tape
    from gitcoord.index.versions import Question


def tape(repo: Repository, commit: str, now: int) -> Tape:
    """Return all lives up to a commit, and keep them for the next question."""
    key = memory.Key(repo, commit)
    return memory.load(repo, key) or _brought_up(repo, key, now)


def asked(repo: Repository, commit: str, now: int, question: Question) -> Tape:
    """Return all lives up to a commit, the facts of the versions marked that a query finds."""
    from gitcoord.index.versions import matching  # most trends have no query

    key = memory.Key(repo, commit)
    with _uncollected():
        past = _played(repo, commit, now, question)
        found = past.done(now, matching(past.world.versions, question))
    found.cut = key.cut
    return found


def _brought_up(repo: Repository, key: memory.Key, now: int) -> Tape:
    with _uncollected():
        return _written_on(repo, key, now) or _made_anew(repo, key, now)


def _written_on(repo: Repository, key: memory.Key, now: int) -> Tape | None:
    # Only a history that nobody has asked about since its last commit needs its events.
    from gitcoord.history.trend import continuing

    left = memory.left(repo, key)
    more = None if left is None else continuing.continued(repo, left, key.commit, now)
    return None if more is None else memory.save(repo, key, *more)


def _made_anew(repo: Repository, key: memory.Key, now: int) -> Tape:
    from gitcoord.history.trend import continuing

    past = _played(repo, key.commit, now, None)
    return memory.save(repo, key, past.done(now), continuing.kept(past))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no cycles: plain data has none, and that takes a third of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _played(repo: Repository, commit: str, now: int, question: Question | None) -> Past:
    from gitcoord.history import read
    from gitcoord.history.trend.ending import ending
    from gitcoord.history.trend.facts import FIELDS, TOLD
    from gitcoord.history.trend.replay import past

    more = frozenset() if question is None else question.fields
    fields = None if more is None else FIELDS | TOLD | more
    events = read.events(repo, commit, fields=fields)
    return past(events, now, question, ending(repo, commit, events))
