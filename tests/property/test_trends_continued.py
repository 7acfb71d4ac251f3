"""A tape that is written on says what one made anew says, after any change to the history."""

from __future__ import annotations

import copy
import marshal
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.property.test_history import Files, Hub
from tests.property.test_trends_by_the_day import Story, stories

from gitcoord.codec.read import Malformed, parse
from gitcoord.git.repository import Repository, discover
from gitcoord.history import read
from gitcoord.history.trend import facts, memory, view
from gitcoord.history.trend.continuing import kept, lived_on
from gitcoord.history.trend.ending import ending
from gitcoord.history.trend.replay import Past, past
from gitcoord.history.trend.tape import Tape

LATER = 1_800_000_000


def told(tape: Tape) -> Any:
    """Return all that a tape says, whatever numbers its facts have."""
    steps = zip(tape.times, tape.lives, tape.states, tape.which, strict=True)
    return (
        tape.start,
        tape.names,
        list(tape.births),
        [(time, life, state, tape.facts[which]) for time, life, state, which in steps],
        sorted(zip(tape.facts, tape.hours, tape.plain, strict=True), key=repr),
    )


def anew(repo: Repository, commit: str, now: int = LATER) -> Tape:
    """Return the tape of a commit by all of its events."""
    events = read.events(repo, commit, fields=facts.FIELDS | facts.TOLD)
    return past(events, now, None, ending(repo, commit, events)).done(now)


def in_the_end(tape: Tape) -> dict[str, list[int]]:
    """Return by id how the records stand that are there."""
    last = dict(zip(tape.lives, tape.states, strict=True))
    found: dict[str, list[int]] = {}
    for life, state in last.items():
        if state != facts.ABSENT:
            found.setdefault(tape.names[life], []).append(state)
    return found


def broken(files: Files) -> Iterator[str]:
    """Yield the ids of the records that cannot be read."""
    for path, raw in files.items():
        try:
            parse(raw)
        except Malformed:
            yield path.rpartition("/")[2][:-5]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), steps=st.integers(4, 20))
def test_a_tape_written_on_is_the_one_made_anew_and_ends_as_the_last_commit(
    seed: int, steps: int
) -> None:
    chance = Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        hub = Hub(Path(folder), chance)
        repo = discover(folder)
        assert repo is not None
        for _ in range(steps):
            hub.step()
            if chance.random() < 0.3:
                continue
            head = hub.git("rev-parse", "HEAD").strip()
            found = view.tape(repo, head, LATER)
            assert told(found) == told(anew(repo, head))
            again = memory.load(repo, memory.Key(repo, head))
            assert again is not None
            assert told(again) == told(found)
            check_end(hub, head, found)


@settings(max_examples=150, deadline=None)
@given(story=stories(), chance=st.randoms(use_true_random=False))
def test_records_of_all_kinds_go_on_from_what_was_kept(story: Story, chance: Random) -> None:
    ends = [at for at, (one, after) in enumerate(pairwise(story.events), 1)
            if one.commit != after.commit]  # fmt: skip
    tape, rest = kept_of(past([], LATER))
    written = 0
    for end in [*sorted(chance.sample(ends, min(len(ends), 3))), len(story.events)]:
        more = lived_on(tape, rest, story.events[written:end], LATER)
        whole = past(story.events[:end], LATER)
        assert more is None or told(more.done(LATER)) == told(whole.done(LATER))
        tape, rest = kept_of(more or whole)
        written = end


def kept_of(one: Past) -> tuple[Tape, Any]:
    """Return a tape and what is kept with it, as they come from a file."""
    tape, rest = one.done(LATER), kept(one)
    return copy.deepcopy(tape), marshal.loads(marshal.dumps(rest))


def check_end(hub: Hub, head: str, tape: Tape) -> None:
    """Hold what is there in the end against the files of a commit."""
    there = in_the_end(tape)
    unknown = {"coord"} | {id for files in hub.files.values() for id in broken(files)}
    for path, raw in hub.files[head].items():
        name = path.rpartition("/")[2][:-5]
        found = there.pop(name, [])
        if name in unknown:
            continue  # it stands as it last could be read, if ever
        wanted = facts.state_of("issue", parse(raw), "archive/" in path)
        if wanted != facts.SHELVED:
            assert found == [wanted], name
        assert len(found) == 1  # what came into the archive at once is not seen there
    assert not there.keys() - unknown
