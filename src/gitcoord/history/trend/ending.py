"""How the records that came by merges stand in the end: what a replay has to arrive at.

Events are in order of time, but the branches they were made on knew nothing of each other,
and a merge that takes one side's version is no event. So records with events beside the
main line are looked up in the last commit; where the replay stands elsewhere, the merge
that brought the other branch is when it became so.
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
    """The records of a commit that may have been decided by merges; None for one that is gone."""

    __slots__ = ("_line", "_merges", "records")

    def __init__(self, line: set[str], merges: list[int], records: dict[Key, End | None]) -> None:
        self._line = line
        self._merges = sorted(merges)
        self.records = records

    def beside(self, event: Event) -> bool:
        """Whether an event was made on a branch that was merged, or told two records apart."""
        return event.commit not in self._line or event.event == "renumbered"

    def merged(self, time: int) -> int:
        """Return when something made at a time came to the main line, as far as clocks tell."""
        place = bisect_left(self._merges, time)
        return self._merges[place] if place < len(self._merges) else time


def ending(repo: Repository, commit: str, events: Sequence[Event]) -> Ending | None:
    """Return how the records end that merges brought; None when no merge brought any."""
    out = process.call(repo.root, "log", "--first-parent", "--format=%H %ct %P", commit).decode()
    rows = [line.split(" ") for line in out.splitlines()]
    merges = [int(row[1]) for row in rows if len(row) > 3]
    line = {row[0] for row in rows}
    keys = {
        (event.kind, event.id)
        for event in events
        if event.commit not in line or event.event == "renumbered"
    }
    if not merges or not keys:
        return None
    return Ending(line, merges, _records(repo, commit, keys))


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
