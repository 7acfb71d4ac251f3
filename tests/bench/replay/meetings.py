"""The merges of a repository in which both sides had changed the tracker's records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.replay.backlog import BACKLOG
from tests.bench.replay.beads import BEADS
from tests.bench.replay.ditz import DITZ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.replay.objects import Objects
    from tests.bench.replay.tracker import Data, Tracker

    Three = tuple[Data | None, Data | None, Data | None]

TRACKERS = (BEADS, BACKLOG, DITZ)


class Meeting:
    """One merge: by id, what base, ours and theirs have of each record that they do not all share."""

    def __init__(self, name: str, tracker: Tracker, records: dict[str, Three]) -> None:
        self.name = name
        self.tracker = tracker
        self.records = records

    def swapped(self) -> Meeting:
        """Return the merge as the other side would have made it."""
        records = {id: (base, theirs, ours) for id, (base, ours, theirs) in self.records.items()}
        return Meeting(self.name, self.tracker, records)


def meetings(objects: Objects, seen: set[str]) -> Iterator[Meeting]:
    """Yield the merges of two parents; one that `seen` has (in another clone) only once."""
    for line in objects.git("rev-list", "--all", "--merges", "--parents").splitlines():
        commit, *parents = line.split()
        if len(parents) != 2 or commit in seen:
            continue
        seen.add(commit)
        for tracker in TRACKERS:
            ours, theirs = (_files(objects, tracker, parent) for parent in parents)
            if ours and theirs and ours != theirs:
                yield from _met(objects, tracker, commit, parents)


def _met(objects: Objects, tracker: Tracker, commit: str, parents: list[str]) -> Iterator[Meeting]:
    ours, theirs = (_files(objects, tracker, parent) for parent in parents)
    # After criss-cross merges there are several ancestors; each makes three versions that were.
    for base in objects.git("merge-base", "--all", *parents).split():
        before = _files(objects, tracker, base)
        if before in (ours, theirs):
            continue
        sides = [_pieces(objects, tracker, files) for files in _apart(before, ours, theirs)]
        if None in sides:
            continue
        common = set.intersection(*[set(side or ()) for side in sides])
        read = [_records(tracker, side or [], common) for side in sides]
        ids = dict.fromkeys(id for side in read for id in side)
        records = {id: (read[0].get(id), read[1].get(id), read[2].get(id)) for id in ids}
        if records:
            yield Meeting(commit, tracker, records)


def _files(objects: Objects, tracker: Tracker, commit: str) -> dict[str, str]:
    for folder in tracker.folders:
        tree = objects.tree(f"{commit}:{folder}")
        chosen = tracker.chosen(list(tree))
        if chosen:
            return {f"{folder}/{path}": tree[path] for path in chosen}
    return {}


def _apart(*sides: dict[str, str]) -> list[set[str]]:
    """Return the blobs of each side that not all of them have."""
    blobs = [set(side.values()) for side in sides]
    common = set.intersection(*blobs)
    return [side - common for side in blobs]


def _pieces(objects: Objects, tracker: Tracker, blobs: set[str]) -> list[bytes] | None:
    found = []
    for blob in sorted(blobs):
        content = objects.read(blob)
        if content is None:
            return None  # a clone without its largest files
        found += tracker.pieces(content[2])
    return found


def _records(tracker: Tracker, pieces: list[bytes], common: set[bytes]) -> dict[str, Data]:
    found: dict[str, Data] = {}
    for piece in pieces:
        record = tracker.record(piece) if piece not in common else None
        if record is not None:
            found.setdefault(record["id"], record)
    return found
