"""How the records that came by merges stand after the last one: where a replay has to arrive.

Events are in order of time, but the branches they were made on knew nothing of each other,
and a merge that takes one side's version is no event. So records with events beside the
main line, and those that a merge made others than they were on it, are looked up in the
last merge; where the replay stands elsewhere, the merge that brought the other branch is
when it became so. Commits after the last merge are one line and need no such care.
"""

from __future__ import annotations

from bisect import bisect_left

from gitcoord.codec.read import MAX_BYTES, Malformed, parse
from gitcoord.git import objects, process
from gitcoord.store import layout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from gitcoord.git.repository import Repository
    from gitcoord.history.event import Event

    Key = tuple[str, str]
    End = tuple[dict[str, Any], bool]
    """The data of a record, and whether it is archived."""


class Ending:
    """The records of the last merge that may have been decided by merges; None for one that is gone."""

    __slots__ = ("_brought", "_line", "_merges", "_tail", "records")

    def __init__(
        self, line: set[str], tail: set[str], merges: list[int], brought: dict[Key, list[int]]
    ) -> None:
        self._line = line
        self._tail = tail
        self._merges = sorted(merges)
        self._brought = brought
        self.records: dict[Key, End | None] = {}

    def parted(self, events: Sequence[Event]) -> tuple[list[Event], list[Event]]:
        """Return the events up to the last merge, and those after it."""
        tail = self._tail
        return (
            [event for event in events if event.commit not in tail],
            [event for event in events if event.commit in tail],
        )

    def came(
        self, events: Sequence[Event], of: Sequence[int | None], times: Sequence[int]
    ) -> dict[int, int]:
        """Return when the lives with events beside the main line came to it."""
        found: dict[int, int] = {}
        for event, life, time in zip(events, of, times, strict=True):
            if life is not None and self.beside(event):
                found[life] = _following(self._merges, time)
        return found

    def beside(self, event: Event) -> bool:
        """Whether an event was made on a branch that was merged, or told two records apart."""
        return event.commit not in self._line or event.event == "renumbered"

    def brought(self, key: Key, time: int) -> int:
        """Return when a merge first made a record another than it had been since a time."""
        return _following(self._brought.get(key, self._merges), time)


def _following(times: list[int], time: int) -> int:
    """Return when something made at a time came to the main line, as far as clocks tell."""
    place = bisect_left(times, time)
    return times[place] if place < len(times) else time


def ending(repo: Repository, commit: str, events: Sequence[Event]) -> Ending | None:
    """Return how the records end that merges brought; None when no merge brought any."""
    out = process.call(repo.root, "log", "--first-parent", "--format=%H %ct %P", commit).decode()
    rows = [line.split(" ") for line in out.splitlines()]
    merges = [int(row[1]) for row in rows if len(row) > 3]
    if not merges:
        return None
    line = [row[0] for row in rows]
    apart = {event.commit for event in events if event.event == "renumbered"}
    last = next(at for at, row in enumerate(rows) if len(row) > 3 or row[0] in apart)
    brought = _brought(repo, line[last])
    found = Ending(set(line), set(line[:last]), merges, brought)
    beside = [event for event in events if found.beside(event)]
    keys = {(event.kind, event.id) for event in beside} | brought.keys()
    keys |= {(one.kind, str(one.old)) for one in beside if one.event == "renumbered"}
    found.records = _records(repo, line[last], keys)
    return found if keys else None


def _brought(repo: Repository, commit: str) -> dict[Key, list[int]]:
    """Return the records that merges made others than they were on the main line, and when."""
    out = process.call(
        repo.root, "log", "--first-parent", "--merges", "-m", "--name-only", "--no-renames", "-z",
        "--format=%x01%ct%x00", commit, "--", layout.ROOT,
    )  # fmt: skip
    found: dict[Key, list[int]] = {}
    time = 0
    for word in out.decode("utf-8", "surrogateescape").split("\0"):
        word = word.lstrip("\n")
        if word.startswith("\x01"):
            time = int(word[1:])
            continue
        place = layout.place(word)
        if place is not None:
            found.setdefault((place.kind.name, place.id), []).append(time)
    return {key: sorted(times) for key, times in found.items()}


def _records(repo: Repository, commit: str, keys: set[Key]) -> dict[Key, End | None]:
    found: dict[Key, End | None] = dict.fromkeys(keys)
    places = []
    for entry in objects.tree(repo, commit, layout.ROOT):
        place = layout.place(entry.path)
        if place is not None and (place.kind.name, place.id) in keys:
            places.append((place, entry.blob))
    contents = objects.contents(repo, [blob for _, blob in places], MAX_BYTES)
    for (place, _), raw in zip(places, contents, strict=True):
        key = (place.kind.name, place.id)
        try:
            found[key] = (parse(raw or b""), place.archived)
        except Malformed:  # nobody can say how it stands
            found.pop(key, None)
    return found
